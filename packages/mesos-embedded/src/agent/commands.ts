import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { TaskInfo, TaskState, TaskStatus } from '@kmd/mesos-client';

import type { Agent } from './agent.js';
import { CommandRun, type EarlierRun } from './command-run.js';
import { terminated } from './ending.js';
import type { Executor } from './executor.js';
import { ExecutorLog } from './executor-log.js';
import { describeExit } from './exit.js';
import type { AgentFramework } from './framework.js';
import type { Exit, Launched } from './launcher.js';
import { launchOptions, noteProcess, witnessOf } from './launching.js';
import { update } from './task-statuses.js';

/** How long Mesos' executor for one command stays when that has ended, in milliseconds (src/launcher/executor.cpp, MESOS-4111). */
const linger = 1000;

/** Runs the commands of tasks without an executor of their own; a group shares its fate. */
export function runCommands(
  agent: Agent,
  framework: AgentFramework,
  executor: Executor,
  tasks: readonly TaskInfo[],
): void {
  for (const task of tasks) {
    const run = commandRun(agent, framework, executor, task);
    const taskId = task.task_id.value;
    const log = logOf(agent, executor);
    const start = (): Launched => {
      log?.starting(taskId, agent.id ?? '', agent.info.hostname);
      const launched = agent.processes.start(task.command ?? {}, {
        ...surroundings(agent, framework, executor, task),
        ...witnessOf(agent, executor, executor.containers.get(taskId) ?? 'command'),
      });
      log?.forked(launched.pid);
      noteProcess(agent, executor, launched, taskId);
      agent.processes.watch(launched, () => undefined);
      return launched;
    };
    void run.run(start).then((exit) => {
      ended(agent, executor, run, exit);
    });
  }
}

/** Goes on with a command that an agent before this one started. */
export function goOnWith(
  agent: Agent,
  framework: AgentFramework,
  executor: Executor,
  task: TaskInfo,
  launched: Launched,
  earlier: EarlierRun,
): void {
  const run = commandRun(agent, framework, executor, task);
  agent.processes.watch(launched, () => undefined);
  void run.goOn(launched, earlier).then((exit) => {
    ended(agent, executor, run, exit);
  });
}

function commandRun(agent: Agent, framework: AgentFramework, executor: Executor, task: TaskInfo): CommandRun {
  const taskId = task.task_id.value;
  let killing = false;
  const run: CommandRun = new CommandRun({
    task,
    containerId: executor.containers.get(taskId),
    clock: agent.clock,
    killingState: framework.knows('TASK_KILLING_STATE'),
    surroundings: surroundings(agent, framework, executor, task),
    update: (state, fields) => {
      tell(agent, executor, run, state, fields);
    },
    killing: (until) => {
      executor.journal?.add({ entry: 'kill', taskId, until });
      if (!killing) logOf(agent, executor)?.killing(taskId, run.pid, Math.max(until - agent.clock.now(), 0));
      killing = true;
    },
  });
  executor.runs.set(taskId, run);
  return run;
}

/** A command of its own has an executor of its own, with a log; the sandbox of a group shows none. */
function logOf(agent: Agent, { kind, directory }: Executor): ExecutorLog | undefined {
  return kind === 'command' ? new ExecutorLog(directory, agent.clock) : undefined;
}

function surroundings(agent: Agent, framework: AgentFramework, executor: Executor, task: TaskInfo) {
  const containerId = executor.containers.get(task.task_id.value);
  const directory =
    containerId === undefined ? executor.directory : join(executor.directory, 'containers', containerId);
  mkdirSync(directory, { recursive: true });
  if (executor.user !== undefined) chownSync(directory, executor.user.uid, executor.user.gid);
  return launchOptions(agent, framework, executor, directory, task.command);
}

function tell(agent: Agent, executor: Executor, run: CommandRun, state: TaskState, fields: Partial<TaskStatus>): void {
  if (agent.closed) return;
  const parent = { value: executor.containerId };
  const nested = run.containerId;
  // Of a container in another one more is known only while it runs (trace 12).
  const known = nested === undefined || state === 'TASK_RUNNING' || state === 'TASK_KILLING';
  update(agent, executor, {
    task_id: run.task.task_id,
    state,
    source: 'SOURCE_EXECUTOR',
    executor_id: { value: executor.id },
    ...fields,
    container_status: {
      container_id: nested === undefined ? parent : { value: nested, parent },
      ...(known ? { network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: agent.address.ip }] }] } : {}),
      ...(known && run.pid !== undefined ? { executor_pid: run.pid } : {}),
    },
  });
}

function ended(agent: Agent, executor: Executor, run: CommandRun, exit: Exit): void {
  if (!agent.closed) logOf(agent, executor)?.ended(describeExit(exit), run.pid);
  executor.runs.delete(run.task.task_id.value);
  if (executor.kind === 'default' && (exit.code !== 0 || exit.signal !== null)) {
    for (const other of executor.runs.values()) other.kill();
  }
  if (executor.runs.size > 0) return;
  const end = (): void => {
    if (executor.runs.size === 0) terminated(agent, executor, { code: 0, signal: null });
  };
  if (executor.kind === 'default') end();
  else executor.shutdownTimer = agent.clock.after(linger, end);
}
