// A part of the cluster under test runs in a process of its own, so that its processor time and memory are its own.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a program of `parts/` does: `start` makes it from the settings, and tells where it is. */
export function runPart(start) {
  let part;
  process.on('message', async ({ type, settings }) => {
    if (type === 'start') {
      part = await start(settings);
      process.send({ address: part.address });
    } else if (type === 'measure') {
      const { user, system } = process.cpuUsage();
      process.send({ computed: (user + system) / 1000, resident: process.memoryUsage.rss(), facts: part.facts?.() });
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
    pid: child.pid,
    tell: (message) => child.connected && child.send(message),
    /** `{ computed, resident }`: milliseconds of processor time so far, bytes in memory now. */
    measure: () => ask({ type: 'measure' }),
    async close() {
      answered.promise.catch(() => undefined);
      if (child.connected) child.send({ type: 'close' });
      await ended;
    },
  };
}
