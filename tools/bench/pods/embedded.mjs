import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster } from '@kmd/cluster';
import { descendantsOf, measure } from '../processes.mjs';

/** What `kmd up --runtime embedded` brings up, without its web UI: that is a pod which follows all others, a load of its own. */
export async function startEmbedded({ agents, resources, executors, nodeOptions }) {
  const home = mkdtempSync(join(tmpdir(), 'kmd-bench-'));
  // The background process inherits it.
  process.env.NODE_OPTIONS = nodeOptions.join(' ');
  const cluster = await createCluster({
    name: 'bench',
    runtime: 'embedded',
    agents,
    executors,
    kubeconfig: false,
    apiPort: 0,
    mesosPort: 0,
    background: false,
    environment: {
      ...process.env,
      KMD_HOME: home,
      ENABLE_CLUSTER_UI: 'false',
      MESOS_RESOURCES: resources,
    },
  });
  const kube = cluster.connect();
  const { pid } = cluster.record.process;
  return {
    kube,
    mesosMaster: cluster.record.mesosMaster,
    parts: {
      cluster: {
        pids: () => [pid],
        measure: async () => {
          if (executors === 'shared') refuseChildren(pid);
          return measure([pid]);
        },
      },
      ...(executors === 'processes'
        ? { executors: { pids: () => descendantsOf(pid), measure: async () => measure(descendantsOf(pid)) } }
        : {}),
    },
    async close() {
      kube.close();
      await cluster.down();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A cluster built before there were shared executors takes no notice of the wish for them, and what is measured is something else. */
function refuseChildren(pid) {
  const count = descendantsOf(pid).length;
  if (count > 0)
    throw new Error(`${count} executors are processes that were to be shared: build again (npm run build)`);
}
