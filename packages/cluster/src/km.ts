/* The program `km` of the image of that name. */
import { runComponent } from './components/km.js';

const stop = new AbortController();
// The first process of a container has no default for these: it must say itself that it ends.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

process.exit(
  // eslint-disable-next-line no-restricted-syntax -- a program of its own: its arguments are its input
  await runComponent(process.argv.slice(2), {
    // eslint-disable-next-line no-restricted-syntax -- and the container's log its output
    print: (text) => void process.stdout.write(text),
    stopped: stop.signal,
    environment: process.env,
  }),
);
