import type { EventStream } from '../http/event-stream.js';
import { NotSubscribedError } from './errors.js';

/** What is true while the master holds the framework's stream. */
export interface Subscription {
  readonly streamId: string;
  readonly stream: EventStream;
}

type Phase = { name: 'idle' } | { name: 'connecting' } | { name: 'subscribed'; subscription: Subscription };

/**
 * The one place that knows in which phase the client is and so which call is legal:
 *
 *     idle -> connecting -> subscribed -> connecting -> … -> idle
 *
 * Everything that belongs to a stream names its subscription, so that a late answer about an old one cannot change the new one.
 */
export class Session {
  #phase: Phase = { name: 'idle' };

  get phase(): Phase['name'] {
    return this.#phase.name;
  }

  begin(): void {
    if (this.#phase.name !== 'idle')
      throw new TypeError('subscribe() is running already: one client holds one subscription');
    this.#phase = { name: 'connecting' };
  }

  subscribe(subscription: Subscription): void {
    this.#phase = { name: 'subscribed', subscription };
  }

  /** For a call. Throws `NotSubscribedError` where none may be made. */
  current(type: string): Subscription {
    if (this.#phase.name !== 'subscribed') throw new NotSubscribedError(type);
    return this.#phase.subscription;
  }

  isCurrent(subscription: Subscription): boolean {
    return this.#phase.name === 'subscribed' && this.#phase.subscription === subscription;
  }

  /** The stream is gone. */
  disconnect(): void {
    this.#phase = { name: 'connecting' };
  }

  end(): void {
    this.#phase = { name: 'idle' };
  }
}
