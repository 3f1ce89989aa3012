import type { Clock } from '@kmd/kube-client';

export interface WorkQueueOptions {
  /** Does the work of one key. A rejection puts the key back, later each time. */
  reconcile(key: string): Promise<void>;
  clock: Clock;
  /** Keys worked on at the same time. */
  workers?: number;
  /**
   * Milliseconds between two starts of the same key at least. The first is immediate, what arrives in between becomes one run at the
   * end: a burst of 500 pod changes is a handful of status writes and not 500.
   */
  pace?: number;
  /** Told of each failed run; `retryAfter` in milliseconds. */
  onError?(key: string, error: unknown, retryAfter: number): void;
}

/** Delay before the n-th retry of a key: 5 ms, doubling, 30 s at most. */
const firstRetry = 5;
const longestRetry = 30_000;

/** A Node timer keeps no longer delay (about 24.8 days): it would fire at once. */
const longestSleep = 0x7fff_ffff;

/**
 * Keys waiting for work: a key waits once however often it is added, is never worked on twice at the same time, and comes back after a
 * failure with a growing delay. Nothing runs before `start`.
 */
export class WorkQueue {
  readonly #options: Required<Omit<WorkQueueOptions, 'onError'>> & Pick<WorkQueueOptions, 'onError'>;
  readonly #ready = new Set<string>();
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  readonly #timers = new Map<string, { due: number; timer: AbortController }>();
  readonly #failures = new Map<string, number>();
  readonly #lastStart = new Map<string, number>();
  #state: 'waiting' | 'started' | 'closed' = 'waiting';
  #drained: (() => void) | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = { workers: 4, pace: 0, ...options };
  }

  /** Keys waiting, running or due later. */
  get size(): number {
    return new Set([...this.#ready, ...this.#running, ...this.#again, ...this.#timers.keys()]).size;
  }

  add(key: string): void {
    if (this.#state === 'closed') return;
    if (this.#running.has(key)) {
      this.#again.add(key);
      return;
    }
    const { clock, pace } = this.#options;
    const wait = pace === 0 ? 0 : (this.#lastStart.get(key) ?? Number.NEGATIVE_INFINITY) + pace - clock.now();
    if (wait > 0) {
      this.addAfter(key, wait);
      return;
    }
    this.#ready.add(key);
    this.#work();
  }

  /** Adds the key after so many milliseconds; of several delays the shortest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (this.#state === 'closed') return;
    if (milliseconds <= 0) {
      this.add(key);
      return;
    }
    const due = this.#options.clock.now() + milliseconds;
    const waiting = this.#timers.get(key);
    if (waiting !== undefined && waiting.due <= due) return;
    waiting?.timer.abort();
    const timer = new AbortController();
    this.#timers.set(key, { due, timer });
    void this.#options.clock.sleep(Math.min(milliseconds, longestSleep), timer.signal).then(() => {
      if (timer.signal.aborted) return;
      this.#timers.delete(key);
      this.#lastStart.delete(key);
      this.add(key);
    });
  }

  start(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'started';
    this.#work();
  }

  /** Starts no more work; resolves when what runs has ended. */
  async close(): Promise<void> {
    this.#state = 'closed';
    for (const { timer } of this.#timers.values()) timer.abort();
    this.#timers.clear();
    this.#ready.clear();
    this.#again.clear();
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  #work(): void {
    while (this.#state === 'started' && this.#running.size < this.#options.workers) {
      const [key] = this.#ready;
      if (key === undefined) return;
      this.#ready.delete(key);
      this.#running.add(key);
      if (this.#options.pace > 0) this.#lastStart.set(key, this.#options.clock.now());
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    let retryAfter: number | undefined;
    try {
      await this.#options.reconcile(key);
      this.#failures.delete(key);
    } catch (error) {
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      retryAfter = Math.min(firstRetry * 2 ** failures, longestRetry);
      if (this.#state === 'started') this.#options.onError?.(key, error, retryAfter);
    }
    this.#running.delete(key);
    if (this.#state === 'closed') {
      if (this.#running.size === 0) this.#drained?.();
      return;
    }
    const again = this.#again.delete(key);
    if (retryAfter !== undefined) this.addAfter(key, retryAfter);
    else if (again) this.add(key);
    else this.#forgetPace(key);
    this.#work();
  }

  /** Keeps the map of last starts from growing with keys that are long gone. */
  #forgetPace(key: string): void {
    const { clock, pace } = this.#options;
    if (this.#lastStart.size < 1024) return;
    const now = clock.now();
    for (const [other, at] of this.#lastStart) {
      if (other !== key && at + pace <= now) this.#lastStart.delete(other);
    }
  }
}
