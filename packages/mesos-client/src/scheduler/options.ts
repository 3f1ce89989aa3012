import type { EndpointOptions } from '../http/endpoint.js';
import type { FrameworkInfo } from '../types/node.js';
import type { OfferConstraints, SchedulerEvent } from '../types/scheduler.js';
import type { FrameworkStore } from './framework-store.js';

/** What a scheduler client is made of. */
export interface SchedulerClientOptions extends EndpointOptions {
  /** How the framework describes itself. `id` is taken from the store when there is one. */
  framework: FrameworkInfo;
  /** Keeps the framework id over restarts. Default: in memory. */
  frameworkStore?: FrameworkStore | undefined;
  /** Roles for which no offers are wanted at first. */
  suppressedRoles?: readonly string[] | undefined;
  offerConstraints?: OfferConstraints | undefined;
  /**
   * `auto`: an UPDATE or UPDATE_OPERATION_STATUS with a uuid is acknowledged when the consumer asks for the next event, so after its loop
   * body is done with it. `awaited`: so too, and the next event is held back until the master has taken it. `manual`: by calls of the
   * consumer. Default `auto`.
   */
  acknowledge?: 'auto' | 'awaited' | 'manual' | undefined;
  /** Waits between attempts to subscribe, in milliseconds, with full jitter. Default: up to 100 at first, up to 15000 later. */
  backoff?: { base?: number | undefined; cap?: number | undefined } | undefined;
  /** A number from 0 up to 1, for back-off. Default `Math.random`. */
  random?: (() => number) | undefined;
}

/** The stream is gone and every offer void. The client subscribes again by itself; SUBSCRIBED tells when it has. */
export interface Disconnected {
  type: 'DISCONNECTED';
  disconnected: { error: Error };
}

/** What `subscribe` gives: the master's events, and DISCONNECTED. */
export type SchedulerClientEvent = SchedulerEvent | Disconnected;

/** Counters since the client was made, for metrics. They only grow. */
export interface SchedulerCounters {
  /** Attempts to subscribe, and those the master accepted. */
  subscribes: number;
  subscriptions: number;
  disconnections: number;
  events: Record<string, number>;
  /** Calls sent, by type. */
  calls: Record<string, number>;
  /** Calls that failed, by type. */
  failures: Record<string, number>;
}
