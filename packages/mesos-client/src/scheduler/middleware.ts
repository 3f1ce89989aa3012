import type { Logger } from '../logger.js';
import type { SchedulerCallBody } from '../types/scheduler.js';
import type { SchedulerClientEvent } from './options.js';

/**
 * Code around what a scheduler client receives and sends. The first one used is the outermost.
 *
 * ```ts
 * scheduler.use({
 *   event: async (event, next) => {
 *     const started = performance.now();
 *     await next(); // the consumer of subscribe() has dealt with the event
 *     logger.info({ type: event.type, milliseconds: performance.now() - started });
 *   },
 * });
 * ```
 */
export interface SchedulerMiddleware {
  /** The events that `event` is called with. Default: all. */
  readonly types?: readonly SchedulerClientEvent['type'][] | undefined;
  /**
   * Called with every event before it is delivered. `next` passes it on and resolves when the consumer asks for the next event, so when it is
   * done with this one; it rejects when the consumer leaves the iteration instead. Without a call of `next` nobody gets the event. An error
   * ends the iteration. When the iteration ends with a subscription, DISCONNECTED comes here alone: nobody else is there to get it.
   */
  event?(event: SchedulerClientEvent, next: () => Promise<void>): Promise<void>;
  /** Called with every call before it is sent, acknowledgements included. `next` sends it, or another in its place. */
  call?(call: SchedulerCallBody, next: (call: SchedulerCallBody) => Promise<void>): Promise<void>;
}

/** What a middleware threw: no matter of the stream, it ends the iteration. */
export class MiddlewareFailure extends Error {
  override readonly name = 'MiddlewareFailure';
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super('a middleware failed');
    this.thrown = thrown;
  }
}

/** Rejection of `next` when the consumer does not come back. */
class ConsumerLeft extends Error {
  override readonly name = 'ConsumerLeft';
}

/** The middlewares of one client. */
export class MiddlewareChain {
  #middlewares: readonly SchedulerMiddleware[] = [];
  /** Those that want events of a type, as far as it was asked. */
  readonly #byType = new Map<SchedulerClientEvent['type'], readonly SchedulerMiddleware[]>();

  /** Gives the function that takes it out again. */
  add(middleware: SchedulerMiddleware): () => void {
    this.#middlewares = [...this.#middlewares, middleware];
    this.#byType.clear();
    return () => {
      this.#byType.clear();
      this.#middlewares = this.#middlewares.filter((other) => other !== middleware);
    };
  }

  /** Whether events of this type are handled by anybody. */
  handles(type: SchedulerClientEvent['type']): boolean {
    return this.#handlersOf(type).length > 0;
  }

  /** Yields the event once every middleware has passed it on, or not at all. Throws `MiddlewareFailure`. */
  async *deliver(event: SchedulerClientEvent): AsyncGenerator<SchedulerClientEvent> {
    const middlewares = this.#handlersOf(event.type);
    const reached = Promise.withResolvers<boolean>();
    const consumed = Promise.withResolvers<void>();
    consumed.promise.catch(() => undefined);
    const pass = async (index: number): Promise<void> => {
      const middleware = middlewares[index];
      if (middleware?.event) return middleware.event(event, () => pass(index + 1));
      reached.resolve(true);
      return consumed.promise;
    };
    const finished = pass(0);
    const ended = finished.then(
      () => undefined,
      (error: unknown) => {
        if (!(error instanceof ConsumerLeft)) throw new MiddlewareFailure(error);
      },
    );
    if (!(await Promise.race([reached.promise, ended.then(() => false)]))) return;
    let back = false;
    try {
      yield event;
      back = true;
      consumed.resolve();
    } finally {
      if (!back) {
        consumed.reject(new ConsumerLeft('the consumer of subscribe() has left'));
        ended.catch(() => undefined);
      }
    }
    await ended;
  }

  /** Tells an event that no consumer gets. What a middleware throws is logged. */
  async notify(event: SchedulerClientEvent, logger: Logger): Promise<void> {
    const middlewares = this.#handlersOf(event.type);
    const pass = async (index: number): Promise<void> => middlewares[index]?.event?.(event, () => pass(index + 1));
    await pass(0).catch((error: unknown) => logger.error({ err: error, type: event.type }, 'a middleware failed'));
  }

  #handlersOf(type: SchedulerClientEvent['type']): readonly SchedulerMiddleware[] {
    const known = this.#byType.get(type);
    if (known) return known;
    const handlers = this.#middlewares.filter(({ event, types }) => event && (types?.includes(type) ?? true));
    this.#byType.set(type, handlers);
    return handlers;
  }

  /** Sends a call through every middleware. */
  call(call: SchedulerCallBody, send: (call: SchedulerCallBody) => Promise<void>): Promise<void> {
    const middlewares = this.#middlewares;
    const pass = async (index: number, current: SchedulerCallBody): Promise<void> => {
      const middleware = middlewares[index];
      if (!middleware) return send(current);
      return middleware.call ? middleware.call(current, (next) => pass(index + 1, next)) : pass(index + 1, current);
    };
    return middlewares.length === 0 ? send(call) : pass(0, call);
  }
}
