import { boundDelay } from '../delay.js';
import { silentLogger, type Logger } from '../logger.js';
import { containsResources } from '../resources/algebra.js';
import { decline } from '../scheduler/calls.js';
import { NotSubscribedError } from '../scheduler/errors.js';
import type { SchedulerMiddleware } from '../scheduler/middleware.js';
import type { SchedulerClientEvent } from '../scheduler/options.js';
import type { OfferID } from '../types/ids.js';
import type { Filters, Offer } from '../types/offer.js';
import type { Resource } from '../types/resource.js';
import type { SchedulerCallBody } from '../types/scheduler.js';

/** How long offers are kept and refused. */
export interface OfferStoreOptions {
  /** Milliseconds an offer may be held; then it is declined. Default: as long as it is valid. */
  maxAge?: number | undefined;
  /** Seconds for which refused resources shall not be offered again. Default 5, as Mesos'. */
  refuseSeconds?: number | undefined;
  /**
   * Part of `refuseSeconds`, from 0 to 1, by which refusals are spread downwards, so that what was refused at once does not come back at
   * once. Default 0.5.
   */
  jitter?: number | undefined;
  /** A number from 0 up to 1. Default `Math.random`. */
  random?: (() => number) | undefined;
  /** Milliseconds. Default `Date.now`. */
  now?: (() => number) | undefined;
  logger?: Logger | undefined;
}

/** What an offer store needs of a client. */
export interface OfferSource {
  use(middleware: SchedulerMiddleware): () => void;
  call(call: SchedulerCallBody): Promise<void>;
}

interface Held {
  readonly offer: Offer;
  readonly since: number;
}

/**
 * The offers a framework holds. It follows the events: offers come in, rescinded ones, those of removed agents and, after a
 * disconnection, all of them go. Offers that a call uses are taken out before it is sent, so that none is used twice; those of an ACCEPT that
 * failed are declined, for the master may never have seen it and would hold them out for ever.
 *
 * ```ts
 * const offers = new OfferStore({ maxAge: 30_000 });
 * offers.attach(scheduler);
 * const [offer] = offers.find(parseResources('cpus:1;mem:128'));
 * ```
 */
export class OfferStore {
  readonly #options: OfferStoreOptions;
  readonly #held = new Map<string, Held>();
  /** Ids of offers by the id of their agent. */
  readonly #byAgent = new Map<string, Set<string>>();
  #source: OfferSource | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OfferStoreOptions = {}) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** The oldest first. */
  [Symbol.iterator](): IterableIterator<Offer> {
    return this.list()[Symbol.iterator]();
  }

  /** All offers, or those of an agent, of a role, or of both: these may be accepted by one call. The oldest first. */
  list({ agentId, role }: { agentId?: string | undefined; role?: string | undefined } = {}): Offer[] {
    const offers: Offer[] = [];
    const add = ({ offer }: Held) => {
      if (role === undefined || roleOf(offer) === role) offers.push(offer);
    };
    if (agentId === undefined) this.#held.forEach(add);
    else {
      for (const id of this.#byAgent.get(agentId) ?? []) {
        const held = this.#held.get(id);
        if (held) add(held);
      }
    }
    return offers;
  }

  get(offerId: string): Offer | undefined {
    return this.#held.get(offerId)?.offer;
  }

  /** Offers that hold `wanted` each for itself, the oldest first. */
  find(wanted: readonly Resource[], where: { agentId?: string | undefined; role?: string | undefined } = {}): Offer[] {
    return this.list(where).filter((offer) => {
      const free = (offer.resources ?? []).map(withoutAllocation);
      return containsResources(free, wanted.map(withoutAllocation));
    });
  }

  /** Takes an offer out, to use it. Undefined if it is not held, or no longer. */
  take(offerId: string): Offer | undefined {
    const held = this.#held.get(offerId);
    if (held) this.#remove(offerId);
    return held?.offer;
  }

