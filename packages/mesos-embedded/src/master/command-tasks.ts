import type { ExecutorInfo, HealthCheck, Resource, TaskInfo } from '@kmd/mesos-client';

import { agentFlagDefaults } from '../flag-defaults.js';
import type { Framework } from './framework.js';
import * as updates from './task-updates.js';

/** Where Mesos would have its own executors, and what those are counted with on an agent (src/slave/constants.hpp). */
const launcherDirectory = agentFlagDefaults['launcher_dir'] ?? '';
const overhead: readonly Resource[] = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
];

/** The executor that Mesos makes for a task with a command of its own (trace 03-legacy-endpoints/43). */
export function commandExecutor(task: TaskInfo, framework: Framework): ExecutorInfo {
  const role = updates.roleOf(task);
  const value = task.command?.value ?? '';
  const shown =
    task.command?.shell === false ? [value, ...(task.command.arguments ?? [])].join(' ') : `sh -c '${value}'`;
  const short = value.length > 15 && task.command?.shell !== false ? `sh -c '${value.slice(0, 12)}...'` : shown;
  return {
    executor_id: { value: task.task_id.value },
    framework_id: { value: framework.id },
    name: `Command Executor (Task: ${task.task_id.value}) (Command: ${short})`,
    source: task.task_id.value,
    resources: overhead.map((resource) => ({ ...resource, allocation_info: { role } })),
    command: {
      shell: false,
      value: `${launcherDirectory}/mesos-executor`,
      arguments: ['mesos-executor', `--launcher_dir=${launcherDirectory}`],
    },
    ...(task.labels === undefined ? {} : { labels: task.labels }),
  };
}

/** Mesos shows the defaults of what is left out (include/mesos/v1/mesos.proto, HealthCheck; trace 13-scheduler-task-states/86). */
export function completeHealthCheck(check: HealthCheck): HealthCheck {
  return {
    delay_seconds: 15,
    interval_seconds: 10,
    timeout_seconds: 20,
    consecutive_failures: 3,
    grace_period_seconds: 10,
    ...check,
    ...(check.command === undefined ? {} : { command: { shell: true, ...check.command } }),
  };
}
