import type { Task, TaskInfo, TaskState, TaskStatus } from '@kmd/mesos-client';
import { isTerminal } from '@kmd/mesos-client';

import type { Registration } from '../link.js';
import { omit } from '../omit.js';
import type { Agent } from './agent.js';
import { checkDrained } from './draining.js';
import type { Framework } from './framework.js';
import type { Master } from './master.js';
import { countEnd } from './metrics/counters.js';
import { recoverFramework } from './subscriptions.js';

/** The role that holds the resources of a task. */
export function roleOf(task: Pick<Task | TaskInfo, 'resources'>): string {
  return task.resources?.[0]?.allocation_info?.role ?? '*';
}

/** Notes a launched task, in state TASK_STAGING. Its resources were taken by the offer before. */
export function add(master: Master, framework: Framework, agent: Agent, task: Task): void {
  framework.tasks.set(task.task_id.value, task);
  agent.addTask(task);
  agent.use(task.resources ?? []);
  master.operators.taskAdded(task);
}

/** An update came from an agent: note it and hand it on. Without a subscriber it stays with the agent, which sends it again. */
export function receive(
  master: Master,
  agent: Agent,
  frameworkId: string,
  status: TaskStatus,
  latestState: TaskState,
): void {
  master.counters.add('messages_status_update');
  const framework = master.frameworks.get(frameworkId);
  master.counters.add(`${framework === undefined ? 'invalid' : 'valid'}_status_updates`);
  if (framework === undefined) return;
  const task = framework.tasks.get(status.task_id.value);
  if (task?.agent_id.value === agent.id) apply(master, framework, task, status, latestState);
  framework.send({ type: 'UPDATE', update: { status } });
}

/** Changes a task to what a status says; when it ends, its resources are free at once, acknowledged or not. */
export function apply(
  master: Master,
  framework: Framework,
  task: Task,
  status: TaskStatus,
  latestState: TaskState,
): void {
  if (!isTerminal(task.state)) {
    task.state = latestState;
    if (isTerminal(latestState)) {
      free(master, framework, task);
      countEnd(master.counters, latestState, status);
      countEnd(framework.counters, latestState, status);
    }
  }
  const statuses = (task.statuses ??= []);
  // One status for each state that was passed through; the master keeps no data of them.
  if (statuses.at(-1)?.state === status.state) statuses.pop();
  statuses.push(omit(status, 'data'));
  // Only what came from an agent waits for its acknowledgement.
  if (status.uuid !== undefined) {
    task.status_update_state = status.state;
    task.status_update_uuid = status.uuid;
  }
  master.operators.taskUpdated(framework, task, status);
}

function free(master: Master, framework: Framework, task: Task): void {
  const resources = task.resources ?? [];
  const agent = master.agents.get(task.agent_id.value);
  if (agent === undefined) {
    framework.holdings.remove(roleOf(task), resources);
    return;
  }
  agent.unuse(resources);
  master.allocator.recover(framework, agent, roleOf(task), resources);
}

/** The framework acknowledged an update: a task that has ended is complete now. */
export function acknowledge(master: Master, framework: Framework, taskId: string, uuid: string): void {
  const task = framework.tasks.get(taskId);
  if (task === undefined || task.status_update_uuid !== uuid) return;
  if (task.status_update_state !== undefined && isTerminal(task.status_update_state)) remove(master, framework, task);
}

/** Moves a task to the completed ones. */
export function remove(master: Master, framework: Framework, task: Task): void {
  framework.tasks.delete(task.task_id.value);
  const agent = master.agents.get(task.agent_id.value);
  agent?.removeTask(task);
  framework.remember(task);
  if (agent !== undefined) checkDrained(master, agent);
}

/** What tasks become when their agent is lost: `state` for most frameworks, `aware` for partition-aware ones. */
export interface Loss {
  state: TaskState;
  aware: TaskState;
  message: string;
  reason: NonNullable<TaskStatus['reason']>;
  /** Nanoseconds since the epoch, when the agent went silent. */
  since?: number | undefined;
}

