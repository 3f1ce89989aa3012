import { join } from 'node:path';

import type { FrameworkInfo, TaskGroupInfo, TaskInfo, TaskStatus } from '@kmd/mesos-client';
import { isTerminal, printDuration } from '@kmd/mesos-client';

import type { Timer } from '../clock.js';
import type { Agent } from './agent.js';
import { goOnWith } from './commands.js';
import { shutdown, terminated } from './ending.js';
import { Executor } from './executor.js';
import { AgentFramework } from './framework.js';
import type { Entry, Journal } from './journal.js';
import type { Kept } from './leftovers.js';
import { agentUpdate, describeTask, forgetIfOver, note } from './task-statuses.js';

/** What an agent does before it registers: it takes over what the one before it left, and waits for executors to come back. */
export class Recovery {
  readonly #agent: Agent;
  readonly #pids = new Set<number>();
  readonly #sandboxes: string[] = [];
  readonly #began: number;
  #timer: Timer | undefined;
  /** Whether executors are still waited for: until then most calls are refused. */
  underWay = true;
  #over: () => void = () => undefined;

  constructor(agent: Agent) {
    this.#agent = agent;
    this.#began = agent.clock.now();
  }

  /** Reads what is left, and takes over what runs. Returns what must not be ended. */
  takeOver(): Kept {
    const agent = this.#agent;
    for (const { info, runs } of agent.checkpoint.frameworks(agent.id ?? '')) {
      for (const journal of runs) this.#restore(info, journal);
    }
    return { pids: this.#pids, sandboxes: this.#sandboxes };
  }

  /** Waits until every executor has come back, has ended, or has had its time. */
  wait(): Promise<void> {
    const agent = this.#agent;
    return new Promise((resolve) => {
      this.#over = () => {
        this.#timer?.cancel();
        this.underWay = false;
        this.#over = () => undefined;
        agent.counters.recoverySeconds = (agent.clock.now() - this.#began) / 1000;
        resolve();
      };
      this.#timer = agent.clock.after(agent.flags.executorReregistrationTimeout, () => {
        // The agent registers with them, then tells of their end (trace 34).
        const late = this.#missing;
        this.#over();
        for (const executor of late) this.#giveUp(executor);
      });
      this.executorCame();
    });
  }

  /** An executor has come back, or has ended. */
  executorCame(): void {
    if (this.#missing.length === 0) this.#over();
  }

  /** Ends everything that was taken over, and waits for that; the next agent on the folder begins anew. */
  async cleanUp(): Promise<void> {
    this.#agent.checkpoint.forget();
    const executors = [...this.#agent.frameworks.values()].flatMap(({ executors: all }) => [...all.values()]);
    for (const executor of executors) shutdown(this.#agent, executor);
    await this.#agent.processes.end(this.#agent.flags.executorShutdownGracePeriod);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#over = () => undefined;
  }

  get #missing(): Executor[] {
    return [...this.#agent.frameworks.values()].flatMap(({ executors }) =>
      [...executors.values()].filter(({ recovered, ending }) => recovered && !ending),
    );
  }

  #giveUp(executor: Executor): void {
    const { flags, frameworks } = this.#agent;
    executor.termination = {
      state: frameworks.get(executor.frameworkId)?.gone ?? 'TASK_LOST',
      reason: 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT',
      message: `Executor did not reregister within ${printDuration(flags.executorReregistrationTimeout)}`,
    };
    executor.state = 'TERMINATING';
    executor.launched?.kill('SIGKILL');
  }

  #restore(info: FrameworkInfo, journal: Journal): void {
    const agent = this.#agent;
    const entries = journal.read();
    const [run] = entries;
    if (run?.entry !== 'run') {
      journal.remove();
      return;
    }
    const id = info.id?.value ?? '';
    let framework = agent.frameworks.get(id);
    if (framework === undefined) agent.frameworks.set(id, (framework = new AgentFramework(info)));
    const executor = new Executor({ ...run, frameworkId: id, journal });
    const story = readStory(entries, executor);
    for (const { status, acknowledged } of story.updates) agent.updates.recover(id, status, acknowledged);
    if (story.ended) {
      executor.state = 'TERMINATED';
      framework.completedExecutors.push(executor);
      forgetIfOver(agent, executor);
      return;
    }
    framework.executors.set(executor.id, executor);
    this.#sandboxes.push(executor.directory);
    if (executor.kind === 'custom') this.#takeOverExecutor(framework, executor, story);
    else this.#takeOverCommands(framework, executor, story);
  }

  #takeOverExecutor(framework: AgentFramework, executor: Executor, story: Story): void {
    const agent = this.#agent;
    const launched = agent.processes.takeOver({
      folder: folderOf(agent, executor, 'executor'),
      sandbox: executor.directory,
      ...story.processes.get(undefined),
    });
    if (launched === undefined) {
      executor.termination = restarted(framework);
      terminated(agent, executor, { code: null, signal: 'SIGKILL' });
      return;
    }
    if (launched.pid !== undefined) this.#pids.add(launched.pid);
    executor.launched = launched;
    executor.recovered = true;
    executor.queued.push(...story.queued);
    agent.processes.watch(launched, (exit) => {
      terminated(agent, executor, exit);
    });
  }

  #takeOverCommands(framework: AgentFramework, executor: Executor, story: Story): void {
    const agent = this.#agent;
    executor.state = 'RUNNING';
    for (const task of story.tasks.values()) {
      const taskId = task.task_id.value;
      const state = executor.tasks.get(taskId)?.state;
      if (state === undefined || isTerminal(state)) continue;
      const containerId = executor.containers.get(taskId);
      const process = story.processes.get(taskId);
      const launched = agent.processes.takeOver({
        folder: folderOf(agent, executor, containerId ?? 'command'),
        sandbox: containerId === undefined ? executor.directory : join(executor.directory, 'containers', containerId),
        ...process,
      });
      if (launched === undefined) {
        agentUpdate(agent, framework.id, executor.id, taskId, restarted(framework));
        continue;
      }
      if (launched.pid !== undefined) this.#pids.add(launched.pid);
      const killUntil = story.kills.get(taskId);
      goOnWith(agent, framework, executor, task, launched, {
        state,
        began: process?.at ?? agent.clock.now(),
        killUntil,
      });
    }
    // A group that lost one of its tasks shares its fate, as ever.
    if (executor.runs.size === 0) terminated(agent, executor, { code: 0, signal: null });
  }
}

