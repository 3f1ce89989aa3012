import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { runComposeQuickly } from './commands/compose-quick.js';
import { listenForInterrupts } from './interrupt.js';
import { reportError } from './report.js';
import type { Output, Streams } from './streams.js';

/** What standard output did not take at once, until it has. */
let rest: Promise<void> | undefined;

function writeLater(bytes: Uint8Array): void {
  rest = new Promise((resolve) => process.stdout.write(bytes, () => resolve()));
}

/** Standard output without Node's streams, whose loading takes as long as printing a small project. */
const stdout: Output = {
  isTTY: isatty(1),
  get columns() {
    return isatty(1) ? process.stdout.columns : undefined;
  },
  write(text) {
    const bytes = Buffer.from(text);
    if (rest !== undefined) return writeLater(bytes);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(1, bytes, written);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // `kmd compose config | head`: the reader has enough, and that is no error.
      if (code === 'EPIPE') process.exit(0);
      // A slow reader of a pipe that someone made non-blocking: the stream waits.
      if (code !== 'EAGAIN') throw error;
      writeLater(bytes.subarray(written));
    }
  },
};

let interrupts: AbortSignal | undefined;

const streams: Streams = {
  stdout,
  get stderr() {
    return process.stderr;
  },
  environment: process.env,
  get signal() {
    return (interrupts ??= listenForInterrupts());
  },
};

/**
 * `kmd compose`, in files of their own that load fast.
 * @returns the exit code, once all is written, or `undefined` when the whole program shall read the command line
 */
export async function runCompose(args: readonly string[]): Promise<number | undefined> {
  try {
    const exitCode = await runComposeQuickly(args, streams);
    await rest;
    return exitCode;
  } catch (error) {
    return reportError(error, streams);
  }
}