/** Ends the tasks of a framework on an agent that is lost. */
export function loseTasks(master: Master, agent: Agent, framework: Framework, loss: Loss): void {
  for (const task of [...(agent.tasks.get(framework.id)?.values() ?? [])]) {
    if (isTerminal(task.state)) {
      remove(master, framework, task);
      continue;
    }
    const state = framework.partitionAware ? loss.aware : loss.state;
    const status = master.status(task.task_id.value, state, {
      message: loss.message,
      reason: loss.reason,
      agent_id: task.agent_id,
      ...(task.executor_id === undefined ? {} : { executor_id: task.executor_id }),
      ...(loss.since === undefined ? {} : { unreachable_time: { nanoseconds: loss.since } }),
    });
    if (loss.since === undefined) {
      apply(master, framework, task, status, state);
      remove(master, framework, task);
    } else {
      becomeUnreachable(master, framework, agent, task, status);
    }
    framework.send({ type: 'UPDATE', update: { status } });
  }
}

function becomeUnreachable(master: Master, framework: Framework, agent: Agent, task: Task, status: TaskStatus): void {
  framework.holdings.remove(roleOf(task), task.resources ?? []);
  task.state = status.state;
  (task.statuses ??= []).push(status);
  task.status_update_state = status.state;
  framework.tasks.delete(task.task_id.value);
  agent.removeTask(task);
  framework.rememberUnreachable(task);
  master.operators.taskUpdated(framework, task, status);
}

/**
 * An agent came (back) and said what it runs. Tasks that it does not run are lost; tasks that the master gave up come back to
 * frameworks that know partitions, and are killed for those that were told TASK_LOST. `news` is what frameworks are told of them.
 */
export function reconcileAgent(master: Master, agent: Agent, registration: Registration, news?: string): void {
  const alive = new Set([
    ...registration.executors.map(({ frameworkId }) => frameworkId.value),
    ...registration.tasks.map((task) => task.framework_id.value),
  ]);
  for (const info of registration.frameworks) {
    if (alive.has(info.id?.value ?? '')) recoverFramework(master, info);
  }
  // Whoever was removed meanwhile has nothing running any more.
  for (const value of alive) {
    if (!master.frameworks.has(value)) agent.link?.send({ type: 'SHUTDOWN_FRAMEWORK', frameworkId: { value } });
  }
  const running = new Set(registration.tasks.map((task) => `${task.framework_id.value}\0${task.task_id.value}`));
  for (const framework of master.frameworks.values()) {
    for (const task of [...(agent.tasks.get(framework.id)?.values() ?? [])]) {
      if (running.has(`${framework.id}\0${task.task_id.value}`)) continue;
      const state = framework.partitionAware ? 'TASK_GONE' : 'TASK_LOST';
      const status = master.status(task.task_id.value, state, {
        message: 'Reconciliation: Task is unknown to the agent',
        reason: 'REASON_RECONCILIATION',
        agent_id: task.agent_id,
      });
      apply(master, framework, task, status, state);
      remove(master, framework, task);
      framework.send({ type: 'UPDATE', update: { status } });
    }
  }
  for (const { frameworkId, info } of registration.executors) {
    const framework = master.frameworks.get(frameworkId.value);
    if (framework === undefined) continue;
    if (framework.executor(agent.id, info.executor_id.value) !== undefined) continue;
    framework.addExecutor(agent.id, info);
    agent.take(info.resources ?? []);
    agent.use(info.resources ?? []);
    framework.holdings.add(roleOf(info), info.resources ?? []);
  }
  for (const task of registration.tasks) readmit(master, agent, task, news);
}

function readmit(master: Master, agent: Agent, task: Task, news: string | undefined): void {
  const framework = master.frameworks.get(task.framework_id.value);
  if (framework === undefined || agent.task(framework.id, task.task_id.value) !== undefined) return;
  framework.unreachableTasks.delete(task.task_id.value);
  if (!framework.partitionAware && framework.completedTasks.some((done) => done.task_id.value === task.task_id.value)) {
    agent.link?.send({ type: 'KILL', frameworkId: task.framework_id, taskId: task.task_id });
  }
  const copy: Task = { ...task };
  framework.tasks.set(copy.task_id.value, copy);
  agent.addTask(copy);
  if (isTerminal(copy.state)) return;
  agent.take(copy.resources ?? []);
  agent.use(copy.resources ?? []);
  framework.holdings.add(roleOf(copy), copy.resources ?? []);
  if (news === undefined) return;
  const latest = copy.statuses?.at(-1);
  framework.send({
    type: 'UPDATE',
    update: {
      status: master.status(copy.task_id.value, copy.state, {
        message: news,
        reason: 'REASON_AGENT_REREGISTERED',
        agent_id: copy.agent_id,
        ...(latest?.container_status === undefined ? {} : { container_status: latest.container_status }),
      }),
    },
  });
}
