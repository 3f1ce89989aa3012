// A part of the cluster under test runs in a process of its own, so that its processor time and memory are its own.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processorTime } from '../figures.mjs';

/** What a program of `parts/` does: `start` makes it from the settings, and tells where it is. */
export function runPart(start) {
  let part;
  process.on('message', async ({ type, settings }) => {
    if (type === 'start') {
      part = await start(settings);
      process.send({ address: part.address });
    } else if (type === 'measure') {
      // There when Node was started with --expose-gc.
      globalThis.gc?.();
      const { rss, heapUsed, external } = process.memoryUsage();
      process.send({ computed: processorTime(), resident: rss, live: heapUsed + external, facts: part.facts?.() });
    } else if (type === 'close') {
      await part.close();
      process.exit(0);
    }
  });
  process.on('disconnect', () => process.exit(0));
}

/** Starts the program `parts/NAME.mjs`; `requests` are what it asks of whoever started it. */
export async function startPart(name, settings, { onRequest, nodeOptions = [] } = {}) {
  const program = fileURLToPath(new URL(`parts/${name}.mjs`, import.meta.url));
  const child = fork(program, { execArgv: nodeOptions, serialization: 'json' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let answered = Promise.withResolvers();
  child.on('message', (message) => {
    if (message.request) onRequest?.(message.request);
    else answered.resolve(message);
  });
  void ended.then((code) => answered.reject(new Error(`${name} has ended with ${code}`)));
  const ask = (message) => {
    answered = Promise.withResolvers();
    child.send(message);
    return answered.promise;
  };
  const { address } = await ask({ type: 'start', settings });
  return {
    name,
    address,
    pids: () => [child.pid],
    tell: (message) => child.connected && child.send(message),
    /** `{ computed, resident, live }`: milliseconds of processor time so far, bytes in memory now, and those of JavaScript's objects and buffers. */
    measure: () => ask({ type: 'measure' }),
    async close() {
      answered.promise.catch(() => undefined);
      if (child.connected) child.send({ type: 'close' });
      await ended;
    },
  };
}
