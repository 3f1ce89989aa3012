import type { Clock } from '@kmd/kube-client';

/** How long an expected change may stay unseen before it is no longer waited for, in milliseconds. */
export const expectationPatience = 5 * 60_000;

interface Expectation {
  creations: number;
  deletions: Set<string>;
  since: number;
}

/**
 * Creations and deletions that a controller has asked for and that its cache does not show yet. Until they are seen the cache is too old
 * to count replicas in: counting anyway creates too many.
 */
export class Expectations {
  readonly #byKey = new Map<string, Expectation>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  expectCreations(key: string, count: number): void {
    this.#of(key).creations += count;
  }

  expectDeletions(key: string, uids: Iterable<string>): void {
    const { deletions } = this.#of(key);
    for (const uid of uids) deletions.add(uid);
  }

  /** One creation was seen, or will never be. */
  observeCreation(key: string, count = 1): void {
    const expectation = this.#byKey.get(key);
    if (expectation !== undefined) expectation.creations = Math.max(0, expectation.creations - count);
  }

  /** One deletion was seen, or will never be. */
  observeDeletion(key: string, uid: string): void {
    this.#byKey.get(key)?.deletions.delete(uid);
  }

  /** Whether everything expected was seen, or has been waited for long enough. */
  areMet(key: string): boolean {
    const expectation = this.#byKey.get(key);
    if (expectation === undefined) return true;
    if (expectation.creations > 0 || expectation.deletions.size > 0) {
      if (this.#clock.now() - expectation.since < expectationPatience) return false;
    }
    this.#byKey.delete(key);
    return true;
  }

  forget(key: string): void {
    this.#byKey.delete(key);
  }

  #of(key: string): Expectation {
    let expectation = this.#byKey.get(key);
    if (expectation === undefined) {
      expectation = { creations: 0, deletions: new Set(), since: this.#clock.now() };
      this.#byKey.set(key, expectation);
    }
    expectation.since = this.#clock.now();
    return expectation;
  }
}
