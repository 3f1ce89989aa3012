import { setTimeout as delay } from 'node:timers/promises';

/** Waiting times between attempts, in milliseconds. */
export interface BackoffOptions {
  /** Upper bound of the first wait. */
  base: number;
  /** Upper bound of every wait. */
  cap: number;
  /** A number from 0 up to 1. Default `Math.random`. */
  random?: (() => number) | undefined;
}

/** Full jitter: attempt `n` waits between 0 and `base * 2^n`, at most `cap`, so that many clients do not come back at once. */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempt = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  reset(): void {
    this.#attempt = 0;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const { base, cap, random = Math.random } = this.#options;
    const bound = Math.min(cap, base * 2 ** Math.min(this.#attempt, 30));
    this.#attempt += 1;
    return random() * bound;
  }

  /** Waits. Rejects with the signal's reason when it aborts. */
  async wait(signal?: AbortSignal): Promise<void> {
    const milliseconds = this.next();
    try {
      await delay(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }
}
