import { deployAddons, renderKubeconfig } from '@kmd/kube-bootstrap';
import { createKubeClient } from '@kmd/kube-client';
import { connectionOf } from '../connection.js';
import { contextEntry } from '../kubernetes/context.js';
import type { StepRecorder } from '../progress.js';
import { type ClusterRecord, writePrivateFile } from '../state/record.js';
import { addonsOf } from '../addons/built-in.js';
import { locatePage } from '../addons/page.js';
import { awaitAddon, awaitFolderAddons } from '../addons/wait.js';
import { awaitAgents } from './agents.js';
import type { UpContext } from './context.js';
import { writeContext } from './kubeconfig.js';
import { awaitNodes } from './nodes.js';
import type { Topology } from './plan.js';
import { awaitFreshPods } from './pods.js';
import { together } from './together.js';

/** From servers that answer to a cluster that is ready, whichever the runtime: agents, nodes, addons, kubeconfig, side by side. */
export async function awaitReady(
  context: UpContext,
  topology: Topology,
  record: ClusterRecord,
  steps: StepRecorder,
  signal: AbortSignal,
): Promise<void> {
  const { spec, paths } = context;
  const connection = connectionOf(paths, record);
  const kube = createKubeClient(connection);
  try {
    const entry = contextEntry(spec.name, connection);
    writePrivateFile(paths.kubeconfig, renderKubeconfig(entry));
    if (context.resume) {
      await steps.run('pods', 'Wait until the pods begin anew', ({ waitingFor }) =>
        awaitFreshPods(kube, context.begun, { signal, waitingFor }),
      );
    }
    await together(signal, [
      (either) =>
        steps.run('agents', 'Wait for the Mesos agents', async ({ waitingFor, detail }) =>
          detail(await awaitAgents(record.mesosMaster, topology.agents, { signal: either, waitingFor })),
        ),
      (either) =>
        steps.run('nodes', 'Wait for the Kubernetes nodes', async ({ waitingFor, detail }) =>
          detail(
            await awaitNodes(
              kube,
              topology.agents.map(({ hostname }) => hostname),
              { signal: either, waitingFor },
            ),
          ),
        ),
      ...addonsOf(topology, record).map(
        (addon) => (either: AbortSignal) =>
          steps.run(`addon-${addon.name}`, `Deploy addon ${addon.name}`, async ({ waitingFor }) => {
            await deployAddons(kube, [addon], { signal: either });
            await awaitAddon(kube, addon, { signal: either, timeout: topology.addons.timeout, waitingFor });
            if (addon.name === 'ui') record.ui = await locatePage(kube, record.apiServer, either);
          }),
      ),
      ...(context.resume
        ? [(either: AbortSignal) => awaitFolderAddons(kube, topology.addons.timeout, steps, either)]
        : []),
      () => writeContext(context, steps, record, entry),
    ]);
  } finally {
    kube.close();
  }
  signal.throwIfAborted();
}
