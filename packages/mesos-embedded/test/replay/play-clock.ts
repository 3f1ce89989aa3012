import type { Clock, Timer } from '../../src/index.js';

interface Waiting {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * The time of a cluster that is played against. It stands still while a request is answered, so that a slow machine puts nothing
 * between two requests that followed one another at once; real processes go on meanwhile.
 */
export class PlayClock implements Clock {
  readonly #waiting = new Set<Waiting>();
  /** Milliseconds that it stood still so far. */
  #lost = 0;
  #stoppedAt: number | undefined;
  #stops = 0;
  /** A callback runs at the moment that it was asked for, however late it is: what it asks for is no later for that. */
  #moment: number | undefined;
  #wake: NodeJS.Timeout | undefined;

  now(): number {
    return this.#moment ?? performance.timeOrigin + (this.#stoppedAt ?? performance.now()) - this.#lost;
  }

  after(milliseconds: number, callback: () => void): Timer {
    const waiting = { due: this.now() + Math.max(milliseconds, 0), callback };
    this.#waiting.add(waiting);
    this.#arm();
    return { cancel: () => void this.#waiting.delete(waiting) };
  }

  /** Waits for a moment of this clock. */
  async until(moment: number): Promise<void> {
    if (moment > this.now()) await new Promise<void>((resolve) => this.after(moment - this.now(), resolve));
  }

  /** Stands still until the work is done, for so many real milliseconds at most. */
  async standStill<T>(work: Promise<T>, milliseconds: number): Promise<T> {
    this.#stops += 1;
    this.#stoppedAt ??= performance.now();
    clearTimeout(this.#wake);
    const over = { yet: false };
    const goOn = (): void => {
      if (over.yet) return;
      over.yet = true;
      this.#stops -= 1;
      if (this.#stops > 0 || this.#stoppedAt === undefined) return;
      this.#lost += performance.now() - this.#stoppedAt;
      this.#stoppedAt = undefined;
      this.#arm();
    };
    const limit = setTimeout(goOn, milliseconds);
    try {
      return await work;
    } finally {
      clearTimeout(limit);
      goOn();
    }
  }

  #arm(): void {
    clearTimeout(this.#wake);
    if (this.#stoppedAt !== undefined || this.#waiting.size === 0) return;
    const first = Math.min(...[...this.#waiting].map(({ due }) => due));
    this.#wake = setTimeout(
      () => {
        this.#run();
      },
      Math.min(Math.max(first - this.now(), 0), 1_000_000),
    );
    this.#wake.unref();
  }

  #run(): void {
    const now = this.now();
    const due = [...this.#waiting].filter((waiting) => waiting.due <= now + 0.5).sort((a, b) => a.due - b.due);
    for (const waiting of due) {
      if (!this.#waiting.delete(waiting)) continue;
      this.#moment = waiting.due;
      try {
        waiting.callback();
      } finally {
        this.#moment = undefined;
      }
    }
    this.#arm();
  }
}
