import type { ExecutorInfo, Resource, TaskInfo } from '@kmd/mesos-client';
import { addResources, containsResources, printResources, validateResource } from '@kmd/mesos-client';

import { isDeepStrictEqual } from 'node:util';

import { validateId } from '../id-rules.js';
import type { Agent } from './agent.js';
import type { Framework } from './framework.js';

/**
 * What is wrong with a task, in Mesos' words and in the order of its checks (src/master/validation.cpp; traces
 * 13-scheduler-task-states and 20-errors-scheduler/94-120). `offered` carries its allocation.
 */
export function validateTask(
  task: TaskInfo,
  framework: Framework,
  agent: Agent,
  offered: readonly Resource[],
): string | undefined {
  return (
    validateTaskAlone(task, framework, agent) ??
    validateExecutorOrCommand(task) ??
    (task.executor === undefined ? undefined : validateExecutor(task.executor, framework, agent)) ??
    validateFit([task], task.executor, framework, agent, offered)
  );
}

/** The same for the tasks of a group and their executor. */
export function validateGroup(
  executor: ExecutorInfo,
  tasks: readonly TaskInfo[],
  framework: Framework,
  agent: Agent,
  offered: readonly Resource[],
): string | undefined {
  if (tasks.length === 0) return 'Task group cannot be empty';
  for (const task of tasks) {
    const error = validateTaskAlone(task, framework, agent);
    if (error !== undefined) return `Task '${task.task_id.value}' is invalid: ${error}`;
  }
  return validateExecutor(executor, framework, agent) ?? validateFit(tasks, executor, framework, agent, offered);
}

function validateTaskAlone(task: TaskInfo, framework: Framework, agent: Agent): string | undefined {
  const id = task.task_id.value;
  const idError = validateId(id);
  if (idError !== undefined) return idError;
  if (framework.tasks.has(id)) return `Task has duplicate ID: ${id}`;
  if (task.agent_id.value !== agent.id) {
    return `Task uses invalid agent ${task.agent_id.value} while agent ${agent.id} is expected`;
  }
  if ((task.kill_policy?.grace_period?.nanoseconds ?? 0) < 0) {
    return "Task's 'kill_policy.grace_period' must be non-negative";
  }
  if ((task.max_completion_time?.nanoseconds ?? 0) < 0) return "Task's `max_completion_time` must be non-negative";
  const resources = task.resources ?? [];
  return resources.length === 0 ? 'Task uses no resources' : validateResources(resources);
}

function validateResources(resources: readonly Resource[]): string | undefined {
  for (const resource of resources) {
    const error = validateResource(resource);
    if (error === undefined) continue;
    return `Resource '${printInvalid(resource)}' is invalid: ${error}`;
  }
  return undefined;
}

/** Invalid resources cannot be made into a list of resources; they are printed as they are. */
function printInvalid(resource: Resource): string {
  const { name, type, scalar, ranges, set } = resource;
  switch (type) {
    case 'RANGES':
      return `${name}:[${(ranges?.range ?? []).map(({ begin, end }) => `${String(begin)}-${String(end)}`).join(', ')}]`;
    case 'SET':
      return `${name}:{${(set?.item ?? []).join(', ')}}`;
    default:
      return `${name}:${String(Math.round((scalar?.value ?? 0) * 1000) / 1000)}`;
  }
}

function validateExecutorOrCommand(task: TaskInfo): string | undefined {
  return (task.executor === undefined) === (task.command === undefined)
    ? 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'
    : undefined;
}

function validateExecutor(executor: ExecutorInfo, framework: Framework, agent: Agent): string | undefined {
  const idError = validateId(executor.executor_id.value);
  if (idError !== undefined) return idError;
  if (executor.type === 'DEFAULT' && executor.command !== undefined) {
    return "'ExecutorInfo.command' must not be set for 'DEFAULT' executor";
  }
  if (executor.type !== 'DEFAULT' && executor.command === undefined) {
    return "'ExecutorInfo.command' must be set for 'CUSTOM' executor";
  }
  if (executor.framework_id !== undefined && executor.framework_id.value !== framework.id) {
    return `ExecutorInfo has an invalid FrameworkID (Actual: ${executor.framework_id.value} vs Expected: ${framework.id})`;
  }
  if ((executor.shutdown_grace_period?.nanoseconds ?? 0) < 0) {
    return "ExecutorInfo's 'shutdown_grace_period' must be non-negative";
  }
  const resourceError = validateResources(executor.resources ?? []);
  if (resourceError !== undefined) return resourceError;
  const known = framework.executor(agent.id, executor.executor_id.value);
  if (known === undefined || isDeepStrictEqual(known, executor)) return undefined;
  const rule = '-'.repeat(60);
  return (
    'ExecutorInfo is not compatible with existing ExecutorInfo with same ExecutorID.\n' +
    `${rule}\nExisting ExecutorInfo:\n${JSON.stringify(known)}\n${rule}\nExecutorInfo:\n${JSON.stringify(executor)}\n${rule}\n`
  );
}

function validateFit(
  tasks: readonly TaskInfo[],
  executor: ExecutorInfo | undefined,
  framework: Framework,
  agent: Agent,
  offered: readonly Resource[],
): string | undefined {
  let total: Resource[] = [];
  for (const task of tasks) total = addResources(total, task.resources ?? []);
  if (executor !== undefined && framework.executor(agent.id, executor.executor_id.value) === undefined) {
    total = addResources(total, executor.resources ?? []);
  }
  if (containsResources([...offered], total)) return undefined;
  const [needed, available] = [printResources(total), printResources([...offered])];
  return tasks.length > 1 || executor?.type === 'DEFAULT'
    ? `Total resources ${needed} required by task group and its executor are more than available ${available}`
    : `Total resources ${needed} required by task and its executor is more than available ${available}`;
}
