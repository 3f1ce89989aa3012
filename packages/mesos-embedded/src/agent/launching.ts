import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import type { CommandURI, ExecutorInfo, FrameworkInfo, TaskInfo } from '@kmd/mesos-client';
import { printDuration } from '@kmd/mesos-client';

import type { Agent } from './agent.js';
import { runCommands } from './commands.js';
import { executorEnvironment } from './environment.js';
import { executorExited, terminated } from './ending.js';
import { Executor, tasksIn, type ExecutorKind, type Queued, type Termination } from './executor.js';
import { deliver } from './executor-session.js';
import { copyFiles, downloadFiles, isRemote } from './fetching.js';
import { waitStatus } from './exit.js';
import { AgentFramework } from './framework.js';
import type { Launched, LaunchOptions } from './launcher.js';
import { startTime } from './process-facts.js';
import { foldersAbove, makeSandbox, type Sandbox } from './sandbox.js';
import { describeTask, fail } from './task-statuses.js';

/** A task or a group came from the master: it goes to its executor, which is started where it does not run. */
export function launch(
  agent: Agent,
  frameworkInfo: FrameworkInfo,
  info: ExecutorInfo,
  kind: ExecutorKind,
  item: Queued,
): void {
  const framework = admit(agent, frameworkInfo);
  const tasks = tasksIn(item);
  let executor = framework.executors.get(info.executor_id.value);
  if (executor?.ending === true) {
    fail(agent, framework.id, info.executor_id.value, tasks, {
      state: framework.lost,
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Executor terminating',
    });
    return;
  }
  if (executor?.kind === 'command' && executor.runs.size === 0 && executor.fetching === undefined) {
    // Its command is over, it only stays a while; a task of the same id is another one.
    terminated(agent, executor, { code: 0, signal: null });
    executor = undefined;
  }
  executor ??= start(agent, framework, info, kind, tasks);
  if (executor === undefined) return;
  const groupId = 'group' in item ? randomUUID() : undefined;
  for (const task of tasks) {
    executor.tasks.set(task.task_id.value, describeTask(task, framework.id, executor));
    const containerId = executor.kind === 'default' ? randomUUID() : undefined;
    if (containerId !== undefined) executor.containers.set(task.task_id.value, containerId);
    executor.journal?.add({ entry: 'task', task, containerId, group: groupId });
  }
  if (executor.fetching !== undefined) executor.queued.push(item);
  else if (executor.kind !== 'custom') runCommands(agent, framework, executor, tasks);
  else if (executor.state === 'RUNNING') deliver(executor, item);
  else executor.queued.push(item);
}

function admit(agent: Agent, info: FrameworkInfo): AgentFramework {
  const id = info.id?.value ?? '';
  let framework = agent.frameworks.get(id);
  if (framework === undefined) agent.frameworks.set(id, (framework = new AgentFramework(info)));
  framework.info = info;
  return framework;
}

function start(
  agent: Agent,
  framework: AgentFramework,
  info: ExecutorInfo,
  kind: ExecutorKind,
  tasks: readonly TaskInfo[],
): Executor | undefined {
  const executorId = info.executor_id.value;
  const containerId = randomUUID();
  const agentId = agent.id ?? 'unregistered';
  const command = kind === 'command' ? tasks[0]?.command : info.command;
  let sandbox: Sandbox;
  try {
    sandbox = makeSandbox({
      workDir: agent.workDir,
      agentId,
      frameworkId: framework.id,
      executorId,
      containerId,
      user: agent.flags.switchUser ? (command?.user ?? framework.info.user) : undefined,
    });
  } catch (error) {
    fail(agent, framework.id, executorId, tasks, {
      state: framework.lost,
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: error instanceof Error ? error.message : String(error),
    });
    executorExited(agent, kind, framework.id, executorId, 0);
    return undefined;
  }
  const uris = command?.uris ?? [];
  try {
    copyFiles(
      uris.filter((uri) => !isRemote(uri)),
      sandbox.directory,
    );
  } catch (error) {
    executorExited(agent, kind, framework.id, executorId, waitStatus({ code: 1, signal: null }));
    fail(agent, framework.id, executorId, tasks, fetchFailed(agent, containerId, error));
    return undefined;
  }
  const { directory, user } = sandbox;
  for (const folder of foldersAbove(directory)) agent.garbage.keep(folder);
  const outlives = framework.checkpoints && agent.survives;
  if (outlives) agent.checkpoint.setFramework(agentId, framework.info);
  const journal = outlives ? agent.checkpoint.journal(agentId, framework.id, executorId, containerId) : undefined;
  journal?.add({ entry: 'run', info, kind, containerId, directory, user });
  const executor = new Executor({ info, frameworkId: framework.id, kind, containerId, directory, user, journal });
  framework.executors.set(executor.id, executor);
  const remote = uris.filter(isRemote);
  if (remote.length > 0) {
    download(agent, framework, executor, remote);
    return executor;
  }
  agent.counters.fetched();
  begin(agent, framework, executor);
  return executor;
}

