import type { Backoff } from '../backoff.js';
import { MesosError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { IdentifiedStatus, Unacknowledged } from './unacknowledged.js';

/** What the queue works with. */
export interface UpdateQueueOptions {
  send: (status: IdentifiedStatus, signal: AbortSignal) => Promise<void>;
  unacknowledged: Unacknowledged;
  backoff: () => Backoff;
  logger: Logger;
}

interface Waiting {
  update: IdentifiedStatus;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Sends updates one after the other while there is a subscription. While there is none they wait in `Unacknowledged`, and the next
 * SUBSCRIBE tells them.
 */
export class UpdateQueue {
  readonly #options: UpdateQueueOptions;
  #waiting: Waiting[] = [];
  /** Set while there is a subscription. */
  #running: AbortController | undefined;
  #sending = false;

  constructor(options: UpdateQueueOptions) {
    this.#options = options;
  }

  add(update: IdentifiedStatus): Promise<void> {
    if (!this.#running) return Promise.resolve();
    const settled = new Promise<void>((resolve, reject) => this.#waiting.push({ update, resolve, reject }));
    void this.#drain(this.#running.signal);
    return settled;
  }

  /** A subscription began that has told these updates; those made since are still to be sent. */
  resume(told: readonly IdentifiedStatus[]): void {
    this.pause();
    this.#running = new AbortController();
    const known = new Set(told.map(({ uuid }) => uuid));
    for (const update of this.#options.unacknowledged.updates) {
      if (!known.has(update.uuid)) {
        const reject = (error: unknown) => this.#options.logger.error({ err: error, update }, 'update refused');
        this.#waiting.push({ update, resolve: () => undefined, reject });
      }
    }
    void this.#drain(this.#running.signal);
  }

  /** The subscription is gone: who waits need not, the updates are kept. */
  pause(): void {
    this.#running?.abort();
    this.#running = undefined;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  async #drain(signal: AbortSignal): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next = this.#waiting[0]; next && !signal.aborted; next = this.#waiting[0]) {
        await this.#deliver(next, signal);
        if (this.#waiting[0] === next) this.#waiting.shift();
      }
    } finally {
      this.#sending = false;
    }
    // A new subscription may have begun while the last attempt of the old one ended.
    if (this.#running && this.#waiting.length > 0) void this.#drain(this.#running.signal);
  }

  /** Tries until the agent has taken the update, refused it for good, or the subscription is gone. */
  async #deliver({ update, resolve, reject }: Waiting, signal: AbortSignal): Promise<void> {
    const { send, unacknowledged, backoff: makeBackoff, logger } = this.#options;
    const backoff = makeBackoff();
    while (!signal.aborted && unacknowledged.holds(update)) {
      try {
        await send(update, signal);
        break;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof MesosError) || !error.retryable) {
          unacknowledged.drop(update);
          reject(error);
          return;
        }
        logger.warn({ err: error, taskId: update.task_id.value, state: update.state }, 'update not taken yet');
        await backoff.wait(signal).catch(() => undefined);
      }
    }
    resolve();
  }
}
