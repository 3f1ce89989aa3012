import type { Pod } from '@kmd/kube-client';

export interface QueueOptions {
  /** Milliseconds: bounds of a pod's back-off (spec B4: 1 s, doubling to 60 s). */
  readonly initialBackoff?: number | undefined;
  readonly maxBackoff?: number | undefined;
  /** Uniform in [0, 1). */
  readonly random?: (() => number) | undefined;
  /** Told when a pod's back-off is over. */
  readonly onDue: () => void;
}

/** A pod that waits for a place. */
export interface WaitingPod {
  pod: Pod;
  readonly uid: string;
  /** When it came, in milliseconds since the epoch. */
  readonly since: number;
  /** To be tried, and to be told of in an event if it fails. */
  due: boolean;
  /** Failed attempts so far. */
  attempts: number;
  timer?: NodeJS.Timeout | undefined;
}

/** Pods without a place, each with a back-off of its own. */
export class PodQueue {
  readonly #pods = new Map<string, WaitingPod>();
  readonly #backoffs = new Map<string, number>();
  readonly #options: { initialBackoff: number; maxBackoff: number; random: () => number };
  readonly #onDue: () => void;

  constructor({ initialBackoff = 1_000, maxBackoff = 60_000, random = Math.random, onDue }: QueueOptions) {
    this.#options = { initialBackoff, maxBackoff, random };
    this.#onDue = onDue;
  }

  /** Puts a pod in, due at once, or renews what is known of one that waits. True when the pod is new or has changed its spec. */
  put(pod: Pod): boolean {
    const uid = pod.metadata?.uid ?? '';
    const known = this.#pods.get(uid);
    if (!known) {
      this.#pods.set(uid, { pod, uid, since: Date.now(), due: true, attempts: 0 });
      return true;
    }
    const changed = JSON.stringify(known.pod.spec) !== JSON.stringify(pod.spec);
    known.pod = pod;
    if (changed) known.due = true;
    return changed;
  }

  /** Puts a pod back whose launch failed: due at once the first time, after a back-off from then on. */
  putBack(pod: Pod): void {
    const uid = pod.metadata?.uid ?? '';
    const failed = this.#backoffs.has(uid);
    const entry: WaitingPod = this.#pods.get(uid) ?? { pod, uid, since: Date.now(), due: !failed, attempts: 0 };
    this.#pods.set(uid, entry);
    if (failed) this.delay(entry);
    else this.#backoffs.set(uid, this.#options.initialBackoff);
  }

  /** The pod found no place: due again after a time that is random below a bound that doubles. */
  delay(entry: WaitingPod): void {
    const { initialBackoff, maxBackoff, random } = this.#options;
    const bound = this.#backoffs.get(entry.uid) ?? initialBackoff;
    this.#backoffs.set(entry.uid, Math.min(bound * 2, maxBackoff));
    entry.due = false;
    entry.attempts += 1;
    clearTimeout(entry.timer);
    // At least half of the bound: full jitter would now and then try a pod twice in a millisecond.
    entry.timer = setTimeout(
      () => {
        entry.due = true;
        this.#onDue();
      },
      bound * (0.5 + random() / 2),
    );
  }

  /** The pod has a place, or is gone. `forget` drops its back-off too. */
  remove(uid: string, forget = true): void {
    clearTimeout(this.#pods.get(uid)?.timer);
    this.#pods.delete(uid);
    if (forget) this.#backoffs.delete(uid);
  }

  has(uid: string): boolean {
    return this.#pods.has(uid);
  }

  /** Waiting pods, the most important first, then in the order in which they came. */
  list(): WaitingPod[] {
    const all = [...this.#pods.values()];
    if (all.some(({ pod }) => pod.spec?.priority))
      all.sort((a, b) => (b.pod.spec?.priority ?? 0) - (a.pod.spec?.priority ?? 0));
    return all;
  }

  get size(): number {
    return this.#pods.size;
  }

  close(): void {
    for (const { timer } of this.#pods.values()) clearTimeout(timer);
    this.#pods.clear();
  }
}
