// What the embedded Mesos costs: `node tools/bench/mesos-embedded.mjs`. Prints one line a figure; ratios compare within this run.
// Times are those of the processor, but for the round trip, which is time that passes.
//  - accept round trip: from an OFFERS event to TASK_RUNNING, over HTTP, commands as real processes
//  - offer cycle: every agent offered once, 1,000 and 10,000 agents; the cost per agent must not grow
//  - reconciliation: 50,000 tasks answered, by the master alone and over HTTP to the client's reconciler
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { processorTime } from './figures.mjs';

const sources = fileURLToPath(new URL('../../packages', import.meta.url));
const entry = `
export { startMesos } from '${sources}/mesos-embedded/src/index.ts';
export { Master } from '${sources}/mesos-embedded/src/master/master.ts';
export { defaultMasterFlags } from '${sources}/mesos-embedded/src/master/flags.ts';
export { subscribe } from '${sources}/mesos-embedded/src/master/subscriptions.ts';
export { accept } from '${sources}/mesos-embedded/src/master/accept.ts';
export { reconcile } from '${sources}/mesos-embedded/src/master/reconciliation.ts';
export { systemClock } from '${sources}/mesos-embedded/src/clock.ts';
export { silent } from '${sources}/mesos-embedded/src/logger.ts';
export { createSchedulerClient, Reconciler } from '${sources}/mesos-client/src/index.ts';
`;
const { outputFiles } = await build({
  stdin: { contents: entry, resolveDir: sources, loader: 'ts' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  tsconfig: fileURLToPath(new URL('../../tsconfig.base.json', import.meta.url)),
  write: false,
});
// The master's timers do not keep a process alive.
const alive = setInterval(() => undefined, 1000);
const folder = await mkdtemp(join(tmpdir(), 'bench-mesos-'));
try {
  const file = join(folder, 'bench.mjs');
  await writeFile(file, outputFiles[0].contents);
  const mesos = await import(pathToFileURL(file).href);
  await acceptRoundTrip(mesos, join(folder, 'work'));
  const small = await offerCycle(mesos, 1000);
  const large = await offerCycle(mesos, 10_000);
  print('offer cycle, 1,000 agents', `${small.toFixed(1)} us per agent`);
  print('offer cycle, 10,000 agents', `${large.toFixed(1)} us per agent`);
  print('cost per agent, 10,000 over 1,000', `${(large / small).toFixed(2)} (1 or less: does not grow)`);
  await reconcileMany(mesos, 50_000);
  await reconcileOverHttp(mesos, 50_000, join(folder, 'reconcile'));
} finally {
  clearInterval(alive);
  await rm(folder, { recursive: true, force: true });
}

function print(what, figure) {
  console.log(`${what.padEnd(36)} ${figure}`);
}

/** Launches one command after the other and takes the time from the offer to its second status. */
async function acceptRoundTrip({ startMesos, createSchedulerClient }, workDir) {
  const rounds = 100;
  const cluster = await startMesos({ agents: [{ resources: 'cpus:4;mem:1024' }], workDir });
  const times = [];
  const stop = new AbortController();
  try {
    const client = createSchedulerClient({
      master: cluster.master.url,
      framework: { user: 'root', name: 'bench', roles: ['bench'], capabilities: [{ type: 'MULTI_ROLE' }] },
    });
    let sent = 0;
    let current;
    for await (const event of client.subscribe({ signal: stop.signal })) {
      if (event.type === 'OFFERS' && current === undefined) {
        const offer = event.offers.offers[0];
        current = `t${String((sent += 1))}`;
        times.push(-performance.now());
        const task = {
          name: current,
          task_id: { value: current },
          agent_id: offer.agent_id,
          resources: [
            { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
            { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
          ],
          command: { value: 'true' },
        };
        await client.call({
          type: 'ACCEPT',
          accept: {
            offer_ids: [offer.id],
            operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }],
            filters: { refuse_seconds: 0 },
          },
        });
      } else if (event.type === 'UPDATE' && event.update.status.task_id.value === current) {
        if (event.update.status.state !== 'TASK_RUNNING') continue;
        times[times.length - 1] += performance.now();
        current = undefined;
        if (sent === rounds) break;
        await client.call({ type: 'REVIVE' });
      }
    }
  } finally {
    stop.abort();
    await cluster.close();
  }
  times.sort((a, b) => a - b);
  print('accept round trip, median', `${times[rounds / 2].toFixed(2)} ms`);
  print('accept round trip, 95th of 100', `${times[Math.floor(rounds * 0.95)].toFixed(2)} ms`);
}

function startMaster({ Master, defaultMasterFlags, systemClock, silent }, count) {
  const master = new Master({ flags: defaultMasterFlags, clock: systemClock, logger: silent });
  const resources = [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 8 } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 16_384 } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] } },
  ];
  for (let index = 0; index < count; index += 1) {
    master.register(
      {
        info: { hostname: `agent${String(index)}`, port: 5051, resources },
        address: { ip: '10.0.0.1', port: index },
        version: '1.11.0',
        tasks: [],
        executors: [],
        frameworks: [],
      },
      { send: () => undefined, close: () => undefined },
    );
  }
  return master;
}

