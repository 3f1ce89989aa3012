import { randomUUID } from 'node:crypto';

import type { Task, TaskInfo, TaskStatus } from '@kmd/mesos-client';
import { isTerminal } from '@kmd/mesos-client';

import { seconds } from '../clock.js';
import type { Agent } from './agent.js';
import type { Executor, Termination } from './executor.js';
import { foldersAbove } from './sandbox.js';

/** An update of a task: kept, noted, and sent on. One that is known already, or of a framework that was removed, is none. */
export function update(
  agent: Agent,
  executor: Executor | undefined,
  given: TaskStatus,
  frameworkId = executor?.frameworkId ?? '',
): void {
  const drained = agent.draining && (given.state === 'TASK_KILLING' || given.state === 'TASK_KILLED');
  const status: TaskStatus = {
    ...given,
    ...(drained ? { reason: 'REASON_AGENT_DRAINING' } : {}),
    agent_id: { value: agent.id ?? '' },
    timestamp: given.timestamp ?? seconds(agent.clock),
    uuid: given.uuid ?? newUuid(),
  };
  if (agent.frameworks.get(frameworkId)?.terminating === true) return;
  const task = executor?.tasks.get(status.task_id.value);
  const taken = agent.updates.add(frameworkId, status, () => {
    if (task !== undefined) executor?.journal?.add({ entry: 'update', status });
    if (task !== undefined) note(task, status);
  });
  if (taken) agent.counters.validStatusUpdates += 1;
  if (taken && isTerminal(status.state)) agent.counters.ended(status.state);
}

/** Changes a task to what a status says. */
export function note(task: Task, status: TaskStatus): void {
  if (!isTerminal(task.state)) task.state = status.state;
  const statuses = (task.statuses ??= []);
  if (statuses.at(-1)?.state === status.state) statuses.pop();
  statuses.push(status);
  task.status_update_state = status.state;
  if (status.uuid !== undefined) task.status_update_uuid = status.uuid;
}

/** An update that the agent itself makes. */
export function agentUpdate(
  agent: Agent,
  frameworkId: string,
  executorId: string | undefined,
  taskId: string,
  why: Termination,
): void {
  const framework = agent.frameworks.get(frameworkId);
  const executor =
    executorId === undefined
      ? undefined
      : (framework?.executors.get(executorId) ?? framework?.completedExecutors.find((one) => one.tasks.has(taskId)));
  const status: TaskStatus = {
    task_id: { value: taskId },
    ...why,
    source: 'SOURCE_AGENT',
    ...(executorId === undefined ? {} : { executor_id: { value: executorId } }),
  };
  update(agent, executor, status, frameworkId);
}

/** Tasks that came to nothing. */
export function fail(
  agent: Agent,
  frameworkId: string,
  executorId: string,
  tasks: readonly TaskInfo[],
  why: Termination,
): void {
  for (const task of tasks) agentUpdate(agent, frameworkId, executorId, task.task_id.value, why);
}

/** The framework has an update; a task that has ended is complete with that. */
export function acknowledged(agent: Agent, frameworkId: string, taskId: string, uuid: string): void {
  const status = agent.updates.acknowledge(frameworkId, taskId, uuid);
  if (status === undefined) return;
  const executor = agent.frameworks.get(frameworkId)?.executorOf(taskId);
  const task = executor?.tasks.get(taskId);
  if (executor === undefined || task === undefined) return;
  executor.journal?.add({ entry: 'acknowledged', taskId, uuid });
  if (!isTerminal(status.state)) return;
  executor.complete(task);
  forgetIfOver(agent, executor);
}

/** An executor that has ended and whose tasks are complete is nothing to be recovered. */
export function forgetIfOver(agent: Agent, executor: Executor): void {
  if (executor.state === 'TERMINATED' && executor.tasks.size === 0) forget(agent, executor);
}

/** Nothing is told of the executor any more; its folders wait for their removal (Slave::removeExecutor). */
export function forget(agent: Agent, { journal, directory, frameworkId, id }: Executor): void {
  journal?.remove();
  agent.garbage.schedule(directory);
  const running = agent.frameworks.get(frameworkId)?.executors;
  const [all, framework] = foldersAbove(directory);
  if (running?.has(id) !== true) agent.garbage.schedule(all);
  if (running === undefined || running.size === 0) agent.garbage.schedule(framework);
}

/** A task as it is described to others. */
export function describeTask(task: TaskInfo, frameworkId: string, executor: Executor): Task {
  const { name, task_id, agent_id, resources, labels, discovery, container, health_check, kill_policy } = task;
  const described: Task = {
    name,
    task_id,
    framework_id: { value: frameworkId },
    ...(executor.kind === 'command' ? {} : { executor_id: { value: executor.id } }),
    agent_id,
    state: 'TASK_STAGING',
    resources,
    statuses: [],
  };
  const optional = Object.entries({ labels, discovery, container, health_check, kill_policy });
  return Object.assign(described, Object.fromEntries(optional.filter(([, value]) => value !== undefined)));
}

/** The 16 bytes of a UUID in Base64, as a status carries them. */
function newUuid(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
}
