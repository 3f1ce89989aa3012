import type { TaskInfo } from '@kmd/mesos-client';
import { isTerminal } from '@kmd/mesos-client';

import type { Agent } from './agent.js';
import { tasksIn, type Executor, type ExecutorKind } from './executor.js';
import { waitStatus } from './exit.js';
import type { Exit } from './launcher.js';
import { agentUpdate, forget, forgetIfOver } from './task-statuses.js';

/** Kills one task, or the group it is in. */
export function kill(agent: Agent, frameworkId: string, taskId: string, policy: TaskInfo['kill_policy']): void {
  const framework = agent.frameworks.get(frameworkId);
  const executor = [...(framework?.executors.values() ?? [])].find(({ tasks }) => tasks.has(taskId));
  if (framework === undefined || executor === undefined) {
    agentUpdate(agent, frameworkId, undefined, taskId, {
      state: framework?.lost ?? 'TASK_LOST',
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Cannot find executor',
    });
    return;
  }
  if (executor.queuedTasks.some((task) => task.task_id.value === taskId)) {
    killQueued(agent, executor, taskId);
  } else if (executor.kind === 'command') {
    executor.runs.get(taskId)?.kill(policy);
  } else if (executor.kind === 'default') {
    for (const run of executor.runs.values()) run.kill(policy);
  } else {
    executor.send({
      type: 'KILL',
      kill: { task_id: { value: taskId }, ...(policy === undefined ? {} : { kill_policy: policy }) },
    });
  }
}

/** Kills a task (and its group) before its executor has it; an executor that is left without tasks is ended. */
function killQueued(agent: Agent, executor: Executor, taskId: string): void {
  const index = executor.queued.findIndex((item) => tasksIn(item).some((task) => task.task_id.value === taskId));
  const [item] = executor.queued.splice(index, 1);
  for (const task of item === undefined ? [] : tasksIn(item)) {
    agentUpdate(agent, executor.frameworkId, executor.id, task.task_id.value, {
      state: 'TASK_KILLED',
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      message: 'Killed before delivery to the executor',
    });
  }
  if (executor.queued.length === 0 && executor.idle) shutdown(agent, executor);
}

/** Asks an executor to end; after its grace period it is killed, without SIGTERM (trace 33). */
export function shutdown(agent: Agent, executor: Executor): void {
  if (executor.fetching !== undefined) {
    executor.fetching.abort();
    return;
  }
  if (executor.kind !== 'custom') {
    for (const run of executor.runs.values()) run.kill();
    return;
  }
  if (executor.ending) return;
  executor.state = 'TERMINATING';
  executor.registrationTimer?.cancel();
  executor.send({ type: 'SHUTDOWN' });
  const grace = executor.info.shutdown_grace_period;
  const milliseconds = grace === undefined ? agent.flags.executorShutdownGracePeriod : grace.nanoseconds / 1e6;
  executor.shutdownTimer = agent.clock.after(milliseconds, () => {
    executor.launched?.kill('SIGKILL');
  });
}

/** Kills everything: the operator wants this machine empty. Updates of it carry REASON_AGENT_DRAINING. */
export function drain(agent: Agent, gracePeriod: number | undefined): void {
  const policy = gracePeriod === undefined ? undefined : { grace_period: { nanoseconds: gracePeriod } };
  agent.draining = true;
  for (const [frameworkId, { executors }] of agent.frameworks) {
    for (const executor of executors.values()) {
      for (const taskId of [...executor.tasks.keys()]) kill(agent, frameworkId, taskId, policy);
    }
  }
}

/** A framework was removed: nothing of it is told any more. */
export function shutdownFramework(agent: Agent, frameworkId: string): void {
  agent.updates.forget(frameworkId);
  const framework = agent.frameworks.get(frameworkId);
  if (framework === undefined) return;
  framework.terminating = true;
  for (const executor of framework.executors.values()) shutdown(agent, executor);
  // Those with updates that nobody acknowledges any more.
  for (const executor of framework.completedExecutors) if (executor.tasks.size > 0) forget(agent, executor);
}

/** An executor has ended: first its exit is told, then that of its tasks (FAILURE before TASK_FAILED). */
export function terminated(agent: Agent, executor: Executor, exit: Exit): void {
  executor.cancelTimers();
  executor.state = 'TERMINATED';
  executor.stream?.end();
  executor.stream = undefined;
  void agent.containers.destroy(executor);
  const framework = agent.frameworks.get(executor.frameworkId);
  framework?.retire(executor);
  agent.counters.executorsTerminated += 1;
  if (agent.closed) return;
  executorExited(agent, executor.kind, executor.frameworkId, executor.id, waitStatus(exit));
  const termination = executor.termination ?? {
    state: 'TASK_FAILED' as const,
    reason: 'REASON_EXECUTOR_TERMINATED' as const,
    message: 'Executor terminated',
  };
  for (const task of executor.tasks.values()) {
    if (isTerminal(task.state)) continue;
    agentUpdate(agent, executor.frameworkId, executor.id, task.task_id.value, termination);
  }
  executor.journal?.add({ entry: 'ended' });
  if (framework?.terminating === true) forget(agent, executor);
  else forgetIfOver(agent, executor);
  agent.recovery?.executorCame();
}

/** The master knows nothing of the executors that stand for single commands. */
export function executorExited(
  agent: Agent,
  kind: ExecutorKind,
  frameworkId: string,
  executorId: string,
  status: number,
): void {
  if (kind === 'command') return;
  agent.send({
    type: 'EXECUTOR_EXITED',
    frameworkId: { value: frameworkId },
    executorId: { value: executorId },
    status,
  });
}
