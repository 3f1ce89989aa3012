import { setTimeout as delay } from 'node:timers/promises';
import type { MesosUpdate } from '../mesos-view.js';
import type { MesosMirror } from './mesos-mirror.js';

/** Resolves when the reader wants more. */
export type Write = (update: MesosUpdate) => Promise<void>;

/**
 * One page that follows Mesos. It is owed only the names of what has changed; what it is told is how that is when it is ready to hear it. So a
 * slow reader costs no memory, and skips what has become old meanwhile.
 */
export class MesosReader {
  readonly #write: Write;
  #mirror: MesosMirror | undefined;
  #tasks = new Set<string>();
  #agents = new Set<string>();
  #others = false;
  #all = false;
  #alive = false;
  #lost: string | undefined;
  #wake: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(write: Write) {
    this.#write = write;
  }

  /** Everything is new. */
  begin(mirror: MesosMirror): void {
    this.#mirror = mirror;
    this.#all = true;
    this.#lost = undefined;
    this.#wake.resolve();
  }
  oweTasks(keys: readonly string[]): void {
    for (const key of keys) this.#tasks.add(key);
    if (keys.length > 0) this.#wake.resolve();
  }
  oweSettled({ agents, others }: { agents: readonly string[]; others: boolean }): void {
    for (const id of agents) this.#agents.add(id);
    this.#others ||= others;
    if (others || agents.length > 0) this.#wake.resolve();
  }
  oweHeartbeat(): void {
    this.#alive = true;
    this.#wake.resolve();
  }
  oweLoss(error: string): void {
    this.#lost = error;
    this.#wake.resolve();
  }

  /** Writes what is owed, at most once in `gather` milliseconds, until the signal aborts or a write fails. */
  async run(gather: number, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      await Promise.race([this.#wake.promise, aborted]);
      this.#wake = Promise.withResolvers();
      for (const update of this.#take()) {
        if (signal.aborted) return;
        await this.#write(update);
      }
      await delay(gather, undefined, { signal }).catch(() => undefined);
    }
  }

  *#take(): Generator<MesosUpdate> {
    const mirror = this.#mirror;
    const [all, tasks, agents, others, alive, lost] = [
      this.#all,
      this.#tasks,
      this.#agents,
      this.#others,
      this.#alive,
      this.#lost,
    ];
    this.#tasks = new Set();
    this.#agents = new Set();
    this.#all = this.#others = this.#alive = false;
    this.#lost = undefined;
    if (mirror) {
      const { version, frameworks, executors, roles } = mirror;
      const rest = { frameworks: [...frameworks], executors: [...executors], roles: [...roles] };
      if (all)
        yield {
          type: 'state',
          version,
          agents: [...mirror.agents.values()],
          tasks: [...mirror.tasks.values()],
          ...rest,
        };
      else {
        if (tasks.size > 0) yield { type: 'tasks', ...changesOf(tasks, mirror.tasks) };
        if (agents.size > 0) yield { type: 'agents', ...changesOf(agents, mirror.agents) };
        if (others) yield { type: 'frameworks', ...rest };
      }
    }
    if (lost !== undefined) yield { type: 'lost', error: lost };
    else if (alive) yield { type: 'heartbeat' };
  }
}

function changesOf<T>(keys: ReadonlySet<string>, all: ReadonlyMap<string, T>): { changed: T[]; removed: string[] } {
  return {
    changed: [...keys].flatMap((key) => all.get(key) ?? []),
    removed: [...keys].filter((key) => !all.has(key)),
  };
}
