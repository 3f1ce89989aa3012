import { readdirSync, readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster } from '@kmd/cluster';

/** Clock ticks a second, and bytes a page, of every Linux that Node runs on. */
const TICKS = 100;
const PAGE = 4096;

/** What `kmd up --runtime embedded` brings up, without its web UI: that is a pod which follows all others, a load of its own. */
export async function startEmbedded({ agents, resources, executors, nodeOptions }) {
  const home = mkdtempSync(join(tmpdir(), 'kmd-bench-'));
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
      NODE_OPTIONS: nodeOptions.join(' '),
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
        measure: async () => {
          if (executors === 'shared') refuseChildren(pid);
          return measure([pid]);
        },
      },
      ...(executors === 'processes' ? { executors: { measure: async () => measure(childrenOf(pid)) } } : {}),
    },
    async close() {
      kube.close();
      await cluster.down();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** `{ computed, resident }` of processes together: milliseconds of processor time, bytes of memory. */
function measure(pids) {
  let computed = 0;
  let resident = 0;
  for (const pid of pids) {
    const fields = readStat(pid);
    computed += ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
    resident += Number(fields[21]) * PAGE;
  }
  return { computed, resident };
}

/** A cluster built before there were shared executors takes no notice of the wish for them, and what is measured is something else. */
function refuseChildren(pid) {
  const count = childrenOf(pid).length;
  if (count > 0)
    throw new Error(`${count} executors are processes that were to be shared: build again (npm run build)`);
}

const childrenOf = (parent) =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readStat(name)[1] === String(parent));

/** The fields of `/proc/PID/stat` behind the name, which may hold anything; none when the process has ended. */
function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