/** A stream that counts: what it is given is written as JSON, as a connection would be. */
function countingStream(onEvent) {
  return {
    open: true,
    send(event) {
      JSON.stringify(event);
      onEvent(event);
    },
    end: () => undefined,
    destroy: () => undefined,
    onClose: () => undefined,
  };
}

function subscribeTo({ subscribe }, master, onEvent) {
  const info = { user: 'root', name: 'bench', roles: ['bench'], capabilities: [{ type: 'MULTI_ROLE' }] };
  subscribe(master, { info, suppressed: [], stream: countingStream(onEvent), streamId: 'stream' });
  return [...master.frameworks.values()][0];
}

/** Microseconds of processor time per agent of a full cycle: every agent offered, the best of five. */
async function offerCycle(mesos, count) {
  const master = startMaster(mesos, count);
  let best = Number.POSITIVE_INFINITY;
  let offers = [];
  let done = () => undefined;
  const framework = subscribeTo(mesos, master, (event) => {
    if (event.type !== 'OFFERS') return;
    offers.push(...event.offers.offers);
    if (offers.length >= count) done();
  });
  for (let round = 0; round < 5; round += 1) {
    if (offers.length < count) await new Promise((resolve) => (done = resolve));
    for (const record of [...framework.offers]) master.offers.discard(record);
    offers = [];
    const start = processorTime();
    master.allocator.allocateAll();
    await new Promise((resolve) => (done = resolve));
    best = Math.min(best, ((processorTime() - start) * 1000) / count);
  }
  master.close();
  return best;
}

async function reconcileMany(mesos, count) {
  const agents = 500;
  const master = startMaster(mesos, agents);
  let updates = 0;
  let offered = () => undefined;
  const offers = [];
  const framework = subscribeTo(mesos, master, (event) => {
    if (event.type === 'UPDATE') updates += 1;
    if (event.type !== 'OFFERS') return;
    offers.push(...event.offers.offers);
    if (offers.length >= agents) offered();
  });
  if (offers.length < agents) await new Promise((resolve) => (offered = resolve));
  let next = 0;
  for (const offer of offers) {
    const tasks = Array.from({ length: count / agents }, () => {
      const id = `task-${String((next += 1))}`;
      return {
        name: id,
        task_id: { value: id },
        agent_id: offer.agent_id,
        resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 0.01 } }],
        command: { value: 'true' },
      };
    });
    mesos.accept(master, framework, {
      offer_ids: [offer.id],
      operations: [{ type: 'LAUNCH', launch: { task_infos: tasks } }],
    });
  }
  const start = processorTime();
  mesos.reconcile(master, framework, []);
  const took = processorTime() - start;
  master.close();
  if (updates !== count) throw new Error(`${String(updates)} of ${String(count)} tasks were answered`);
  print(`${count.toLocaleString('en')} tasks, by the master`, `${took.toFixed(0)} ms`);
}

/** From the call to the last answer at the client: the master knows none of these tasks, and says so of each. */
async function reconcileOverHttp({ startMesos, createSchedulerClient, Reconciler }, count, workDir) {
  const cluster = await startMesos({ agents: [], workDir });
  const stop = new AbortController();
  try {
    const client = createSchedulerClient({ master: cluster.master.url, framework: { user: 'root', name: 'bench' } });
    const tasks = Array.from({ length: count }, (_, index) => ({ task_id: { value: `task-${String(index)}` } }));
    const reconciler = new Reconciler({ call: (call) => client.call(call), tasks: () => tasks });
    client.use({ types: ['UPDATE'], event: reconciler.middleware.event });
    for await (const event of client.subscribe({ signal: stop.signal })) {
      if (event.type !== 'SUBSCRIBED') continue;
      const start = processorTime();
      // Its answers come as events: the loop must go on.
      void reconciler.run().then(({ tasks: answered }) => {
        print(`${answered.toLocaleString('en')} tasks, over HTTP`, `${(processorTime() - start).toFixed(0)} ms`);
        stop.abort(new Error('done'));
      });
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await cluster.close();
  }
}
