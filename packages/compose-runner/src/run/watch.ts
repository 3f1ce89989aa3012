import type { ContainerState, DockerEngine } from '../engine/docker-engine.js';
import { EngineError } from '@kmd/image-builder';
import { label } from '../labels.js';

/** What may change the answer to "is it ready?"; health checks make events of their exec too, one each interval, which are passed over. */
const telling = /^(start|die|stop|kill|oom|destroy|pause|unpause|restart|health_status.*)$/;

/** Waits for containers of a project by what the engine tells of them, without asking again and again. */
export class ContainerWatch {
  readonly #engine: DockerEngine;
  readonly #project: string;
  readonly #closing = new AbortController();
  readonly #waiters = new Set<{ readonly name: string; wake(): void; fail(error: unknown): void }>();
  #listening: Promise<void> | undefined;

  constructor(engine: DockerEngine, project: string) {
    this.#engine = engine;
    this.#project = project;
  }

  #listen(): Promise<void> {
    this.#listening ??= (async () => {
      const { signal } = this.#closing;
      const events = await this.#engine.events([`${label.project}=${this.#project}`], { signal });
      void this.#follow(events);
    })();
    return this.#listening;
  }

  async #follow(events: Awaited<ReturnType<DockerEngine['events']>>): Promise<void> {
    let failure: unknown = new EngineError('engine-unreachable', 'the engine told no more events; did it stop?');
    try {
      for await (const { action, attributes } of events) {
        if (!telling.test(action)) continue;
        for (const waiter of this.#waiters) if (waiter.name === attributes['name']) waiter.wake();
      }
    } catch (error) {
      failure = error;
    }
    for (const waiter of this.#waiters) waiter.fail(failure);
    this.#listening = undefined;
  }

  /**
   * Inspects a container, now and whenever something happened to it, until `decide` gives an answer.
   * @throws what `decide` throws; the signal's reason; EngineError when the engine ends
   */
  async until<T>(container: string, decide: (state: ContainerState) => T | undefined, signal: AbortSignal): Promise<T> {
    await this.#listen();
    for (;;) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      promise.catch(() => undefined);
      const waiter = { name: container, wake: resolve, fail: reject };
      const abort = (): void => reject(signal.reason);
      this.#waiters.add(waiter);
      signal.addEventListener('abort', abort, { once: true });
      try {
        // Asked after the waiter stands: what happens in between wakes it.
        const answer = decide(await this.#engine.inspect(container, { signal }));
        if (answer !== undefined) return answer;
        await promise;
      } finally {
        signal.removeEventListener('abort', abort);
        this.#waiters.delete(waiter);
      }
    }
  }

  close(): void {
    this.#closing.abort();
  }
}
