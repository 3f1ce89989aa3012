// Pods from create to Running on 10, 100 and 1,000 hollow agents: how many a second, what one takes of each part, and how long one waits alone.
// npm run bench:pods [-- --on shared,processes,apart --agents 10,100,1000 --pods 500 --runs 3]
// `shared` and `processes` are embedded clusters with executors of that kind; in `apart` every part is a process, all over HTTP.
// `--profile DIR` leaves a .cpuprofile there of each process while the first run's pods were made, which makes them dearer.
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { nodes } from '@kmd/kube-client';
import { mebibytes, processorTime, summarise } from './figures.mjs';
import { makeAll, makeOneByOne, PodWatch, removeAll } from './pods/churn.mjs';
import { startEmbedded } from './pods/embedded.mjs';
import { startFleet } from './pods/fleet.mjs';
import { profile, profilerOptions } from './pods/profiler.mjs';

const { values } = parseArgs({
  options: {
    on: { type: 'string', default: 'shared' },
    agents: { type: 'string', default: '10,100,1000' },
    pods: { type: 'string', default: '500' },
    runs: { type: 'string', default: '3' },
    profile: { type: 'string' },
  },
});
const count = Number(values.pods);
const runs = Number(values.runs);
const alone = 100;
/** Milliseconds in which nothing is asked of a cluster, to see what it takes by itself. */
const QUIET = 5_000;
const nodeOptions = values.profile === undefined ? [] : profilerOptions(values.profile);
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function measureParts(parts) {
  const measured = {};
  for (const [name, part] of Object.entries(parts)) measured[name] = await part.measure();
  measured.client = { computed: processorTime(), resident: 0 };
  return measured;
}

const profileParts = (parts, label, work) =>
  profile(
    values.profile,
    Object.values(parts).flatMap(({ pids }) => pids()),
    label,
    work,
  );

/** Milliseconds of processor time between two measurements, by part; for each of so many units. */
const spent = (from, to, units) =>
  Object.fromEntries(Object.keys(to).map((name) => [name, (to[name].computed - from[name].computed) / units]));
const sum = (figures) => Object.values(figures).reduce((total, figure) => total + figure, 0);

const ms = (value) => `${Math.round(value * 100) / 100}`;
const listParts = (figures, print) =>
  Object.entries(figures)
    .map(([name, figure]) => `${name} ${print(figure)}`)
    .join(', ');

async function measure(on, agents) {
  const perAgent = Math.ceil(((count + alone) / agents) * 1.5) + 4;
  const resources = `cpus:${perAgent};mem:${perAgent * 128};disk:25600;ports:[8000-21099]`;
  const begun = performance.now();
  const cluster =
    on === 'apart'
      ? await startFleet({ agents, resources, nodeOptions })
      : await startEmbedded({ agents, resources, executors: on, nodeOptions });
  const ready = performance.now() - begun;
  const { kube, parts } = cluster;
  const watch = new PodWatch(kube);
  try {
    // The first pods start the executors: every agent gets one.
    const empty = await measureParts(parts);
    const hostnames = (await kube.list(nodes)).items.map(({ metadata }) => metadata.name);
    const first = await makeAll(kube, watch, Math.max(agents, count), 'first', hostnames);
    const idle = await measureParts(parts);
    await removeAll(cluster, watch, first.names);
    const made = [];
    for (let run = 0; run < runs; run++) {
      const make = () => makeAll(kube, watch, count, `run-${run}`);
      const before = await measureParts(parts);
      const result =
        values.profile === undefined || run > 0 ? await make() : await profileParts(parts, `${on}-${agents}`, make);
      made.push({ rate: result.rate, cost: spent(before, await measureParts(parts), count) });
      await removeAll(cluster, watch, result.names);
    }
    const single = await makeOneByOne(kube, watch, alone, 'alone');
    await removeAll(cluster, watch, single.names);
    const quiet = await measureParts(parts);
    await delay(QUIET);
    const standing = spent(quiet, await measureParts(parts), QUIET / 1000);
    const cost = made.map((run) => run.cost).sort((a, b) => sum(a) - sum(b))[Math.floor(runs / 2)];
    const memory = Object.fromEntries(
      Object.keys(parts).map((name) => [
        name,
        [idle[name].resident, idle[name].resident - empty[name].resident].map((bytes) => Math.round(mebibytes(bytes))),
      ]),
    );
    console.log(`${agents} agents, ${on}, ${count} pods, ${runs} runs (median, least and most)`);
    console.log(`  start of the cluster                        ${Math.round(ready)} ms`);
    console.log(`  pods a second, the executors' start in it   ${summarise([first.rate], 'pods/s')}`);
    console.log(
      `  pods a second                               ${summarise(
        made.map(({ rate }) => rate),
        'pods/s',
      )}`,
    );
    console.log(`  processor time a pod                        ${ms(sum(cost))} ms: ${listParts(cost, ms)}`);
    console.log(`  processor time a second when idle           ${ms(sum(standing))} ms: ${listParts(standing, ms)}`);
    console.log(
      `  memory with them, and what they added       ${listParts(memory, ([all, added]) => `${all} +${added} MiB`)}`,
    );
    console.log(
      `  one at a time: median, 99th percentile      ${ms(quantile(single.latencies, 0.5))} ms, ${ms(quantile(single.latencies, 0.99))} ms`,
    );
  } finally {
    await watch.close();
    await cluster.close();
  }
}

for (const on of values.on.split(',')) for (const agents of values.agents.split(',')) await measure(on, Number(agents));
