// Pods from create to Running on 10, 100 and 1,000 hollow agents: how many a second, what one takes of each part, and how long one waits alone.
// npm run bench:pods [-- --agents 10,100,1000 --pods 500 --runs 3]
import { parseArgs } from 'node:util';
import { mebibytes, processorTime, summarise } from '../figures.mjs';
import { makeAll, makeOneByOne, PodWatch, removeAll } from './churn.mjs';
import { startFleet } from './fleet.mjs';

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '10,100,1000' },
    pods: { type: 'string', default: '500' },
    runs: { type: 'string', default: '3' },
    profile: { type: 'string' },
  },
});
const count = Number(values.pods);
const runs = Number(values.runs);
const alone = 100;
const nodeOptions = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function measureParts(parts) {
  const measured = {};
  for (const [name, part] of Object.entries(parts)) measured[name] = await part.measure();
  measured.client = { computed: processorTime(), resident: 0 };
  return measured;
}

for (const agents of values.agents.split(',').map(Number)) {
  const perAgent = Math.ceil(((count + alone) / agents) * 1.5) + 4;
  const resources = `cpus:${perAgent};mem:${perAgent * 128};disk:25600;ports:[8000-21099]`;
  const fleet = await startFleet({ agents, resources, nodeOptions });
  const watch = new PodWatch(fleet.kube);
  try {
    // The first pods start the executors: their start is no part of what follows.
    const first = await makeAll(fleet.kube, watch, Math.max(agents, count), 'first');
    await removeAll(fleet.kube, watch, first.names);
    const before = await measureParts(fleet.parts);
    const made = [];
    for (let run = 0; run < runs; run++) {
      const result = await makeAll(fleet.kube, watch, count, `run-${run}`);
      made.push(result);
      if (run === 0) {
        const after = await measureParts(fleet.parts);
        made.cost = Object.fromEntries(
          Object.entries(after).map(([name, { computed }]) => [name, (computed - before[name].computed) / count]),
        );
        made.resident = after;
      }
      await removeAll(fleet.kube, watch, result.names);
    }
    const single = await makeOneByOne(fleet.kube, watch, alone, 'alone');
    const ms = (value) => `${Math.round(value * 100) / 100}`;
    const total = Object.values(made.cost).reduce((sum, cost) => sum + cost, 0);
    console.log(`${agents} agents, ${count} pods, ${runs} runs (median, least and most)`);
    console.log(`  with the start of the executors            ${summarise([first.rate], 'pods/s')}`);
    console.log(
      `  pods a second                              ${summarise(
        made.map(({ rate }) => rate),
        'pods/s',
      )}`,
    );
    console.log(
      `  processor time a pod, ms                   ${ms(total)}: ${Object.entries(made.cost)
        .map(([name, cost]) => `${name} ${ms(cost)}`)
        .join(', ')}`,
    );
    console.log(
      `  memory, MiB                                ${Object.entries(made.resident)
        .filter(([, { resident }]) => resident > 0)
        .map(([name, { resident }]) => `${name} ${Math.round(mebibytes(resident))}`)
        .join(', ')}`,
    );
    console.log(
      `  one at a time: median, 99th percentile     ${ms(quantile(single.latencies, 0.5))} ms, ${ms(quantile(single.latencies, 0.99))} ms`,
    );
  } finally {
    await watch.close();
    await fleet.close();
  }
}
