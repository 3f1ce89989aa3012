import { tooOld } from '../errors.js';
import type { JsonObject } from '../json/tree.js';

/** One change of one object: `object` as it is now (for DELETED: as it was, at the version of its deletion), `previous` as it was. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: JsonObject;
  readonly previous: JsonObject | undefined;
}

/**
 * The recent changes of one kind, shared by all its watchers: each holds only its place in it. A watcher that falls out of
 * the window is told so (410), which is what bounds the memory that slow readers can take.
 */
export class EventLog {
  readonly #changes: Change[] = [];
  #waiting = new Set<() => void>();
  #waking = false;
  readonly #limit: number;
  /** Sequence number of the first change still kept. */
  #first = 0;
  /** Every change after this version is kept. */
  #complete: number;

  constructor(limit: number, since: number) {
    this.#limit = limit;
    this.#complete = since;
  }

  append(change: Change): void {
    this.#changes.push(change);
    // Trimmed in steps, so that an append costs nothing most of the time.
    if (this.#changes.length >= this.#limit * 2) {
      const dropped = this.#changes.splice(0, this.#changes.length - this.#limit);
      this.#first += dropped.length;
      this.#complete = dropped.at(-1)?.version ?? this.#complete;
    }
    this.#wakeSoon();
  }

  /** Once for all the writes that are at hand: each is answered first, and a watcher takes them together. */
  #wakeSoon(): void {
    if (this.#waiting.size === 0 || this.#waking) return;
    this.#waking = true;
    setImmediate(() => {
      this.#waking = false;
      const waiting = this.#waiting;
      this.#waiting = new Set();
      for (const wake of waiting) wake();
    });
  }

  /** The place just after a version. Throws 410 when changes since then are no longer kept. */
  placeAfter(version: number): number {
    if (version < this.#complete) throw tooOld(version, this.#complete);
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle]?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    return this.#first + low;
  }

  /** Where the next change will be. */
  get end(): number {
    return this.#first + this.#changes.length;
  }

  /** The change at a place; undefined at the end. Throws 410 when the place has fallen out of the window. */
  read(place: number): Change | undefined {
    if (place < this.#first) throw tooOld(0, this.#complete);
    return this.#changes[place - this.#first];
  }

  /** Calls back once, after the next change. Returns how to stop waiting. */
  wait(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }
}
