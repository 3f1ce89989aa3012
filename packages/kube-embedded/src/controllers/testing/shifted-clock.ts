import type { Clock } from '@kmd/kube-client';

/** The real time, which a test can put forward: what is due by then wakes at once. */
export class ShiftedClock implements Clock {
  #offset = 0;
  readonly #sleepers = new Set<{ due: number; wake: () => void }>();

  now(): number {
    return Date.now() + this.#offset;
  }

  /** Delays of those who sleep, in milliseconds from now. */
  get sleeping(): number[] {
    return Array.from(this.#sleepers, ({ due }) => due - this.now());
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      const sleeper = { due: this.now() + milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  advance(milliseconds: number): void {
    this.#offset += milliseconds;
    const now = this.now();
    for (const sleeper of [...this.#sleepers]) if (sleeper.due <= now) sleeper.wake();
  }
}
