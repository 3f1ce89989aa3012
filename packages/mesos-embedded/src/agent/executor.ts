import type { ExecutorEvent, ExecutorInfo, Task, TaskGroupInfo, TaskInfo, TaskStatus } from '@kmd/mesos-client';
import { addResources, isTerminal, type Resource } from '@kmd/mesos-client';

import type { Timer } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import type { CommandRun } from './command-run.js';
import type { Journal } from './journal.js';
import type { Launched } from './launcher.js';
import type { SandboxUser } from './sandbox.js';

/** Who runs the tasks of an executor: a program of the framework's own, or the agent, for one command or a group of them. */
export type ExecutorKind = 'custom' | 'command' | 'default';

/** Mesos' own states of an executor. */
export type ExecutorState = 'REGISTERING' | 'RUNNING' | 'TERMINATING' | 'TERMINATED';

/** A task or a group that waits for its executor to subscribe. */
export type Queued = { task: TaskInfo } | { group: TaskGroupInfo };

export function tasksIn(item: Queued): readonly TaskInfo[] {
  return 'task' in item ? [item.task] : (item.group.tasks ?? []);
}

/** Why the tasks of an executor end, where it is not its own exit. */
export interface Termination {
  readonly state: TaskStatus['state'];
  readonly reason: NonNullable<TaskStatus['reason']>;
  readonly message: string;
}

/** How many ended tasks are remembered of an executor. */
const rememberedTasks = 200;

/** An executor on an agent: one run of it, in one sandbox. */
export class Executor {
  readonly id: string;
  readonly frameworkId: string;
  readonly info: ExecutorInfo;
  readonly kind: ExecutorKind;
  readonly containerId: string;
  readonly directory: string;
  /** As whom it runs, where that is not who the agent is. */
  readonly user: SandboxUser | undefined;
  /** Where its life is written down, if it shall outlive the agent. */
  readonly journal: Journal | undefined;
  state: ExecutorState = 'REGISTERING';
  /** While its files are on their way; aborting it ends the executor. */
  fetching: AbortController | undefined;
  launched: Launched | undefined;
  stream: EventStream | undefined;
  /** The commands that the agent runs for it, by task id. */
  readonly runs = new Map<string, CommandRun>();
  /** The ids of its tasks' own containers, by task id: those of a group have one. */
  readonly containers = new Map<string, string>();
  readonly queued: Queued[] = [];
  /** Every task that has not been completed (ended and acknowledged). */
  readonly tasks = new Map<string, Task>();
  readonly completedTasks: Task[] = [];
  termination: Termination | undefined;
  /** It ran before this agent did, and has to come back. */
  recovered = false;
  registrationTimer: Timer | undefined;
  shutdownTimer: Timer | undefined;
  heartbeatTimer: Timer | undefined;

  constructor(options: {
    info: ExecutorInfo;
    frameworkId: string;
    kind: ExecutorKind;
    containerId: string;
    directory: string;
    user?: SandboxUser | undefined;
    journal?: Journal | undefined;
  }) {
    this.info = options.info;
    this.id = options.info.executor_id.value;
    this.frameworkId = options.frameworkId;
    this.kind = options.kind;
    this.containerId = options.containerId;
    this.directory = options.directory;
    this.user = options.user;
    this.journal = options.journal;
  }

  /** The process of the executor, or that of the command it stands for. */
  get pid(): number | undefined {
    return this.launched?.pid ?? [...this.runs.values()][0]?.pid;
  }

  get ending(): boolean {
    return this.state === 'TERMINATING' || this.state === 'TERMINATED';
  }

  /** Whether none of its tasks runs. */
  get idle(): boolean {
    return [...this.tasks.values()].every((task) => isTerminal(task.state));
  }

  send(event: ExecutorEvent): void {
    this.stream?.send(event);
  }

  /** The tasks that have not been sent to the executor yet. */
  get queuedTasks(): TaskInfo[] {
    return this.queued.flatMap(tasksIn);
  }

  /** The executor's own resources and those of its tasks. */
  get resources(): Resource[] {
    let all: Resource[] = this.info.resources ?? [];
    for (const task of this.tasks.values()) {
      if (!isTerminal(task.state)) all = addResources(all, task.resources ?? []);
    }
    return all;
  }

  complete(task: Task): void {
    this.tasks.delete(task.task_id.value);
    this.completedTasks.push(task);
    if (this.completedTasks.length > rememberedTasks) this.completedTasks.shift();
  }

  cancelTimers(): void {
    this.registrationTimer?.cancel();
    this.shutdownTimer?.cancel();
    this.heartbeatTimer?.cancel();
  }
}
