// Time from the command to a cluster of 100 nodes and 3,000 running pods, what it takes of memory and processors: `kmd up` beside kwokctl's binary runtime.
// npm run bench:kwok [-- --runs 3 --nodes 100 --pods 3000 --deployments 10 --only kmd --limits], after npm run build. `--limits` adds kwokctl as it comes.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readKubeContext } from '@kmd/kube-bootstrap';
import { createKubeClient, deployments } from '@kmd/kube-client';
import { mebibytes, summarise } from '../figures.mjs';
import { PodWatch } from '../pods/churn.mjs';
import { untilReady } from '../pods/nodes.mjs';
import { commandTime, measure as measureProcesses, untilOneEnds } from '../processes.mjs';
import { kmd } from './kmd.mjs';
import { limited, unlimited } from './kwokctl.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    nodes: { type: 'string', default: '100' },
    pods: { type: 'string', default: '3000' },
    deployments: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    limits: { type: 'boolean', default: false },
  },
});
const [runs, nodes, pods, groups] = [values.runs, values.nodes, values.pods, values.deployments].map(Number);
const namespace = 'default';

/** What is measured of a cluster, in this order; less is better of each. */
const figures = [
  { key: 'start', title: 'the command that starts the cluster', unit: 's' },
  { key: 'nodes', title: `until ${nodes} nodes are Ready`, unit: 's' },
  { key: 'pods', title: `until ${pods} pods of ${groups} Deployments run`, unit: 's' },
  { key: 'total', title: 'all of it', unit: 's' },
  { key: 'computed', title: 'processor time, with the commands', unit: 's' },
  { key: 'standing', title: 'memory with no pods', unit: 'MiB' },
  { key: 'resident', title: 'memory when all run', unit: 'MiB' },
  { key: 'peak', title: 'at the most, the peaks of all processes added up', unit: 'MiB' },
];

function deployment(index) {
  const labels = { app: `web-${index}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `web-${index}`, namespace },
    spec: {
      replicas: Math.floor((pods * (index + 1)) / groups) - Math.floor((pods * index) / groups),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'registry.example.com/web:1' }] } },
    },
  };
}

/** Ends what is running; set while something is. */
let close = async () => undefined;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close().finally(() => process.exit(1)));

async function measure({ start }) {
  // Where both keep their data: in memory, so that no disk is measured.
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kmd-bench-'));
  const kubeconfig = join(home, 'kubeconfig');
  let cluster;
  let kube;
  let watch;
  close = async () => {
    close = async () => undefined;
    await watch?.close();
    kube?.close();
    await cluster?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  };
  const found = { total: 0 };
  const time = async (key, work) => {
    const begun = performance.now();
    await work();
    found[key] = (performance.now() - begun) / 1000;
    found.total += found[key];
  };
  const commandsBefore = commandTime();
  try {
    await time('start', async () => {
      cluster = await start({ home, kubeconfig, nodes });
    });
    kube = createKubeClient((await readKubeContext({ env: {}, path: kubeconfig })).client);
    await time('nodes', async () => {
      await cluster.addNodes();
      await untilReady(kube, nodes);
    });
    const commands = commandTime() - commandsBefore;
    const pids = await cluster.pids();
    found.standing = mebibytes(measureProcesses(pids).resident);
    watch = new PodWatch(kube);
    await time('pods', async () => {
      const all = watch.until(() => watch.running.size === pods, `the last of ${pods} pods`);
      for (let index = 0; index < groups; index++) await kube.create(deployments, deployment(index), { namespace });
      const stop = new AbortController();
      await Promise.race([all, untilOneEnds(pids, stop.signal)]).finally(() => stop.abort());
    });
    const { computed, resident, peak } = measureProcesses(pids);
    found.computed = (computed + commands) / 1000;
    found.resident = mebibytes(resident);
    found.peak = mebibytes(peak);
  } finally {
    await close();
  }
  return found;
}

/** Makes ready what is to be measured; says why not in one line where it cannot be had. */
async function prepare(chosen) {
  try {
    for (const one of chosen) await one.prepare();
    return true;
  } catch (error) {
    console.log(`skipped: no kwokctl to compare with: ${error.message.trimEnd().split('\n').at(-1)}`);
    return false;
  }
}

function report(results) {
  console.log(`${nodes} nodes, ${pods} pods, ${runs} runs (median, least and most), load ${loadavg()[0].toFixed(1)}`);
  for (const { key, title, unit } of figures) {
    console.log(title);
    const medians = [...results].map(([name, all]) => {
      const list = all.map((found) => found[key]);
      console.log(`  ${name.padEnd(38)} ${summarise(list, unit)}`);
      return list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
    });
    const [ours, theirs] = medians;
    if (ours && theirs) console.log(`  ${'theirs over ours'.padEnd(38)} ${(theirs / ours).toFixed(1)}`);
  }
}

const all = [kmd, unlimited, ...(values.limits ? [limited] : [])];
const chosen = all.filter(({ name }) => name.includes(values.only));
if (await prepare(chosen)) {
  const results = new Map(chosen.map(({ name }) => [name, []]));
  for (let run = 1; run <= runs; run++) {
    for (const one of chosen) {
      try {
        const found = await measure(one);
        results.get(one.name).push(found);
        console.log(`run ${run} of ${runs}: ${one.name}, ${found.total.toFixed(1)} s`);
      } catch (error) {
        console.log(`run ${run} of ${runs}: ${one.name} came to nothing: ${error.message}`);
      }
    }
  }
  report(results);
}
