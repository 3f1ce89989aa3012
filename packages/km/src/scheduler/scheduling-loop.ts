import type { EventRecorder, Logger, Pod } from '@kmd/kube-client';
import { kinOf } from '../pod/kin.js';
import type { Launcher } from './launcher.js';
import type { SchedulerMetrics } from './metrics.js';
import { asksOfOthers } from './neighbours.js';
import type { OfferDesk } from './offer-desk.js';
import { COMPARED, type Placer, type Placing, type Refusal } from './placer.js';
import type { PodQueue, WaitingPod } from './queue.js';

/** Pods that are to be spread wait so long for offers that were given back; milliseconds. A master answers REVIVE within a few. */
const GATHER = 100;
/** After an error of the scheduling loop that nobody foresaw; milliseconds (spec B9). */
const RESUME = 100;

export interface SchedulingLoopOptions {
  readonly queue: PodQueue;
  readonly desk: Pick<OfferDesk, 'agents' | 'hasMore' | 'suppressed' | 'revive'>;
  readonly placer: Pick<Placer, 'place'>;
  readonly launcher: Pick<Launcher, 'assign' | 'flush'>;
  readonly events: EventRecorder;
  readonly placing: Placing | undefined;
  /** The master takes launches. */
  readonly isSubscribed: () => boolean;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Brings the pods that wait and the offers in hand together, whenever one of them has changed. */
export class SchedulingLoop {
  readonly #options: SchedulingLoopOptions;
  #woken = false;
  /** Pods wait for offers that were given back, so as to be spread over all agents. */
  #gathering: NodeJS.Timeout | undefined;
  /** There may be room that was not there before: pods that wait for their next turn may look again. */
  #fresh = false;

  constructor(options: SchedulingLoopOptions) {
    this.#options = options;
  }

  close(): void {
    clearTimeout(this.#gathering);
  }

  /** Offers have come. */
  offersCame(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#fresh = true;
    this.wake();
  }

  /** What stood against a pod may be gone, wherever that is: offers that were given back are asked for. */
  obstacleGone(): void {
    this.#fresh = true;
    this.#options.desk.revive();
    this.wake();
  }

  /** A pod needs another place. */
  requeue(pod: Pod): void {
    if (pod.metadata?.deletionTimestamp !== undefined) return;
    this.#options.queue.putBack(pod);
    this.#options.desk.revive();
    this.wake();
  }

  /** Runs the placing once for everything that happens in this turn of the event loop. */
  wake(): void {
    const { queue, metrics, logger, signal, isSubscribed } = this.#options;
    if (this.#woken || signal.aborted) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      if (!isSubscribed() || queue.size === 0) return;
      try {
        if (!this.#gather()) this.#placeAll();
      } catch (error) {
        // One pod that nobody foresaw must not keep all others from their places.
        metrics.panics.add();
        logger.error({ err: error }, 'the scheduling loop failed, and goes on');
        setTimeout(() => this.wake(), RESUME).unref();
      }
    });
  }

  /**
   * Pods that are spread look at all agents: offers that were given back are asked for first, and waited for, but not long. Without this,
   * whichever agent's offer had come last would take all.
   */
  #gather(): boolean {
    const { desk, placing } = this.#options;
    if (this.#gathering) return true;
    const { offering } = desk.agents;
    // As many as a pod is compared with do: on large clusters some offer has always just been given back.
    if (placing === 'pack' || !desk.hasMore || offering === 0 || offering >= COMPARED) return false;
    desk.revive();
    this.#gathering = setTimeout(() => {
      this.#gathering = undefined;
      this.wake();
    }, GATHER);
    return true;
  }

  #placeAll(): void {
    const { queue, desk, placer, launcher } = this.#options;
    /** When one of several pods that ask for the same finds no place, the next does not look. */
    const hopeless = new Map<string, Refusal>();
    let unseen = 0;
    let placed = 0;
    const fresh = this.#fresh;
    this.#fresh = false;
    for (const entry of queue.list()) {
      if (!fresh && !entry.due) continue;
      const known = hopeless.size > 0 ? hopeless.get(kinOf(entry.pod) ?? '') : undefined;
      if (known !== undefined) {
        this.#refuse(entry, known);
        continue;
      }
      const place = placer.place(entry.pod);
      if ('agent' in place) {
        launcher.assign(entry, place);
        queue.remove(entry.uid, false);
        placed += 1;
        continue;
      }
      unseen += place.unseen;
      const kin = kinOf(entry.pod);
      if (kin !== undefined) hopeless.set(kin, place);
      this.#refuse(entry, place);
    }
    launcher.flush();
    // The pods that found a place may be those that others wait for.
    if (placed > 0 && queue.list().some(({ pod }) => asksOfOthers(pod))) {
      this.#fresh = true;
      this.wake();
    }
    if (queue.size > 0 && (unseen > 0 || desk.suppressed)) desk.revive();
  }

  /** While offers are on their way that could do, a pod's first wait is not worth an event. */
  #refuse(entry: WaitingPod, { explain, unseen }: Refusal): void {
    const { desk, events, queue } = this.#options;
    if (!entry.due) return;
    const unsure = unseen > 0 || desk.agents.size === 0;
    if (!unsure || entry.attempts > 0)
      events.record(entry.pod, { type: 'Warning', reason: 'FailedScheduling', message: explain() });
    queue.delay(entry);
  }
}
