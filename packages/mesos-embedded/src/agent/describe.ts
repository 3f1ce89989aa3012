import type { ExecutorInfo, Task } from '@kmd/mesos-client';
import { isTerminal } from '@kmd/mesos-client';

import { seconds } from '../clock.js';
import { omit } from '../omit.js';
import type { Agent } from './agent.js';
import type { Executor } from './executor.js';
import type { AgentFramework } from './framework.js';
import { processTable, statisticsOf, type ProcessTable } from './statistics.js';

/** The state of an agent as the v1 operator API tells it (trace 40-operator-agent). */

export function describeTasks(agent: Agent) {
  const live = everyExecutor(agent).flatMap((executor) => tasksOf(executor));
  const done = [...agent.frameworks.values()].flatMap((framework) =>
    [...framework.executors.values(), ...framework.completedExecutors].flatMap((executor) => executor.completedTasks),
  );
  return {
    pending_tasks: [],
    queued_tasks: live.filter(({ queued }) => queued).map(({ task }) => task),
    launched_tasks: live.filter(({ queued, task }) => !queued && !isTerminal(task.state)).map(({ task }) => task),
    terminated_tasks: live.filter(({ task }) => isTerminal(task.state)).map(({ task }) => task),
    completed_tasks: done,
  };
}

export function tasksOf(executor: Executor): { task: Task; queued: boolean }[] {
  const queued = new Set(executor.queuedTasks.map((task) => task.task_id.value));
  return [...executor.tasks.values()].map((task) => ({ task, queued: queued.has(task.task_id.value) }));
}

export function describeExecutors(agent: Agent) {
  const info = (executor: Executor): { executor_info: ExecutorInfo } => ({ executor_info: executor.info });
  return {
    executors: everyExecutor(agent).map(info),
    completed_executors: [...agent.frameworks.values()].flatMap(({ completedExecutors }) =>
      completedExecutors.map(info),
    ),
  };
}

export function describeFrameworks(agent: Agent) {
  const all = [...agent.frameworks.values()];
  const info = (framework: AgentFramework) => ({ framework_info: framework.info });
  return {
    frameworks: all.filter(({ executors }) => executors.size > 0).map(info),
    completed_frameworks: all.filter(({ executors }) => executors.size === 0).map(info),
  };
}

export function everyExecutor(agent: Agent): Executor[] {
  return [...agent.frameworks.values()].flatMap(({ executors }) => [...executors.values()]);
}

export function containerStatus(executor: Executor) {
  return {
    container_id: { value: executor.containerId },
    ...(executor.pid === undefined ? {} : { executor_pid: executor.pid }),
  };
}

export function statistics(agent: Agent, executor: Executor, table: ProcessTable): object {
  return statisticsOf(seconds(agent.clock), executor.pid, executor.resources, table);
}

/** Executors' containers, and on demand what is nested in them and what stands alone. */
export function describeContainers(agent: Agent, nested: boolean, standalone: boolean): object[] {
  const executors = everyExecutor(agent);
  const table = processTable();
  const containers: object[] = executors.map((executor) => ({
    framework_id: { value: executor.frameworkId },
    executor_id: { value: executor.id },
    executor_name: executor.info.name ?? '',
    container_id: { value: executor.containerId },
    container_status: containerStatus(executor),
    resource_statistics: statistics(agent, executor, table),
  }));
  if (nested) containers.push(...executors.flatMap((executor) => tasksContainers(agent, executor, table)));
  for (const { id, pid, resources } of agent.containers.all) {
    if (id.parent === undefined ? !standalone : !nested) continue;
    containers.push({
      container_id: omit(id, 'parent'),
      container_status: { container_id: id, ...(pid === undefined ? {} : { executor_pid: pid }) },
      resource_statistics: statisticsOf(seconds(agent.clock), undefined, resources, table),
    });
  }
  return containers;
}

/** The containers of a task group's tasks, inside that of their executor. */
function tasksContainers(agent: Agent, executor: Executor, table: ProcessTable): object[] {
  if (executor.kind !== 'default') return [];
  return [...executor.runs.values()].map((run) => {
    const value = run.containerId ?? '';
    return {
      container_id: { value },
      container_status: {
        container_id: { value, parent: { value: executor.containerId } },
        ...(run.pid === undefined ? {} : { executor_pid: run.pid }),
      },
      resource_statistics: statisticsOf(seconds(agent.clock), undefined, run.task.resources ?? [], table),
    };
  });
}
