// What 1,000 pods take of each process of the framework, all parts processes of their own:
// npm run bench:memory [-- --agents 100 --pods 1000,2000,3000]
import { parseArgs } from 'node:util';
import { nodes } from '@kmd/kube-client';
import { mebibytes } from './figures.mjs';
import { makeAll, PodWatch, removeAll } from './pods/churn.mjs';
import { startFleet } from './pods/fleet.mjs';

const { values } = parseArgs({
  options: { agents: { type: 'string', default: '100' }, pods: { type: 'string', default: '1000,2000,3000' } },
});
const agents = Number(values.agents);
const steps = values.pods.split(',').map(Number);
const perAgent = Math.ceil(steps.at(-1) / agents) + 4;

const cluster = await startFleet({
  agents,
  resources: `cpus:${perAgent};mem:${perAgent * 128};disk:25600;ports:[8000-21099]`,
  // What is live is told from garbage.
  nodeOptions: ['--expose-gc'],
});
const watch = new PodWatch(cluster.kube);
/** What is measured, by the name of the part. */
const rows = new Map(Object.keys(cluster.parts).map((name) => [name, []]));

async function measure() {
  for (const [name, part] of Object.entries(cluster.parts)) {
    const { resident, live } = await part.measure();
    rows.get(name).push({ resident: mebibytes(resident), live: mebibytes(live) });
  }
}

try {
  // The first pods start the executors.
  const hostnames = (await cluster.kube.list(nodes)).items.map(({ metadata }) => metadata.name);
  const { names } = await makeAll(cluster.kube, watch, agents, 'first', hostnames);
  await removeAll(cluster, watch, names);
  await measure();
  let made = 0;
  for (const pods of steps) {
    await makeAll(cluster.kube, watch, pods - made, `to-${pods}`);
    made = pods;
    await measure();
  }
  const list = (row, key) => row.map((point) => Math.round(point[key])).join(', ');
  const per = (row, key) => ((row.at(-1)[key] - row[0][key]) / (steps.at(-1) / 1000)).toFixed(1);
  console.log(`${agents} agents, MiB at ${[0, ...steps].join(', ')} pods, and what 1,000 add`);
  for (const [name, row] of rows)
    for (const [key, what] of [
      ['resident', 'resident'],
      ['live', 'live after collection'],
    ])
      console.log(`  ${name.padEnd(11)} ${what.padEnd(22)} ${list(row, key).padEnd(24)} +${per(row, key)}`);
} finally {
  await watch.close();
  await cluster.close();
}
