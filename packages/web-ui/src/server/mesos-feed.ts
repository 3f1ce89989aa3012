import { Backoff, type MasterClient, type MasterEvent } from '@kmd/mesos-client';
import type { AgentView, MesosUpdate, TaskView } from '../mesos-view.js';
import {
  describeAgent,
  describeExecutor,
  describeFramework,
  describeRole,
  describeStatus,
  describeTask,
  stateOf,
} from './describe.js';

export interface FeedOptions {
  client: MasterClient;
  signal: AbortSignal;
  /** Resolves when the reader wants more. */
  write: (update: MesosUpdate) => Promise<void>;
  /** Milliseconds in which events are gathered before they are written. Default 100. */
  gather?: number | undefined;
  /** Milliseconds between two looks at offers and resources, of which Mesos sends no events; only after some event. Default 1000. */
  settle?: number | undefined;
}

/**
 * One reader's view of Mesos: the state, then what changes. The master's events tell of tasks, agents and frameworks; what is offered,
 * allocated and run by which executor they do not, so that this is asked for after events, and at each heartbeat. A lost master is said, and
 * looked for until the signal aborts.
 */
export async function feedMesos(options: FeedOptions): Promise<void> {
  const backoff = new Backoff({ base: 200, cap: 5_000 });
  while (!options.signal.aborted) {
    const session = new FeedSession(options);
    try {
      await session.run(() => backoff.reset());
      await options.write({ type: 'lost', error: 'the master ended the stream' });
    } catch (error) {
      if (options.signal.aborted) return;
      await options.write({ type: 'lost', error: error instanceof Error ? error.message : String(error) });
    } finally {
      session.end();
    }
    await backoff.wait(options.signal).catch(() => undefined);
  }
}

class FeedSession {
  readonly #options: FeedOptions;
  readonly #tasks = new Map<string, TaskView>();
  readonly #changedTasks = new Set<string>();
  /** What was written of each agent. */
  readonly #agents = new Map<string, string>();
  #written = '';
  #gathering: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #asking = false;
  #asked = 0;
  readonly #failure = Promise.withResolvers<never>();

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#failure.promise.catch(() => undefined);
  }

  async run(onSubscribed: () => void): Promise<void> {
    const { client, signal } = this.#options;
    const end = new AbortController();
    const events = client.subscribe({ signal: AbortSignal.any([signal, end.signal]) })[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await Promise.race([events.next(), this.#failure.promise]);
        if (done === true) return;
        await this.#take(value);
        if (value.type === 'SUBSCRIBED') onSubscribed();
      }
    } finally {
      end.abort();
    }
  }

  end(): void {
    clearTimeout(this.#gathering);
    clearTimeout(this.#settling);
    this.#gathering = this.#settling = undefined;
  }

  async #take(event: MasterEvent): Promise<void> {
    switch (event.type) {
      case 'SUBSCRIBED': {
        const { get_state: state = {} } = event.subscribed;
        const [version, roles] = await Promise.all([
          this.#options.client.call({ type: 'GET_VERSION' }, this.#options),
          this.#options.client.call({ type: 'GET_ROLES' }, this.#options),
        ]);
        const { get_tasks: tasks = {} } = state;
        for (const task of [
          ...(tasks.tasks ?? []),
          ...(tasks.unreachable_tasks ?? []),
          ...(tasks.completed_tasks ?? []),
        ])
          this.#tasks.set(keyOf(task), describeTask(task));
        const agents = (state.get_agents?.agents ?? []).map(describeAgent);
        for (const agent of agents) this.#agents.set(agent.id, JSON.stringify(agent));
        await this.#options.write({
          type: 'state',
          version: version.get_version.version_info.version,
          agents,
          frameworks: (state.get_frameworks?.frameworks ?? []).map(describeFramework),
          executors: (state.get_executors?.executors ?? []).map(describeExecutor),
          roles: (roles.get_roles.roles ?? []).map(describeRole),
          tasks: [...this.#tasks.values()],
        });
        return;
      }
      case 'TASK_ADDED': {
        const { task } = event.task_added;
        this.#changed(keyOf(task), describeTask(task));
        break;
      }
      case 'TASK_UPDATED': {
        const { framework_id: framework, status, state } = event.task_updated;
        const key = keyOf({ framework_id: framework, task_id: status.task_id });
        const task = this.#tasks.get(key);
        if (task)
          this.#changed(key, { ...task, ...stateOf(state), statuses: [...task.statuses, describeStatus(status)] });
        break;
      }
      case 'HEARTBEAT':
        await this.#options.write({ type: 'heartbeat' });
        break;
      default:
    }
    this.#settleSoon();
  }

  #changed(key: string, task: TaskView): void {
    this.#tasks.set(key, task);
    this.#changedTasks.add(key);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const changed = [...this.#changedTasks].flatMap((name) => this.#tasks.get(name) ?? []);
      this.#changedTasks.clear();
      this.#options.write({ type: 'tasks', changed }).catch(this.#failure.reject);
    }, this.#options.gather ?? 100);
  }

  #settleSoon(): void {
    if (this.#asking) return;
    const { settle = 1_000 } = this.#options;
    this.#settling ??= setTimeout(
      () => {
        this.#settling = undefined;
        this.#asking = true;
        this.#ask()
          .catch(this.#failure.reject)
          .finally(() => (this.#asking = false));
      },
      Math.max(0, Math.min(settle, this.#asked + settle - performance.now())),
    );
  }

  async #ask(): Promise<void> {
    const { client, write } = this.#options;
    const [agents, frameworks, executors, roles] = await Promise.all([
      client.call({ type: 'GET_AGENTS' }, this.#options),
      client.call({ type: 'GET_FRAMEWORKS' }, this.#options),
      client.call({ type: 'GET_EXECUTORS' }, this.#options),
      client.call({ type: 'GET_ROLES' }, this.#options),
    ]);
    this.#asked = performance.now();
    const gone = new Set(this.#agents.keys());
    const changed: AgentView[] = [];
    for (const agent of (agents.get_agents.agents ?? []).map(describeAgent)) {
      const text = JSON.stringify(agent);
      gone.delete(agent.id);
      if (this.#agents.get(agent.id) === text) continue;
      this.#agents.set(agent.id, text);
      changed.push(agent);
    }
    for (const id of gone) this.#agents.delete(id);
    if (changed.length + gone.size > 0) await write({ type: 'agents', changed, removed: [...gone] });
    const update: MesosUpdate = {
      type: 'frameworks',
      frameworks: (frameworks.get_frameworks.frameworks ?? []).map(describeFramework),
      executors: (executors.get_executors.executors ?? []).map(describeExecutor),
      roles: (roles.get_roles.roles ?? []).map(describeRole),
    };
    const text = JSON.stringify(update);
    if (text === this.#written) return;
    this.#written = text;
    await write(update);
  }
}

const keyOf = ({
  framework_id: framework,
  task_id: task,
}: {
  framework_id: { value: string };
  task_id: { value: string };
}): string => `${framework.value} ${task.value}`;
