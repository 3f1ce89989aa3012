#!/usr/bin/env node
import { run } from './command-line.js';

// eslint-disable-next-line no-restricted-syntax -- a program of its own: its arguments and environment are its input
process.exitCode = await run(process.argv.slice(2), process.env, {
  // eslint-disable-next-line no-restricted-syntax -- and the terminal its output
  out: (text) => process.stdout.write(`${text}\n`),
  // eslint-disable-next-line no-restricted-syntax
  error: (text) => process.stderr.write(`${text}\n`),
  stopped: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGUSR1'] as const) process.once(signal, resolve);
    }),
});
