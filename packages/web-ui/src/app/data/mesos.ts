import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  keyOfTask,
  type AgentView,
  type ExecutorView,
  type FrameworkView,
  type MesosUpdate,
  type OfferView,
  type RoleView,
  type TaskView,
} from '../../mesos-view.js';
import { Version } from './batch.js';
import { linesOf } from './lines.js';
import { problemOf, RequestError, type Problem } from './problem.js';
import { Retry } from './retry.js';

/** A master that is there sends something at least every fifteen seconds; after three times that the stream is dead. */
const SILENCE = 45_000;

class MesosState {
  readonly complete = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);
  /** Grows whenever the master is heard of though nothing has changed, and with each new stream. */
  readonly beat = signal(0);
  readonly #version = new Version();
  readonly #agents = new Map<string, AgentView>();
  readonly #tasks = new Map<string, TaskView>();
  #frameworks: FrameworkView[] = [];
  #executors: ExecutorView[] = [];
  #roles: RoleView[] = [];
  #masterVersion = '';
  #following = false;
  /** Made anew when something has changed, so that who derives something from them does it once a change. */
  #lists:
    | { agents: readonly AgentView[]; tasks: readonly TaskView[]; live: number; offers: readonly OfferView[] }
    | undefined;

  get agents(): readonly AgentView[] {
    return this.#read(this.#current.agents);
  }
  get tasks(): readonly TaskView[] {
    return this.#read(this.#current.tasks);
  }
  /** How many tasks have not ended. */
  get live(): number {
    return this.#read(this.#current.live);
  }
  get frameworks(): readonly FrameworkView[] {
    return this.#read(this.#frameworks);
  }
  get executors(): readonly ExecutorView[] {
    return this.#read(this.#executors);
  }
  get roles(): readonly RoleView[] {
    return this.#read(this.#roles);
  }
  get offers(): readonly OfferView[] {
    return this.#read(this.#current.offers);
  }
  get version(): string {
    return this.#read(this.#masterVersion);
  }

  /** By its id, which pods know; the framework's own name of it. */
  task(id: string): TaskView | undefined {
    return this.tasks.find((task) => task.id === id);
  }
  agent(id: string): AgentView | undefined {
    return this.#read(this.#agents.get(id));
  }

  /** One stream for the whole page, begun by the first who wants it. */
  want(): void {
    if (this.#following) return;
    this.#following = true;
    void this.#follow();
  }

  get #current() {
    if (this.#lists) return this.#lists;
    const tasks = [...this.#tasks.values()];
    return (this.#lists = {
      agents: [...this.#agents.values()],
      tasks,
      live: tasks.filter(({ over }) => !over).length,
      offers: this.#frameworks.flatMap(({ offers }) => offers),
    });
  }

  #read<T>(value: T): T {
    void this.#version.current;
    return value;
  }

  async #follow(): Promise<never> {
    const retry = new Retry();
    const forever = new AbortController().signal;
    for (;;) {
      const stop = new AbortController();
      let watchdog: ReturnType<typeof setTimeout> | undefined;
      const alive = (): void => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => stop.abort(new Error('no word from the Mesos master for 45 seconds')), SILENCE);
      };
      try {
        alive();
        const response = await fetch('./mesos', { signal: stop.signal, cache: 'no-store' });
        if (!response.ok) throw new RequestError(response.status, '', (await response.text()).slice(0, 300));
        if (response.body === null) throw new Error('the stream has no body');
        for await (const line of linesOf(response.body)) {
          alive();
          const update = JSON.parse(line) as MesosUpdate;
          this.#take(update);
          if (update.type !== 'lost') retry.reset();
        }
        this.problem.value = { kind: 'unreachable', message: 'the stream has ended' };
      } catch (error) {
        this.problem.value = problemOf(stop.signal.aborted ? stop.signal.reason : error);
      } finally {
        clearTimeout(watchdog);
      }
      await retry.wait(forever);
    }
  }

  #take(update: MesosUpdate): void {
    if (update.type === 'lost') {
      this.problem.value = { kind: 'unreachable', message: update.error };
      return;
    }
    this.problem.value = undefined;
    if (update.type === 'heartbeat' || update.type === 'state') this.beat.value += 1;
    switch (update.type) {
      case 'state':
        this.#agents.clear();
        this.#tasks.clear();
        for (const agent of update.agents) this.#agents.set(agent.id, agent);
        for (const task of update.tasks) this.#tasks.set(keyOfTask(task), task);
        this.#masterVersion = update.version;
        this.#setFrameworks(update);
        this.complete.value = true;
        break;
      case 'tasks':
        for (const task of update.changed) this.#tasks.set(keyOfTask(task), task);
        for (const key of update.removed) this.#tasks.delete(key);
        break;
      case 'agents':
        for (const agent of update.changed) this.#agents.set(agent.id, agent);
        for (const id of update.removed) this.#agents.delete(id);
        break;
      case 'frameworks':
        this.#setFrameworks(update);
        break;
      case 'heartbeat':
        return;
    }
    this.#lists = undefined;
    this.#version.grow();
  }

  #setFrameworks(update: { frameworks: FrameworkView[]; executors: ExecutorView[]; roles: RoleView[] }): void {
    this.#frameworks = update.frameworks;
    this.#executors = update.executors;
    this.#roles = update.roles;
  }
}

export const mesos = new MesosState();

export function useMesos(): MesosState {
  useEffect(() => mesos.want(), []);
  return mesos;
}
