export interface BackoffOptions {
  /** Upper bound of the first delay, in milliseconds. */
  first: number;
  /** Upper bound of any delay, in milliseconds. */
  max: number;
  /** Uniform in [0, 1). */
  random?: (() => number) | undefined;
}

/** Delays with full jitter: each is uniform between zero and a bound that doubles, so that many clients do not return together. */
export interface Backoff {
  /** The next delay, in milliseconds. */
  next(): number;
  reset(): void;
}

export function createBackoff({ first, max, random = Math.random }: BackoffOptions): Backoff {
  let bound = first;
  return {
    next() {
      const delay = random() * Math.min(bound, max);
      bound = Math.min(bound * 2, max);
      return delay;
    },
    reset() {
      bound = first;
    },
  };
}
