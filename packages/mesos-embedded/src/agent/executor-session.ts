import type { TaskInfo, TaskStatus } from '@kmd/mesos-client';

import { every, seconds } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import type { Agent } from './agent.js';
import { shutdown } from './ending.js';
import { tasksIn, type Executor, type Queued } from './executor.js';
import type { AgentFramework } from './framework.js';
import { agentUpdate, update } from './task-statuses.js';

/** What an executor that comes (back) has not heard of yet. */
export interface Unacknowledged {
  readonly tasks: readonly TaskInfo[];
  readonly updates: readonly TaskStatus[];
}

/** An executor subscribes, for the first time, again, or after a restart of the agent. */
export function subscribe(agent: Agent, executor: Executor, stream: EventStream, unacknowledged: Unacknowledged): void {
  const framework = agent.frameworks.get(executor.frameworkId);
  if (framework === undefined) return;
  const again = executor.state === 'RUNNING' || executor.recovered;
  const previous = executor.stream;
  executor.stream = stream;
  previous?.end();
  if (executor.ending) {
    stream.send({ type: 'SHUTDOWN' });
    return;
  }
  if (again && loseUnknown(agent, executor, framework, unacknowledged)) {
    shutdown(agent, executor);
    return;
  }
  executor.registrationTimer?.cancel();
  executor.state = 'RUNNING';
  executor.recovered = false;
  stream.onClose(() => {
    if (executor.stream === stream) executor.stream = undefined;
  });
  executor.send({
    type: 'SUBSCRIBED',
    subscribed: {
      executor_info: executor.info,
      framework_info: framework.info,
      agent_info: agent.info,
      container_id: { value: executor.containerId },
    },
  });
  executor.heartbeatTimer ??= every(agent.clock, agent.flags.executorHeartbeatInterval, () => {
    executor.send({ type: 'HEARTBEAT' });
  });
  for (const status of unacknowledged.updates) updateFromExecutor(agent, executor, status);
  for (const item of executor.queued.splice(0)) deliver(executor, item);
  agent.recovery?.executorCame();
}

/**
 * Tasks that a returning executor says nothing of never reached it. Returns whether that leaves it without any, which ends it
 * (trace 30, executor-side-double).
 */
function loseUnknown(
  agent: Agent,
  executor: Executor,
  framework: AgentFramework,
  unacknowledged: Unacknowledged,
): boolean {
  const known = new Set(unacknowledged.tasks.map((task) => task.task_id.value));
  for (const task of executor.queuedTasks) known.add(task.task_id.value);
  let lost = false;
  for (const task of executor.tasks.values()) {
    if (task.state !== 'TASK_STAGING' || known.has(task.task_id.value)) continue;
    agentUpdate(agent, executor.frameworkId, executor.id, task.task_id.value, {
      state: framework.lost,
      reason: 'REASON_AGENT_RESTARTED',
      message: 'Task launched during agent restart',
    });
    lost = true;
  }
  return lost && executor.idle;
}

/** Hands a task, or a group, to an executor that listens. */
export function deliver(executor: Executor, item: Queued): void {
  executor.journal?.add({ entry: 'delivered', taskIds: tasksIn(item).map((task) => task.task_id.value) });
  if ('task' in item) executor.send({ type: 'LAUNCH', launch: { task: item.task } });
  else executor.send({ type: 'LAUNCH_GROUP', launch_group: { task_group: item.group } });
}

/** An update of an executor's: noted, acknowledged to it, and sent on. */
export function updateFromExecutor(agent: Agent, executor: Executor, status: TaskStatus): void {
  const task = executor.tasks.get(status.task_id.value);
  const pid = executor.launched?.pid;
  update(agent, executor, {
    timestamp: seconds(agent.clock),
    ...status,
    source: 'SOURCE_EXECUTOR',
    ...(task === undefined
      ? {}
      : {
          executor_id: { value: executor.id },
          container_status: {
            container_id: { value: executor.containerId },
            network_infos: [{ ip_addresses: [{ protocol: 'IPv4' as const, ip_address: agent.address.ip }] }],
            ...status.container_status,
            ...(pid === undefined ? {} : { executor_pid: pid }),
          },
        }),
  });
  // Nobody waits for word of a task that was never launched (trace 30, executor-side-errors).
  if (status.uuid !== undefined && task !== undefined) {
    executor.send({ type: 'ACKNOWLEDGED', acknowledged: { task_id: status.task_id, uuid: status.uuid } });
  }
}

export function messageFromExecutor(agent: Agent, executor: Executor, data: string): void {
  agent.send({
    type: 'EXECUTOR_MESSAGE',
    frameworkId: { value: executor.frameworkId },
    executorId: { value: executor.id },
    data,
  });
}
