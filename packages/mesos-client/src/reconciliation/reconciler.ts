import { setTimeout as delay } from 'node:timers/promises';
import { boundDelay } from '../delay.js';
import { silentLogger, type Logger } from '../logger.js';
import { reconcile } from '../scheduler/calls.js';
import type { SchedulerMiddleware } from '../scheduler/middleware.js';
import type { SchedulerClientEvent } from '../scheduler/options.js';
import type { ReconcileTask, SchedulerCallBody } from '../types/scheduler.js';

/** What a reconciler works with. Times in milliseconds. */
export interface ReconcilerOptions {
  call: (call: SchedulerCallBody) => Promise<void>;
  /** The tasks that may be running, as the framework knows them when a run begins. */
  tasks: () => Iterable<ReconcileTask>;
  /** First wait for answers; it doubles from attempt to attempt. Default 5000. */
  wait?: number | undefined;
  /** The longest wait. Default 60000. */
  maxWait?: number | undefined;
  /** Between runs while the subscription lasts; 0 for none but after subscribing. Default 15 minutes. */
  interval?: number | undefined;
  /** Tasks asked for in one call. Default 10000. */
  batch?: number | undefined;
  /** Waits, or rejects when the signal aborts. Default: a timer. */
  sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  logger?: Logger | undefined;
}

/** What a run came to. */
export interface Reconciliation {
  /** Explicit calls: attempts, each in batches. */
  attempts: number;
  /** Tasks that were asked for, all of which have been answered. */
  tasks: number;
}

interface Run {
  readonly unanswered: Map<string, ReconcileTask>;
  readonly controller: AbortController;
  readonly result: Promise<Reconciliation>;
  answered: () => void;
}

/**
 * Brings a framework and the master to one mind about its tasks, as docs/reconciliation.md of Mesos says: asks for every task by name, again
 * and again with truncated exponential back-off for those that were not answered (the master does not answer for agents that it waits for),
 * then for all it knows. One run at a time; one begins with each subscription and ends with it.
 *
 * ```ts
 * const reconciler = new Reconciler({ call: (call) => scheduler.call(call), tasks: () => tracker.reconcilable() });
 * scheduler.use(reconciler.middleware);
 * ```
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #logger: Logger;
  #run: Run | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** Begins a run and gives its result; joins the one that is going on. Rejects when a call fails, or `stop` ends it. */
  run(): Promise<Reconciliation> {
    if (this.#run) return this.#run.result;
    const unanswered = new Map<string, ReconcileTask>();
    for (const task of this.#options.tasks()) unanswered.set(task.task_id.value, task);
    const controller = new AbortController();
    const begin = Promise.withResolvers<Reconciliation>();
    const run: Run = { unanswered, controller, result: begin.promise, answered: () => undefined };
    this.#run = run;
    this.#perform(run)
      .finally(() => {
        if (this.#run === run) this.#run = undefined;
      })
      .then(begin.resolve, begin.reject);
    return run.result;
  }

  /** Ends what is going on, and what was to come. */
  stop(reason: unknown = new Error('the reconciliation was stopped')): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#run?.controller.abort(reason);
    this.#run = undefined;
  }

  /** Follows an event. As a middleware the reconciler does so by itself. */
  observe(event: SchedulerClientEvent): void {
    if (event.type === 'DISCONNECTED') this.stop(event.disconnected.error);
    if (event.type === 'SUBSCRIBED') {
      this.stop();
      this.#begin();
    }
    if (event.type === 'UPDATE' && this.#run?.unanswered.delete(event.update.status.task_id.value)) {
      if (this.#run.unanswered.size === 0) this.#run.answered();
    }
  }

  readonly middleware: SchedulerMiddleware = {
    types: ['SUBSCRIBED', 'DISCONNECTED', 'UPDATE'],
    event: async (event, next) => {
      // The consumer may change its tasks when it hears of the subscription, so it hears first.
      if (event.type !== 'SUBSCRIBED') this.observe(event);
      await next();
      if (event.type === 'SUBSCRIBED') this.observe(event);
    },
  };

  #begin(): void {
    const { interval = 15 * 60_000 } = this.#options;
    this.run().then(
      (result) => this.#logger.debug(result, 'reconciled'),
      (error: unknown) => this.#logger.debug({ err: error }, 'reconciliation ended early'),
    );
    if (interval <= 0) return;
    this.#timer = setTimeout(() => this.#begin(), boundDelay(interval));
    this.#timer.unref();
  }

  async #perform(run: Run): Promise<Reconciliation> {
    const { call, wait = 5_000, maxWait = 60_000, sleep = defaultSleep } = this.#options;
    const { unanswered, controller } = run;
    const { signal } = controller;
    const tasks = unanswered.size;
    let attempts = 0;
    while (unanswered.size > 0) {
      const milliseconds = Math.min(maxWait, wait * 2 ** Math.min(attempts, 30));
      attempts += 1;
      const waiting = new AbortController();
      const answered = new Promise<void>((resolve) => (run.answered = resolve));
      try {
        for (const batch of this.#batches(unanswered)) {
          await call(reconcile(batch));
          signal.throwIfAborted();
        }
        if (unanswered.size > 0)
          await Promise.race([sleep(milliseconds, AbortSignal.any([signal, waiting.signal])), answered]);
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        waiting.abort();
      }
      signal.throwIfAborted();
      if (unanswered.size > 0) this.#logger.debug({ unanswered: unanswered.size, attempts }, 'not all tasks answered');
    }
    await call(reconcile());
    return { attempts, tasks };
  }

  *#batches(unanswered: ReadonlyMap<string, ReconcileTask>): Generator<ReconcileTask[]> {
    const { batch = 10_000 } = this.#options;
    const tasks = [...unanswered.values()];
    for (let at = 0; at < tasks.length; at += batch) yield tasks.slice(at, at + batch);
  }
}

async function defaultSleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false });
}
