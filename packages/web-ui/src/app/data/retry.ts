/** Waits between attempts: up to `cap` milliseconds, with full jitter, and no longer than until the browser is online again. */
export class Retry {
  #attempt = 0;
  readonly #cap: number;

  constructor(cap = 10_000) {
    this.#cap = cap;
  }

  reset(): void {
    this.#attempt = 0;
  }

  wait(signal: AbortSignal): Promise<void> {
    const limit = Math.min(this.#cap, 250 * 2 ** this.#attempt++);
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        removeEventListener('online', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.random() * limit);
      addEventListener('online', done);
      signal.addEventListener('abort', done);
    });
  }
}
