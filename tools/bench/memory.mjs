// What 1,000 pods take of each process of the framework, all parts processes of their own: npm run bench:memory [-- --agents 100 --pods 1000,2000,3000]
import { parseArgs } from 'node:util';
import { mebibytes } from './figures.mjs';
import { makeAll, PodWatch } from './pods/churn.mjs';
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

async function measure(pods) {
  for (const [name, part] of Object.entries(cluster.parts)) {
    const { resident, live } = await part.measure();
    rows.get(name).push({ pods, resident: mebibytes(resident), live: mebibytes(live) });
  }
}

/** What one more unit of x adds to y, by least squares. */
function slope(points) {
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const x = mean(points.map(([at]) => at));
  const y = mean(points.map(([, value]) => value));
  const over = points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0);
  return over / points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
}

try {
  await measure(0);
  let made = 0;
  for (const pods of steps) {
    await makeAll(cluster.kube, watch, pods - made, `to-${pods}`);
    made = pods;
    await measure(pods);
  }
  const list = (row, key) => row.map((point) => Math.round(point[key])).join(', ');
  const per = (row, key) =>
    slope(row.filter(({ pods }) => pods > 0).map((point) => [point.pods / 1000, point[key]])).toFixed(1);
  console.log(
    `${agents} agents, MiB at ${[0, ...steps].join(', ')} pods, and what 1,000 more add after the first ${steps[0]}`,
  );
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
