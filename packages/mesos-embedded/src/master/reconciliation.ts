import type { Task, TaskState, TaskStatus } from '@kmd/mesos-client';

import type { Framework } from './framework.js';
import type { Master } from './master.js';

/** Answers a framework that asks for the states of its tasks: of the named ones, or of all (docs/reconciliation.md). */
export function reconcile(
  master: Master,
  framework: Framework,
  asked: readonly { task_id: { value: string }; agent_id?: { value: string } | undefined }[],
): void {
  if (asked.length === 0) {
    for (const task of framework.tasks.values()) answer(framework, latest(master, task));
    return;
  }
  for (const { task_id, agent_id } of asked) {
    const status = stateOf(master, framework, task_id.value, agent_id?.value);
    if (status !== undefined) answer(framework, status);
  }
}

function answer(framework: Framework, status: TaskStatus): void {
  framework.send({ type: 'UPDATE', update: { status } });
}

/**
 * What is known of one task, in the order of Mesos' rules. Undefined for one on an agent that has not come back since this master took
 * over: nobody knows yet, and no answer is not lost.
 */
function stateOf(
  master: Master,
  framework: Framework,
  taskId: string,
  agentId: string | undefined,
): TaskStatus | undefined {
  const task = framework.tasks.get(taskId);
  if (task !== undefined) return latest(master, task);
  const unreachable = framework.unreachableTasks.get(taskId);
  const onAgent = agentId ?? unreachable?.agent_id.value;
  const unknown = (aware: TaskState, message: string, extra: Partial<TaskStatus> = {}): TaskStatus =>
    master.status(taskId, framework.partitionAware ? aware : 'TASK_LOST', {
      message: `Reconciliation: ${message}`,
      reason: 'REASON_RECONCILIATION',
      ...(onAgent === undefined ? {} : { agent_id: { value: onAgent } }),
      ...extra,
    });
  if (onAgent === undefined) return unknown('TASK_UNKNOWN', 'Task is unknown');
  if (master.agents.has(onAgent)) return unknown('TASK_GONE', 'Task is unknown to the agent');
  if (master.recoveredAgents.has(onAgent)) return undefined;
  const since = master.unreachableAgents.get(onAgent);
  if (since !== undefined) {
    return unknown('TASK_UNREACHABLE', 'Task is unreachable', { unreachable_time: { nanoseconds: since } });
  }
  return master.goneAgents.has(onAgent)
    ? unknown('TASK_GONE_BY_OPERATOR', 'Task is gone')
    : unknown('TASK_UNKNOWN', 'Task is unknown');
}

function latest(master: Master, task: Task): TaskStatus {
  const last = task.statuses?.at(-1);
  return master.status(task.task_id.value, task.status_update_state ?? task.state, {
    message: 'Reconciliation: Latest task state',
    reason: 'REASON_RECONCILIATION',
    agent_id: task.agent_id,
    ...(task.executor_id === undefined ? {} : { executor_id: task.executor_id }),
    ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
    ...(last?.container_status === undefined ? {} : { container_status: last.container_status }),
  });
}
