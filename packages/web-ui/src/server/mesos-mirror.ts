import type {
  MasterAgent,
  MasterExecutor,
  MasterFramework,
  MasterGetState,
  RoleInfo,
  Task,
  TaskState,
  TaskStatus,
} from '@kmd/mesos-client';
import {
  keyOfTask,
  type AgentView,
  type ExecutorView,
  type FrameworkView,
  type RoleView,
  type TaskView,
} from '../mesos-view.js';
import {
  describeAgent,
  describeExecutor,
  describeFramework,
  describeRole,
  describeStatus,
  describeTask,
  stateOf,
} from './describe.js';

/** Ended tasks that are told: more of them are history, and would only grow. */
export const MAX_ENDED = 1_000;
/** Statuses of one task: the first tells its start, the last ones what it does now. */
export const MAX_STATUSES = 50;

/** What Mesos says of itself from time to time, of which it sends no events. */
export interface Settled {
  agents: readonly MasterAgent[];
  frameworks: readonly MasterFramework[];
  executors: readonly MasterExecutor[];
  roles: readonly RoleInfo[];
}

/** The state of Mesos as the page is told of it: the first state, then each event applied. Whatever changes is named to who asked. */
export class MesosMirror {
  readonly version: string;
  readonly agents = new Map<string, AgentView>();
  readonly tasks = new Map<string, TaskView>();
  frameworks: readonly FrameworkView[];
  executors: readonly ExecutorView[];
  roles: readonly RoleView[];
  /** Keys of ended tasks, those that ended first first. */
  readonly #ended = new Set<string>();

  constructor(version: string, state: MasterGetState, roles: readonly RoleInfo[]) {
    const { tasks = [], unreachable_tasks: unreachable = [], completed_tasks: completed = [] } = state.get_tasks ?? {};
    this.version = version;
    for (const task of [...completed, ...unreachable, ...tasks]) this.#put(describeTask(task));
    for (const agent of (state.get_agents?.agents ?? []).map(describeAgent)) this.agents.set(agent.id, agent);
    this.frameworks = (state.get_frameworks?.frameworks ?? []).map(describeFramework);
    this.executors = (state.get_executors?.executors ?? []).map(describeExecutor);
    this.roles = roles.map(describeRole);
  }

  /** Returns the keys of the tasks that are new, other or gone. */
  addTask(task: Task): string[] {
    return this.#put(describeTask(task));
  }

  /** As `addTask`. Nothing for a task that it was never told of. */
  updateTask(framework: string, state: TaskState, status: TaskStatus): string[] {
    const task = this.tasks.get(keyOfTask({ framework, id: status.task_id.value }));
    if (task === undefined) return [];
    const [first, ...rest] = [...task.statuses, describeStatus(status)];
    const statuses = first === undefined ? [] : [first, ...rest.slice(1 - MAX_STATUSES)];
    return this.#put({ ...task, ...stateOf(state), statuses });
  }

  /** Takes what has been asked for, and returns the ids of agents that are new, other or gone, and whether anything else has changed. */
  settle({ agents, frameworks, executors, roles }: Settled): { agents: string[]; others: boolean } {
    const changed: string[] = [];
    const gone = new Set(this.agents.keys());
    for (const agent of agents.map(describeAgent)) {
      gone.delete(agent.id);
      if (same(this.agents.get(agent.id), agent)) continue;
      this.agents.set(agent.id, agent);
      changed.push(agent.id);
    }
    for (const id of gone) this.agents.delete(id);
    const before = [this.frameworks, this.executors, this.roles];
    this.frameworks = frameworks.map(describeFramework);
    this.executors = executors.map(describeExecutor);
    this.roles = roles.map(describeRole);
    return {
      agents: [...changed, ...gone],
      others: !same(before, [this.frameworks, this.executors, this.roles]),
    };
  }

  #put(task: TaskView): string[] {
    const key = keyOfTask(task);
    this.tasks.set(key, task);
    this.#ended.delete(key);
    if (!task.over) return [key];
    this.#ended.add(key);
    if (this.#ended.size <= MAX_ENDED) return [key];
    const [oldest = key] = this.#ended;
    this.#ended.delete(oldest);
    this.tasks.delete(oldest);
    return [key, oldest];
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
