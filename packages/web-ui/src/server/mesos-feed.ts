import { Backoff, type MasterClient, type MasterEvent } from '@kmd/mesos-client';
import { MesosMirror } from './mesos-mirror.js';
import { MesosReader, type Write } from './mesos-reader.js';

export interface FeedOptions {
  client: MasterClient;
  /** Milliseconds in which changes are gathered before a reader is told. Default 100. */
  gather?: number | undefined;
  /** Milliseconds between two looks at offers and resources, of which Mesos sends no events; only after some event. Default 1000. */
  settle?: number | undefined;
}

/**
 * Mesos for any number of readers, by one subscription that lives as long as there is a reader. The master's events tell of tasks, agents and
 * frameworks; what is offered, allocated and run by which executor they do not, so that this is asked for after events, and at each
 * heartbeat. A lost master is said, and looked for while somebody reads.
 */
export class MesosFeed {
  readonly #options: FeedOptions;
  readonly #readers = new Set<MesosReader>();
  #mirror: MesosMirror | undefined;
  #lost: string | undefined;
  #stop: AbortController | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Tells a reader the state, then what changes, until the signal aborts. Throws what its `write` throws. */
  async read(write: Write, signal: AbortSignal): Promise<void> {
    const reader = new MesosReader(write);
    if (this.#mirror) reader.begin(this.#mirror);
    if (this.#lost !== undefined) reader.oweLoss(this.#lost);
    this.#readers.add(reader);
    if (this.#stop === undefined) {
      this.#stop = new AbortController();
      void this.#follow(this.#stop.signal);
    }
    try {
      await reader.run(this.#options.gather ?? 100, signal);
    } finally {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) {
        this.#stop.abort();
        this.#stop = this.#mirror = this.#lost = undefined;
      }
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const backoff = new Backoff({ base: 200, cap: 5_000 });
    while (!signal.aborted) {
      const session = new FeedSession(this.#options, this.#readers);
      let why = 'the master ended the stream';
      try {
        await session.run(signal, (mirror) => {
          backoff.reset();
          this.#mirror = mirror;
          this.#lost = undefined;
          for (const reader of this.#readers) reader.begin(mirror);
        });
      } catch (error) {
        why = error instanceof Error ? error.message : String(error);
      } finally {
        session.end();
      }
      if (signal.aborted) return;
      this.#lost = why;
      for (const reader of this.#readers) reader.oweLoss(why);
      await backoff.wait(signal).catch(() => undefined);
    }
  }
}

/** One subscription, from its first event to its end. */
class FeedSession {
  readonly #options: FeedOptions;
  readonly #readers: ReadonlySet<MesosReader>;
  readonly #failure = Promise.withResolvers<never>();
  #settling: NodeJS.Timeout | undefined;
  #again = false;
  #asked = 0;

  constructor(options: FeedOptions, readers: ReadonlySet<MesosReader>) {
    this.#options = options;
    this.#readers = readers;
    this.#failure.promise.catch(() => undefined);
  }

  async run(signal: AbortSignal, onState: (mirror: MesosMirror) => void): Promise<void> {
    const { client } = this.#options;
    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
    const events = client.subscribe({ signal: both })[Symbol.asyncIterator]();
    let mirror: MesosMirror | undefined;
    try {
      for (;;) {
        const { done, value } = await Promise.race([events.next(), this.#failure.promise]);
        if (done === true) return;
        if (value.type === 'SUBSCRIBED') {
          const [version, roles] = await Promise.all([
            client.call({ type: 'GET_VERSION' }, { signal: both }),
            client.call({ type: 'GET_ROLES' }, { signal: both }),
          ]);
          const state = value.subscribed.get_state ?? {};
          mirror = new MesosMirror(version.get_version.version_info.version, state, roles.get_roles.roles ?? []);
          onState(mirror);
        } else if (mirror) {
          this.#tell(mirror, value);
          this.#settleSoon(mirror, both);
        }
      }
    } finally {
      end.abort();
    }
  }

  end(): void {
    clearTimeout(this.#settling);
  }

  #tell(mirror: MesosMirror, event: MasterEvent): void {
    switch (event.type) {
      case 'TASK_ADDED': {
        const keys = mirror.addTask(event.task_added.task);
        for (const reader of this.#readers) reader.oweTasks(keys);
        break;
      }
      case 'TASK_UPDATED': {
        const { framework_id: framework, status, state } = event.task_updated;
        const keys = mirror.updateTask(framework.value, state, status);
        for (const reader of this.#readers) reader.oweTasks(keys);
        break;
      }
      case 'HEARTBEAT':
        for (const reader of this.#readers) reader.oweHeartbeat();
        break;
      default:
    }
  }

  /** Asks soon for what events do not tell, and again for as long as there is news. */
  #settleSoon(mirror: MesosMirror, signal: AbortSignal): void {
    this.#again = true;
    if (this.#settling !== undefined) return;
    const { settle = 1_000 } = this.#options;
    const wait = Math.max(0, Math.min(settle, this.#asked + settle - performance.now()));
    this.#settling = setTimeout(() => {
      this.#again = false;
      this.#ask(mirror, signal).then((news) => {
        this.#settling = undefined;
        if ((news || this.#again) && !signal.aborted) this.#settleSoon(mirror, signal);
      }, this.#failure.reject);
    }, wait);
  }

  async #ask(mirror: MesosMirror, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#options;
    const [agents, frameworks, executors, roles] = await Promise.all([
      client.call({ type: 'GET_AGENTS' }, { signal }),
      client.call({ type: 'GET_FRAMEWORKS' }, { signal }),
      client.call({ type: 'GET_EXECUTORS' }, { signal }),
      client.call({ type: 'GET_ROLES' }, { signal }),
    ]);
    this.#asked = performance.now();
    const changes = mirror.settle({
      agents: agents.get_agents.agents ?? [],
      frameworks: frameworks.get_frameworks.frameworks ?? [],
      executors: executors.get_executors.executors ?? [],
      roles: roles.get_roles.roles ?? [],
    });
    for (const reader of this.#readers) reader.oweSettled(changes);
    return changes.others || changes.agents.length > 0;
  }
}
