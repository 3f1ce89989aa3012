import { exitCodes } from './exit-code.js';

/** Why a command was cut short. */
class InterruptError extends Error {
  override readonly name = 'InterruptError';
  readonly code = 'Interrupted';
}

/** A signal that Ctrl-C, SIGTERM and SIGHUP abort. A second one ends the process at once, without its clean-up. */
export function listenForInterrupts(): AbortSignal {
  const interrupt = new AbortController();
  let interrupted = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (++interrupted > 1) process.exit(exitCodes.interrupted);
      interrupt.abort(new InterruptError(`interrupted by ${signal}`));
    });
  }
  return interrupt.signal;
}
