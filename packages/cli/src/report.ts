import { exitCodeOf } from './exit-code.js';
import type { Streams } from './streams.js';

/** Says what ended a command, and with which code the program ends for it. The stack is for those who ask for it by KMD_DEBUG. */
export function reportError(error: unknown, { stderr, environment }: Streams): number {
  stderr.write(`kmd: ${error instanceof Error ? error.message : String(error)}\n`);
  if (environment['KMD_DEBUG'] && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`);
  return exitCodeOf(error);
}
