import type { Clock } from '../../clock.js';

/** How many of the newest measurements count for percentiles (libprocess keeps those of an hour). */
const kept = 1000;

/** Measured times of one kind of work, in milliseconds. */
export class Stopwatch {
  #count = 0;
  readonly #times: number[] = [];

  get count(): number {
    return this.#count;
  }

  note(milliseconds: number): void {
    this.#times[this.#count % kept] = milliseconds;
    this.#count += 1;
  }

  time<T>(clock: Clock, work: () => T): T {
    const start = clock.now();
    try {
      return work();
    } finally {
      this.note(clock.now() - start);
    }
  }

  /** The metrics of a timer of libprocess (3rdparty/libprocess/include/process/metrics/timer.hpp); those of times once there is one. */
  *metrics(name: string): Iterable<[string, number]> {
    if (this.#count === 0) return;
    const sorted = [...this.#times].sort((a, b) => a - b);
    const at = (part: number): number => {
      const position = part * (sorted.length - 1);
      const low = sorted[Math.floor(position)] ?? 0;
      const high = sorted[Math.ceil(position)] ?? low;
      return low + (high - low) * (position - Math.floor(position));
    };
    yield [name, this.#times[(this.#count - 1) % kept] ?? 0];
    yield [`${name}/count`, this.#times.length];
    yield [`${name}/max`, at(1)];
    yield [`${name}/min`, at(0)];
    for (const part of [0.5, 0.9, 0.95, 0.99, 0.999, 0.9999]) {
      yield [`${name}/p${String(part).slice(2).padEnd(2, '0')}`, at(part)];
    }
  }
}
