import { Backoff } from '../backoff.js';
import { loadCodec, type Codec } from '../codec/codec.js';
import { MesosError } from '../errors.js';
import { discard, readReason, refusal } from '../http/answer.js';
import { Endpoint } from '../http/endpoint.js';
import type { MesosHttpError } from '../http/errors.js';
import { ProtocolError, UnreachableError } from '../http/errors.js';
import { isEventOf } from '../http/event-shape.js';
import { EventStream } from '../http/event-stream.js';
import { silentLogger, type Logger } from '../logger.js';
import { validateCall } from '../schema/validate-call.js';
import type { SchedulerCall, SchedulerCallBody, SchedulerEvent } from '../types/scheduler.js';
import { createAcknowledger } from './acknowledger.js';
import { SCHEDULER_EVENTS } from './event-shapes.js';
import { FencedError, FrameworkRemovedError, SubscriptionRefusedError } from './errors.js';
import { MemoryFrameworkStore, type FrameworkStore } from './framework-store.js';
import { MiddlewareChain, MiddlewareFailure, type SchedulerMiddleware } from './middleware.js';
import type { SchedulerClientEvent, SchedulerClientOptions, SchedulerCounters } from './options.js';
import { Session, type Subscription } from './session.js';

/** Calls that may be sent twice without harm, when a kept connection was closed under them. */
const REPEATABLE = new Set<SchedulerCallBody['type']>([
  'ACKNOWLEDGE',
  'ACKNOWLEDGE_OPERATION_STATUS',
  'DECLINE',
  'KILL',
  'RECONCILE',
  'RECONCILE_OPERATIONS',
  'REVIVE',
  'SUPPRESS',
]);

/** A framework's side of the v1 scheduler API. */
export interface SchedulerClient {
  /** Given by the master, or kept by the store; undefined before. */
  readonly frameworkId: string | undefined;
  readonly counters: Readonly<SchedulerCounters>;
  /**
   * Subscribes and gives events, subscribing again whenever the stream is lost. One iteration at a time. Throws only what ends the
   * framework: `FencedError`, `FrameworkRemovedError`, `SubscriptionRefusedError`, `MesosHttpError` (credentials), `FrameworkStoreError`,
   * or the signal's reason. Ends without an error after TEARDOWN.
   */
  subscribe(options?: { signal?: AbortSignal | undefined }): AsyncIterable<SchedulerClientEvent>;
  /**
   * Sends a call; calls arrive in the order they are made, unless a middleware holds one back. Resolves when the master has accepted it, which is not yet done. Throws
   * `InvalidCallError`, `NotSubscribedError`, `MesosHttpError`, `UnreachableError`, `FencedError`.
   */
  call(call: SchedulerCallBody, options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** Puts code around every event and call, within what was used before. Gives the function that takes it out again. */
  use(middleware: SchedulerMiddleware): () => void;
  /** Frees kept connections. End the iteration of `subscribe` first. */
  close(): void;
}

/**
 * ```ts
 * const scheduler = createSchedulerClient({ master: 'http://127.0.0.1:5050', framework: { user: 'root', name: 'hello' } });
 * for await (const event of scheduler.subscribe()) {
 *   if (event.type === 'OFFERS') await scheduler.call(decline(event.offers.offers));
 * }
 * ```
 */
export function createSchedulerClient(options: SchedulerClientOptions): SchedulerClient {
  return new HttpSchedulerClient(options);
}

type Subscribed = Extract<SchedulerEvent, { type: 'SUBSCRIBED' }>['subscribed'];

/** A stream that has begun; `forget` ends its watch on the leader. */
interface Opened extends Subscription {
  readonly url: URL;
  readonly forget: () => void;
}

class HttpSchedulerClient implements SchedulerClient {
  readonly counters: SchedulerCounters = {
    subscribes: 0,
    subscriptions: 0,
    disconnections: 0,
    events: {},
    calls: {},
    failures: {},
  };
  readonly #options: SchedulerClientOptions;
  readonly #endpoint: Endpoint;
  readonly #store: FrameworkStore;
  readonly #logger: Logger;
  readonly #session = new Session();
  readonly #chain = new MiddlewareChain();
  #codec: Codec | undefined;
  #frameworkId: string | undefined;
  /** What a TEARDOWN on its way came to: true if the framework is gone. */
  #teardown: Promise<boolean> | undefined;

  constructor(options: SchedulerClientOptions) {
    this.#options = options;
    this.#endpoint = new Endpoint('/api/v1/scheduler', options);
    this.#store = options.frameworkStore ?? new MemoryFrameworkStore(options.framework.id?.value);
    this.#logger = options.logger ?? silentLogger;
    this.#frameworkId = options.framework.id?.value;
    if (options.acknowledge !== 'manual') this.#chain.add(this.#acknowledger());
  }