function folderOf(agent: Agent, { journal }: Executor, process: string): string {
  return journal === undefined ? '' : agent.checkpoint.witness(journal, process);
}

/** Of a task that the agent before this one did not come to start. */
function restarted(framework: AgentFramework) {
  return {
    state: framework.lost,
    reason: 'REASON_AGENT_RESTARTED',
    message: 'Task launched during agent restart',
  } as const;
}

/** What a journal tells of a run. */
interface Story {
  readonly tasks: Map<string, TaskInfo>;
  /** By task id; that of the executor itself under undefined. */
  readonly processes: Map<string | undefined, Entry & { entry: 'process' }>;
  readonly kills: Map<string, number>;
  readonly updates: readonly { status: TaskStatus; acknowledged: boolean }[];
  /** What the executor was never sent. */
  readonly queued: readonly ({ task: TaskInfo } | { group: TaskGroupInfo })[];
  readonly ended: boolean;
}

/** Reads a journal, and brings the tasks of an executor to where it ends. */
function readStory(entries: readonly Entry[], executor: Executor): Story {
  const tasks = new Map<string, TaskInfo>();
  const groups = new Map<string, string | undefined>();
  const processes = new Map<string | undefined, Entry & { entry: 'process' }>();
  const kills = new Map<string, number>();
  const statuses: TaskStatus[] = [];
  const acknowledged = new Set<string>();
  const delivered = new Set<string>();
  let ended = false;
  for (const entry of entries) {
    switch (entry.entry) {
      case 'task': {
        const taskId = entry.task.task_id.value;
        tasks.set(taskId, entry.task);
        groups.set(taskId, entry.group);
        if (entry.containerId !== undefined) executor.containers.set(taskId, entry.containerId);
        executor.tasks.set(taskId, describeTask(entry.task, executor.frameworkId, executor));
        break;
      }
      case 'process':
        processes.set(entry.taskId, entry);
        break;
      case 'delivered':
        for (const taskId of entry.taskIds) delivered.add(taskId);
        break;
      case 'update': {
        const task = executor.tasks.get(entry.status.task_id.value);
        if (task !== undefined) note(task, entry.status);
        statuses.push(entry.status);
        break;
      }
      case 'acknowledged': {
        acknowledged.add(entry.uuid);
        const task = executor.tasks.get(entry.taskId);
        const last = statuses.find(({ uuid }) => uuid === entry.uuid);
        if (task !== undefined && last !== undefined && isTerminal(last.state)) executor.complete(task);
        break;
      }
      case 'kill':
        kills.set(entry.taskId, entry.until);
        break;
      case 'ended':
        ended = true;
        break;
      case 'run':
        break;
    }
  }
  const updates = statuses
    .filter(({ task_id }) => executor.tasks.has(task_id.value))
    .map((status) => ({ status, acknowledged: acknowledged.has(status.uuid ?? '') }));
  return { tasks, processes, kills, updates, queued: queuedOf(executor, tasks, groups, delivered), ended };
}

function queuedOf(
  executor: Executor,
  tasks: ReadonlyMap<string, TaskInfo>,
  groups: ReadonlyMap<string, string | undefined>,
  delivered: ReadonlySet<string>,
): Story['queued'] {
  const waiting = [...tasks.values()].filter(({ task_id: { value } }) => {
    const state = executor.tasks.get(value)?.state;
    return state !== undefined && !isTerminal(state) && !delivered.has(value);
  });
  const single = waiting.filter(({ task_id }) => groups.get(task_id.value) === undefined);
  const grouped = Map.groupBy(waiting, ({ task_id }) => groups.get(task_id.value));
  grouped.delete(undefined);
  return [...single.map((task) => ({ task })), ...[...grouped.values()].map((list) => ({ group: { tasks: list } }))];
}
