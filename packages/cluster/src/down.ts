import { rmSync } from 'node:fs';
import { removeKubeconfig } from '@kmd/kube-bootstrap';
import { askShutdown } from './control/client.js';
import { endLeftovers } from '@kmd/mesos-embedded';
import { ClusterError } from './errors.js';
import { StepRecorder, type ProgressListener } from './progress.js';
import { acquireLock } from './state/lock.js';
import type { ClusterPaths } from './state/paths.js';
import { type ProcessIdentity, isAlive } from './state/process.js';
import { type ClusterRecord, isRunning, readRecord } from './state/record.js';

export interface DownResult {
  /** `none`: there was no such cluster, and nothing was changed. */
  result: 'stopped' | 'none';
}

/** Stops everything of a cluster and takes its context out of the kubeconfig. Keys and logs stay. */
export async function takeDown(
  paths: ClusterPaths,
  name: string,
  options: { environment: Readonly<Record<string, string | undefined>>; onProgress?: ProgressListener | undefined },
): Promise<DownResult> {
  if (!readRecord(paths)) return { result: 'none' };
  const unlock = acquireLock(paths.lock, name);
  try {
    const record = readRecord(paths);
    if (!record) return { result: 'none' };
    const steps = new StepRecorder(options.onProgress);
    await steps.run('stop', 'Stop the cluster', async ({ waitingFor, detail }) => {
      if (isRunning(record)) {
        waitingFor('the services to stop');
        await stopProcess(record);
      } else detail('its background process had already ended');
      const ended = endLeftovers(paths.mesos).length;
      if (ended > 0) detail(`ended ${ended} process${ended === 1 ? '' : 'es'} that were left over`);
    });
    const { kubeconfig } = record;
    if (kubeconfig) {
      await steps.run('kubeconfig', `Remove context ${kubeconfig.context} from the kubeconfig`, () =>
        forgetContext(kubeconfig, options.environment),
      );
    }
    rmSync(paths.mesos, { recursive: true, force: true });
    rmSync(paths.kubeconfig, { force: true });
    rmSync(paths.state, { force: true });
    return { result: 'stopped' };
  } finally {
    unlock();
  }
}

export async function forgetContext(
  kubeconfig: NonNullable<ClusterRecord['kubeconfig']>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await removeKubeconfig({
    env: environment,
    path: kubeconfig.paths,
    context: kubeconfig.context,
    ...(kubeconfig.previousContext === undefined ? {} : { previousContext: kubeconfig.previousContext }),
  });
}

/** Asks, then insists: the control door, SIGTERM, SIGKILL. */
async function stopProcess(record: ClusterRecord): Promise<void> {
  const heard = await askShutdown(record);
  if (heard && (await ends(record.process, 15_000))) return;
  signal(record.process, 'SIGTERM');
  if (await ends(record.process, 5_000)) return;
  signal(record.process, 'SIGKILL');
  if (await ends(record.process, 5_000)) return;
  throw new ClusterError(
    'Timeout',
    `process ${record.process.pid} of cluster "${record.name}" does not end, even by SIGKILL: end it yourself, then run kmd down again`,
  );
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch {
    // It ended in between.
  }
}

async function ends(identity: ProcessIdentity, within: number): Promise<boolean> {
  const deadline = Date.now() + within;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}
