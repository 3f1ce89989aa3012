import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';
import { modeOf, type ProgressView, showProgress } from './progress.js';

/** How a command that changes a cluster tells of it. */
export interface WorkFlags {
  json?: boolean | undefined;
  quiet?: boolean | undefined;
}

/** Runs a command with its progress shown, then prints the result: an object with `--json`, a sentence otherwise. */
export async function showWork<T extends object>(
  flags: WorkFlags,
  streams: Streams,
  work: (view: ProgressView) => Promise<T>,
  sentence: (result: T) => string,
): Promise<number> {
  const view = showProgress(modeOf(flags, streams), streams);
  let result: T;
  try {
    result = await work(view);
  } finally {
    view.close();
  }
  if (flags.json) streams.stdout.write(`${JSON.stringify({ type: 'result', ...result })}\n`);
  else if (!flags.quiet) streams.stdout.write(`${sentence(result)}\n`);
  return exitCodes.ok;
}