function begin(agent: Agent, framework: AgentFramework, executor: Executor): void {
  if (executor.kind === 'custom') {
    startProcess(agent, framework, executor);
    return;
  }
  executor.state = 'RUNNING';
  for (const item of executor.queued.splice(0)) runCommands(agent, framework, executor, tasksIn(item));
}

/** Starts an executor once its files are there; until then its tasks wait. */
function download(agent: Agent, framework: AgentFramework, executor: Executor, uris: readonly CommandURI[]): void {
  const stop = new AbortController();
  executor.fetching = stop;
  downloadFiles(uris, executor.directory, executor.user, stop.signal).then(
    () => {
      executor.fetching = undefined;
      if (agent.closed || executor.ending) return;
      agent.counters.fetched();
      begin(agent, framework, executor);
    },
    (error: unknown) => {
      executor.fetching = undefined;
      if (!stop.signal.aborted) executor.termination = fetchFailed(agent, executor.containerId, error);
      terminated(agent, executor, { code: 1, signal: null });
    },
  );
}

function fetchFailed(agent: Agent, containerId: string, error: unknown): Termination {
  const why = error instanceof Error ? error.message : String(error);
  agent.counters.fetchesFailed += 1;
  agent.counters.containerLaunchErrors += 1;
  return {
    state: 'TASK_FAILED',
    reason: 'REASON_CONTAINER_LAUNCH_FAILED',
    message: `Failed to launch container: Failed to fetch all URIs for container '${containerId}': ${why}`,
  };
}

function startProcess(agent: Agent, framework: AgentFramework, executor: Executor): void {
  const launched = agent.processes.start(executor.info.command ?? {}, {
    ...launchOptions(agent, framework, executor, executor.directory),
    ...witnessOf(agent, executor, 'executor'),
  });
  noteProcess(agent, executor, launched);
  executor.launched = launched;
  agent.processes.watch(launched, (exit) => {
    terminated(agent, executor, exit);
  });
  executor.registrationTimer = agent.clock.after(agent.flags.executorRegistrationTimeout, () => {
    executor.termination = {
      state: 'TASK_FAILED',
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
      message: `Executor did not register within ${printDuration(agent.flags.executorRegistrationTimeout)}`,
    };
    executor.state = 'TERMINATING';
    launched.kill('SIGKILL');
  });
}

/** Where a process that shall outlive the agent is written down. */
export function witnessOf(agent: Agent, { journal }: Executor, name: string): Pick<LaunchOptions, 'witness'> {
  return journal === undefined ? {} : { witness: agent.checkpoint.witness(journal, name) };
}

export function noteProcess(agent: Agent, executor: Executor, { pid }: Launched, taskId?: string): void {
  if (pid === undefined) return;
  executor.journal?.add({ entry: 'process', taskId, pid, started: startTime(pid), at: agent.clock.now() });
}

export function launchOptions(
  agent: Agent,
  framework: AgentFramework,
  executor: Executor,
  directory: string,
  command = executor.info.command,
): LaunchOptions {
  const grace = executor.info.shutdown_grace_period;
  const { flags, address } = agent;
  return {
    env: executorEnvironment(
      {
        agentId: agent.id ?? '',
        frameworkId: executor.frameworkId,
        executorId: executor.id,
        directory,
        endpoint: `${address.ip}:${String(address.port)}`,
        ip: address.ip,
        checkpoint: framework.checkpoints,
        shutdownGracePeriod: grace === undefined ? flags.executorShutdownGracePeriod : grace.nanoseconds / 1e6,
        recoveryTimeout: flags.recoveryTimeout,
        subscriptionBackoffMax: flags.executorReregistrationTimeout,
      },
      command,
    ),
    cwd: directory,
    stdout: join(directory, 'stdout'),
    stderr: join(directory, 'stderr'),
    ...executor.user,
  };
}
