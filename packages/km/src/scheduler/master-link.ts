import type { Logger } from '@kmd/kube-client';
import { MesosError, type SchedulerCallBody, type SchedulerClient } from '@kmd/mesos-client';
import { insist } from '../insist.js';

/** The framework's way to the master: calls, and what becomes of them when the subscription ends. */
export class MasterLink {
  readonly #client: SchedulerClient;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  /** Aborted while there is no subscription. */
  #subscription = new AbortController();

  constructor(client: SchedulerClient, { logger, signal }: { logger: Logger; signal: AbortSignal }) {
    this.#client = client;
    this.#logger = logger;
    this.#signal = signal;
    this.#subscription.abort();
  }

  /** The master has accepted the framework. */
  begin(): void {
    this.#subscription = new AbortController();
  }

  /** There is no subscription any more. */
  end(): void {
    this.#subscription.abort();
  }

  get isSubscribed(): boolean {
    return !this.#subscription.signal.aborted;
  }

  /** Says it once. Rejects with a `MesosError` where the master does not take it. */
  call(call: SchedulerCallBody): Promise<void> {
    return this.#client.call(call, { signal: this.#signal });
  }

  /**
   * Says it until the master has heard it or the subscription ends, and never rejects. What was not said by then is void (offers), or comes up
   * again when Mesos is asked about the tasks.
   */
  insist(call: SchedulerCallBody): Promise<void> {
    const logger = this.#logger;
    const { signal } = this.#subscription;
    const about = { call: call.type };
    const failure = 'call to the Mesos master failed';
    const say = async (): Promise<void> => {
      try {
        await this.call(call);
      } catch (error) {
        if (error instanceof MesosError && error.retryable) throw error;
        if (!signal.aborted) logger.warn({ err: error, ...about }, failure);
      }
    };
    return insist(say, { logger, signal, about, failure });
  }
}
