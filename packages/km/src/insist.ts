import type { Logger } from '@kmd/kube-client';
import { Backoff } from '@kmd/mesos-client';

/** Waits between attempts, in milliseconds. */
const WAITS = { base: 200, cap: 10_000 };

export interface Insistence {
  readonly logger: Logger;
  /** Ends the attempts when it aborts. */
  readonly signal: AbortSignal;
  /** What is logged of an attempt that failed: what it is about, and a sentence. */
  readonly about: object;
  readonly failure: string;
  /** Whether an error tells that there is nothing left to do. Default: none does. */
  readonly settles?: ((error: unknown) => boolean) | undefined;
}

/** Tries until it is done, or an error settles it, or the signal aborts. Never rejects. */
export async function insist(work: () => Promise<void>, options: Insistence): Promise<void> {
  const { logger, signal, about, failure, settles } = options;
  const backoff = new Backoff(WAITS);
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || settles?.(error)) return;
      logger.warn({ err: error, ...about }, `${failure}, trying again`);
    }
    await backoff.wait(signal).catch(() => undefined);
  }
}