  get frameworkId(): string | undefined {
    return this.#frameworkId;
  }

  async *subscribe({ signal }: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<SchedulerClientEvent> {
    const { base = 100, cap = 15_000 } = this.#options.backoff ?? {};
    const backoff = new Backoff({ base, cap, random: this.#options.random });
    this.#session.begin();
    this.#teardown = undefined;
    /** Set while a subscription is to be told as lost. */
    let lost: Error | undefined;
    try {
      this.#frameworkId = (await this.#store.load()) ?? this.#frameworkId;
      for (;;) {
        signal?.throwIfAborted();
        let subscribed = false;
        let error: Error;
        let opened: Opened | undefined;
        try {
          opened = await this.#open(signal);
          const { stream, url } = opened;
          for (let records = await stream.read(); records; records = await stream.read()) {
            for (const record of records) {
              const event = this.#recognise(stream.decode(record), url);
              if (!event) continue;
              if (event.type === 'ERROR') throw await this.#judgeError(event.error.message, subscribed, url);
              if (event.type === 'SUBSCRIBED') {
                await this.#welcome(event.subscribed, opened);
                subscribed = true;
                lost = new UnreachableError(url, 'the iteration was left');
                backoff.reset();
              }
              if (this.#chain.handles(event.type)) yield* this.#chain.deliver(event);
              else yield event;
            }
          }
          error = new UnreachableError(this.#endpoint.url, 'the master ended the stream');
        } catch (thrown) {
          if (thrown instanceof MiddlewareFailure) throw thrown.thrown;
          error = thrown instanceof Error ? thrown : new Error(String(thrown));
        } finally {
          opened?.forget();
          await opened?.stream.close();
        }
        this.#session.disconnect();
        if (lost) lost = error;
        if (await this.#teardown) return;
        signal?.throwIfAborted();
        if (!(error instanceof MesosError) || !error.retryable) throw error;
        this.#logger.warn({ err: error, master: this.#endpoint.url.host }, 'not subscribed to a Mesos master');
        if (subscribed) {
          this.counters.disconnections += 1;
          lost = undefined;
          yield* this.#chain.deliver({ type: 'DISCONNECTED', disconnected: { error } });
        }
        this.#endpoint.rotate();
        await backoff.wait(signal);
      }
    } finally {
      this.#session.end();
      // The consumer knows why it ends; what middleware holds, offers for instance, is void.
      if (lost) await this.#chain.notify({ type: 'DISCONNECTED', disconnected: { error: lost } }, this.#logger);
    }
  }

  async call(call: SchedulerCallBody, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    return this.#chain.call(call, (current) => this.#perform(current, signal));
  }

  use(middleware: SchedulerMiddleware): () => void {
    return this.#chain.add(middleware);
  }

  close(): void {
    this.#endpoint.close();
  }

  async #perform(call: SchedulerCallBody, signal: AbortSignal | undefined): Promise<void> {
    validateCall('SchedulerCall', call);
    const subscription = this.#session.current(call.type);
    if (call.type !== 'TEARDOWN') return this.#send(call, subscription, signal);
    const sent = this.#send(call, subscription, signal);
    this.#teardown = sent.then(
      () => true,
      () => false,
    );
    await sent;
    await this.#store.clear();
    this.#frameworkId = undefined;
    subscription.stream.cut(new UnreachableError(this.#endpoint.url, 'the framework was torn down'));
  }

  #acknowledger(): SchedulerMiddleware {
    return createAcknowledger({
      // Without a subscription there is nothing to say: the update comes again with the next one.
      call: (call) => (this.#session.phase === 'subscribed' ? this.call(call) : Promise.resolve()),
      wait: this.#options.acknowledge === 'awaited',
      logger: this.#logger,
    });
  }

  /** Undefined for an event that this client does not know. */
  #recognise(received: { type: string }, url: URL): SchedulerEvent | undefined {
    count(this.counters.events, received.type);
    if (isEventOf<SchedulerEvent>(SCHEDULER_EVENTS, received, url)) return received;
    this.#logger.warn({ type: received.type }, 'event of an unknown type dropped');
    return undefined;
  }

  async #welcome(subscribed: Subscribed, { stream, streamId }: Opened): Promise<void> {
    await this.#remember(subscribed.framework_id.value);
    stream.expectHeartbeats(subscribed.heartbeat_interval_seconds);
    this.#session.subscribe({ streamId, stream });
    this.counters.subscriptions += 1;
  }

  /** One stream: its answer has begun. */
  async #open(signal: AbortSignal | undefined): Promise<Opened> {
    this.counters.subscribes += 1;
    const codec = await this.#loadCodec();
    const exchange = await this.#endpoint.send({
      what: 'SUBSCRIBE',
      body: codec.encode('SchedulerCall', this.#subscribeCall()),
      connection: 'own',
      signal,
    });
    const { url, response } = exchange;
    if (response.status === 400 || response.status === 406)
      throw new SubscriptionRefusedError(await readReason(exchange), url);
    if (response.status !== 200) throw await refusal(exchange, 'SUBSCRIBE');
    const streamId = response.headers['mesos-stream-id'];
    if (streamId === undefined) {
      response.abort();
      throw new ProtocolError(url, 'a subscription without Mesos-Stream-Id');
    }
    const stream = new EventStream(exchange, codec, 'SchedulerEvent');
    // A master that has lost its leadership may not know it: what it says is void.
    const forget = this.#endpoint.onOtherLeader(() => {
      stream.cut(new UnreachableError(url, 'another master leads now'));
    });
    return { stream, streamId, url, forget };
  }

