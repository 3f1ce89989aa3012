import { tooOld } from '../errors.js';
import type { JsonObject } from '../json/tree.js';

/** One change of one object: `object` as it is now (for DELETED: as it was, at the version of its deletion), `previous` as it was. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: JsonObject;
  readonly previous: JsonObject | undefined;
}

/** The changes that concern those who follow one topic. */
interface Topic {
  /** Of the changes that are still kept, in order. */
  places: number[];
  /** Behind the last of them that is not kept any more. */
  dropped: number;
  waiting: Set<() => void>;
}

/**
 * The recent changes of one kind, shared by all its watchers: each holds only its place in it. A watcher that falls out of
 * the window is told so (410), which is what bounds the memory that slow readers can take.
 *
 * Objects may have a topic, such as a pod its node. Who follows one topic hears of no others: with a watcher for each of a thousand nodes a
 * change costs what it does with one (kube-apiserver's watch cache has the same index).
 */
export class EventLog {
  readonly #changes: Change[] = [];
  #waiting = new Set<() => void>();
  #waking = false;
  readonly #limit: number;
  readonly #topicOf: (object: JsonObject) => string | undefined;
  readonly #topics = new Map<string, Topic>();
  /** Sequence number of the first change still kept. */
  #first = 0;
  /** Every change after this version is kept. */
  #complete: number;

  constructor(limit: number, since: number, topicOf: (object: JsonObject) => string | undefined = () => undefined) {
    this.#limit = limit;
    this.#topicOf = topicOf;
    this.#complete = since;
  }

  append(change: Change): void {
    const topics = new Set([this.#topicOf(change.object), change.previous && this.#topicOf(change.previous)]);
    for (const name of topics) {
      if (name === undefined) continue;
      const topic = this.#topic(name);
      topic.places.push(this.end);
      for (const wake of topic.waiting) this.#waiting.add(wake);
      topic.waiting.clear();
    }
    this.#changes.push(change);
    // Trimmed in steps, so that an append costs nothing most of the time.
    if (this.#changes.length >= this.#limit * 2) {
      const dropped = this.#changes.splice(0, this.#changes.length - this.#limit);
      this.#first += dropped.length;
      this.#complete = dropped.at(-1)?.version ?? this.#complete;
      for (const topic of this.#topics.values()) this.#trim(topic);
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

  /** Where the first change at or after a place is that concerns a topic; `end` where there is none. Throws 410 when one is no longer kept. */
  next(place: number, name: string): number {
    const { places, dropped } = this.#topic(name);
    if (place < dropped) throw tooOld(0, this.#complete);
    return places[firstFrom(places, place)] ?? this.end;
  }

  /** Calls back once, after the next change, or the next that concerns a topic. Returns how to stop waiting. */
  wait(wake: () => void, name?: string): () => void {
    const waiting = name === undefined ? this.#waiting : this.#topic(name).waiting;
    waiting.add(wake);
    return () => {
      waiting.delete(wake);
      this.#waiting.delete(wake);
    };
  }

  #topic(name: string): Topic {
    let topic = this.#topics.get(name);
    if (!topic) this.#topics.set(name, (topic = { places: [], dropped: 0, waiting: new Set() }));
    return topic;
  }

  #trim(topic: Topic): void {
    const gone = topic.places.splice(0, firstFrom(topic.places, this.#first));
    topic.dropped = (gone.at(-1) ?? topic.dropped - 1) + 1;
  }
}

/** The index of the first number that is not below a bound, of numbers in order. */
function firstFrom(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
