import { writeSync } from 'node:fs';
import { runComposeQuickly } from './commands/compose-quick.js';
import { exitCodeOf } from './exit-code.js';
import type { Output, Streams } from './streams.js';

/** What standard output did not take at once, until it has. */
let rest: Promise<void> | undefined;

/** Standard output without Node's streams, whose loading takes as long as printing a small project. */
const stdout: Output = {
  write(text) {
    const bytes = Buffer.from(text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(1, bytes, written);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // `kmd compose config | head`: the reader has enough, and that is no error.
      if (code === 'EPIPE') process.exit(0);
      // A slow reader of a pipe that someone made non-blocking: the stream waits.
      if (code !== 'EAGAIN') throw error;
      rest = new Promise((resolve) => process.stdout.write(bytes.subarray(written), () => resolve()));
    }
  },
};

const streams: Streams = {
  stdout,
  get stderr() {
    return process.stderr;
  },
  environment: process.env,
  signal: new AbortController().signal,
};

/**
 * `kmd compose`, in a file of its own that loads fast.
 * @returns the exit code, once all is written, or `undefined` when the whole program shall read the command line
 */
export async function runCompose(args: readonly string[]): Promise<number | undefined> {
  try {
    const exitCode = await runComposeQuickly(args, streams);
    await rest;
    return exitCode;
  } catch (error) {
    process.stderr.write(`kmd: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodeOf(error);
  }
}