  /** Takes every offer out that is older than `maxAge`. */
  takeExpired(): Offer[] {
    const { maxAge } = this.#options;
    if (maxAge === undefined) return [];
    const expired: Offer[] = [];
    for (const { offer, since } of this.#held.values()) {
      if (this.#now() - since < maxAge) break;
      expired.push(offer);
    }
    for (const offer of expired) this.#remove(offer.id.value);
    return expired;
  }

  /** How long to refuse, each time another length. */
  refusal(): Filters {
    const { refuseSeconds = 5, jitter = 0.5, random = Math.random } = this.#options;
    return { refuse_seconds: Math.round(refuseSeconds * (1 - jitter * random()) * 1000) / 1000 };
  }

  /** Follows an event. A client that the store is attached to does so by itself. */
  observe(event: SchedulerClientEvent): void {
    if (event.type === 'OFFERS') for (const offer of event.offers.offers) this.#add(offer);
    if (event.type === 'RESCIND') this.#remove(event.rescind.offer_id.value);
    // Without an executor it is the agent that is gone (docs/scheduler-http-api.md).
    if (event.type === 'FAILURE' && event.failure.agent_id && !event.failure.executor_id) {
      for (const offer of this.list({ agentId: event.failure.agent_id.value })) this.#remove(offer.id.value);
    }
    // The master that gave them does not know them any more (docs/reconciliation.md).
    if (event.type === 'SUBSCRIBED' || event.type === 'DISCONNECTED') this.clear();
    this.#schedule();
  }

  /** Follows the events and calls of a client, and declines what has expired. Gives the function that ends that. */
  attach(source: OfferSource): () => void {
    this.#source = source;
    const remove = source.use({
      types: ['SUBSCRIBED', 'DISCONNECTED', 'OFFERS', 'RESCIND', 'FAILURE'],
      event: (event, next) => {
        this.observe(event);
        return next();
      },
      call: async (call, next) => {
        const used = usedOffers(call);
        for (const id of used) this.#remove(id.value);
        try {
          await next(call);
        } catch (error) {
          const isVoid = error instanceof NotSubscribedError;
          if (call.type === 'ACCEPT' && used.length > 0 && !isVoid) this.#decline(used, { refuse_seconds: 0 });
          throw error;
        }
      },
    });
    return () => {
      remove();
      this.#source = undefined;
      this.clear();
    };
  }

  clear(): void {
    this.#held.clear();
    this.#byAgent.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #add(offer: Offer): void {
    this.#remove(offer.id.value);
    this.#held.set(offer.id.value, { offer, since: this.#now() });
    const agent = offer.agent_id.value;
    const offers = this.#byAgent.get(agent) ?? new Set();
    this.#byAgent.set(agent, offers.add(offer.id.value));
  }

  #remove(offerId: string): void {
    const held = this.#held.get(offerId);
    if (!held) return;
    this.#held.delete(offerId);
    const agent = held.offer.agent_id.value;
    const offers = this.#byAgent.get(agent);
    offers?.delete(offerId);
    if (offers?.size === 0) this.#byAgent.delete(agent);
  }

  /** One timer, for the oldest offer. */
  #schedule(): void {
    const { maxAge } = this.#options;
    const [oldest] = this.#held.values();
    if (maxAge === undefined || !oldest || this.#timer || !this.#source) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#declineExpired();
        this.#schedule();
      },
      boundDelay(Math.max(0, oldest.since + maxAge - this.#now())),
    );
    this.#timer.unref();
  }

  #declineExpired(): void {
    const expired = this.takeExpired();
    if (expired.length > 0)
      this.#decline(
        expired.map(({ id }) => id),
        this.refusal(),
      );
  }

  #decline(ids: readonly OfferID[], filters: Filters): void {
    this.#source?.call(decline(ids, filters)).catch((error: unknown) => {
      const { logger = silentLogger } = this.#options;
      logger.warn({ err: error, offers: ids.length }, 'offers could not be declined');
    });
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** The role that an offer was made to; `*` for frameworks that do not know of roles. */
function roleOf(offer: Offer): string {
  return offer.allocation_info?.role ?? offer.resources?.[0]?.allocation_info?.role ?? '*';
}

function withoutAllocation(resource: Resource): Resource {
  const copy = { ...resource };
  delete copy.allocation_info;
  return copy;
}

function usedOffers(call: SchedulerCallBody): readonly OfferID[] {
  if (call.type === 'ACCEPT') return call.accept.offer_ids ?? [];
  return call.type === 'DECLINE' ? (call.decline.offer_ids ?? []) : [];
}
