import { setTimeout as delay } from 'node:timers/promises';
import { createInformer, pods } from '@kmd/kube-client';

const namespace = 'default';
/** Requests under way at a time: what ten `kubectl create` side by side would be. */
const CREATORS = 32;
const PATIENCE = 300_000;

/** Follows the pods of a namespace, whatever becomes of single watches: when each was seen Running, and which are still there. */
export class PodWatch {
  running = new Map();
  #stop = new AbortController();
  #waiting = new Set();
  #informer;
  #done;

  constructor(kube) {
    this.#informer = createInformer(kube, pods, { namespace });
    const see = ({ metadata: { name }, status }) => {
      if (status?.phase === 'Running' && !this.running.has(name)) this.running.set(name, performance.now());
      this.#look();
    };
    this.#informer.subscribe({
      added: see,
      updated: see,
      deleted: ({ metadata: { name } }) => {
        this.running.delete(name);
        this.#look();
      },
    });
    this.#done = this.#informer.run(this.#stop.signal);
  }

  /** Resolves when `holds()` does. */
  until(holds, what) {
    const { promise, resolve, reject } = Promise.withResolvers();
    const entry = { holds, resolve, reject };
    const timer = setTimeout(
      () => reject(new Error(`${what} has not come: ${this.running.size} run, ${this.present} there`)),
      PATIENCE,
    );
    this.#waiting.add(entry);
    this.#look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(entry);
    });
  }

  get present() {
    return this.#informer.list().length;
  }

  async close() {
    this.#stop.abort();
    await this.#done;
  }

  #look() {
    for (const { holds, resolve } of this.#waiting) if (holds()) resolve();
  }
}

const makePod = (name, nodeName) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'hollow' }], nodeName },
});

async function eachOf(items, work) {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: CREATORS }, worker));
}

/**
 * Makes pods, CREATORS at a time, and waits until all run; on `hostnames` one after the other, where some are given.
 * `{ rate, latencies }`: pods a second, and milliseconds in order.
 */
export async function makeAll(kube, watch, count, prefix, hostnames = []) {
  const created = new Map();
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  const before = watch.running.size;
  const begun = performance.now();
  const all = watch.until(() => watch.running.size === before + count, `the last of ${count} pods`);
  await eachOf([...names.entries()], async ([index, name]) => {
    created.set(name, performance.now());
    await kube.create(pods, makePod(name, hostnames[index % hostnames.length]), { namespace });
  });
  await all;
  const took = performance.now() - begun;
  return { rate: count / (took / 1000), latencies: latenciesOf(names, created, watch), names };
}

/** Makes pods one after the other, each when the one before runs. Milliseconds, in order. */
export async function makeOneByOne(kube, watch, count, prefix) {
  const created = new Map();
  const names = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const name of names) {
    const runs = watch.until(() => watch.running.has(name), name);
    created.set(name, performance.now());
    await kube.create(pods, makePod(name), { namespace });
    await runs;
  }
  return { latencies: latenciesOf(names, created, watch), names };
}

/** Removes pods, and waits until Mesos has their tasks no more either: what follows begins on an idle cluster. */
export async function removeAll({ kube, mesosMaster }, watch, names) {
  const tasks = await countTasks(mesosMaster);
  const left = watch.present - names.length;
  const gone = watch.until(() => watch.present === left, `the end of ${names.length} pods`);
  await eachOf(names, (name) => kube.delete(pods, name, { namespace }));
  await gone;
  while ((await countTasks(mesosMaster)) > tasks - names.length) await delay(20);
}

/** Tasks that have not ended, as the master counts them. */
async function countTasks(master) {
  const metrics = await (await fetch(`${master}/metrics/snapshot`)).json();
  return ['staging', 'starting', 'running', 'killing'].reduce(
    (sum, state) => sum + metrics[`master/tasks_${state}`],
    0,
  );
}

const latenciesOf = (names, created, watch) =>
  names.map((name) => watch.running.get(name) - created.get(name)).sort((a, b) => a - b);