  async #loadCodec(): Promise<Codec> {
    return (this.#codec ??= await loadCodec(this.#options));
  }

  #subscribeCall(): SchedulerCall {
    const { framework, suppressedRoles, offerConstraints } = this.#options;
    const id = this.#frameworkId === undefined ? undefined : { value: this.#frameworkId };
    const call: SchedulerCall = {
      type: 'SUBSCRIBE',
      subscribe: {
        framework_info: { ...framework, id },
        ...(suppressedRoles && { suppressed_roles: [...suppressedRoles] }),
        ...(offerConstraints && { offer_constraints: offerConstraints }),
      },
      framework_id: id,
    };
    validateCall('SchedulerCall', call);
    return call;
  }

  async #remember(frameworkId: string): Promise<void> {
    if (this.#frameworkId !== undefined && this.#frameworkId !== frameworkId) {
      this.#logger.warn({ was: this.#frameworkId, is: frameworkId }, 'the master gave the framework another id');
    }
    if ((await this.#store.load()) !== frameworkId) await this.#store.save(frameworkId);
    this.#frameworkId = frameworkId;
  }

  /** The texts are those of src/master/master.cpp, and recorded. */
  async #judgeError(message: string, subscribed: boolean, url: URL): Promise<MesosError> {
    if (message === 'Framework failed over') return new FencedError(message);
    if (message === 'Framework has been removed') {
      const removed = new FrameworkRemovedError(this.#frameworkId ?? '', message);
      await this.#store.clear();
      this.#frameworkId = undefined;
      return removed;
    }
    return subscribed
      ? new UnreachableError(url, `ERROR event: ${message}`)
      : new SubscriptionRefusedError(message, url);
  }

  async #send(call: SchedulerCallBody, subscription: Subscription, signal: AbortSignal | undefined): Promise<void> {
    count(this.counters.calls, call.type);
    try {
      await this.#attempt(call, subscription, signal);
    } catch (error) {
      count(this.counters.failures, call.type);
      throw error;
    }
  }

  async #attempt(call: SchedulerCallBody, subscription: Subscription, signal: AbortSignal | undefined): Promise<void> {
    const body: SchedulerCall = { framework_id: { value: this.#frameworkId ?? '' }, ...call };
    const message = {
      what: call.type,
      // A subscription has loaded it: calls are sent in the order they are made.
      body: (this.#codec ?? (await this.#loadCodec())).encode('SchedulerCall', body),
      connection: call.type.startsWith('ACKNOWLEDGE') ? ('acknowledgements' as const) : ('calls' as const),
      headers: { 'Mesos-Stream-Id': subscription.streamId },
      // Another master than the one that holds the stream would not know the stream id.
      follow: false,
      signal,
    };
    const exchange = await this.#endpoint.send(message).catch((error: unknown) => {
      const repeat = error instanceof UnreachableError && error.reused && REPEATABLE.has(call.type);
      if (!repeat) throw error;
      return this.#endpoint.send(message);
    });
    const { status } = exchange.response;
    if (status === 202 || status === 200) {
      await discard(exchange);
      return;
    }
    throw this.#lose(await refusal(exchange, call.type), subscription);
  }

  /** Draws the consequences of a refusal for the stream, if it is still the current one. */
  #lose(error: MesosHttpError, subscription: Subscription): MesosError {
    const fenced = error.status === 400 && error.serverText.includes("didn't match the stream ID");
    if (!this.#session.isCurrent(subscription)) return error;
    const cause = fenced ? new FencedError(error.serverText) : error;
    if (fenced || error.subscriptionLost) subscription.stream.cut(cause);
    return cause;
  }
}

function count(counters: Record<string, number>, name: string): void {
  counters[name] = (counters[name] ?? 0) + 1;
}
