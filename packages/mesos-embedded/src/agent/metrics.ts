import { scalarOf, type Resource, type TaskState } from '@kmd/mesos-client';

import { systemMetrics } from '../http/system-metrics.js';
import type { Agent } from './agent.js';
import { everyExecutor } from './describe.js';

/** The cache of fetched files that Mesos would have (--fetcher_cache_size, 2 GB); here nothing is kept. */
const fetcherCache = 2 * 1024 ** 3;

const running: readonly TaskState[] = ['TASK_STAGING', 'TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING'];
const over: readonly TaskState[] = ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED', 'TASK_LOST', 'TASK_GONE'];

/** Every metric of a Mesos agent by name, in alphabetical order (traces 03-legacy-endpoints/47 and 40-operator-agent/13). */
export function metrics(agent: Agent): Map<string, number> {
  const { counters, garbage } = agent;
  const executors = everyExecutor(agent);
  const tasks = executors.flatMap((executor) => [...executor.tasks.values()]);
  const inState = (state: string): number => executors.filter((executor) => executor.state === state).length;
  const all: [string, number][] = [
    ['containerizer/fetcher/cache_size_total_bytes', fetcherCache],
    ['containerizer/fetcher/cache_size_used_bytes', 0],
    ['containerizer/fetcher/task_fetches_failed', counters.fetchesFailed],
    ['containerizer/fetcher/task_fetches_succeeded', counters.fetchesSucceeded],
    ['containerizer/mesos/container_destroy_errors', 0],
    ['containerizer/mesos/provisioner/bind/remove_rootfs_errors', 0],
    ['containerizer/mesos/provisioner/remove_container_errors', 0],
    ['gc/path_removals_failed', garbage.failed],
    ['gc/path_removals_pending', garbage.pending],
    ['gc/path_removals_succeeded', garbage.succeeded],
    ['resource_provider_manager/events/disconnect', 0],
    ['resource_provider_manager/events/subscribe', 0],
    ['resource_provider_manager/subscribed', 0],
    ['slave/container_launch_errors', counters.containerLaunchErrors],
    ['slave/executor_directory_max_allowed_age_secs', garbage.longestAge / 1000],
    ['slave/executors_preempted', 0],
    ['slave/executors_registering', inState('REGISTERING')],
    ['slave/executors_running', inState('RUNNING')],
    ['slave/executors_terminated', counters.executorsTerminated],
    ['slave/executors_terminating', inState('TERMINATING')],
    ['slave/frameworks_active', [...agent.frameworks.values()].filter((one) => one.executors.size > 0).length],
    ['slave/invalid_framework_messages', counters.invalidFrameworkMessages],
    ['slave/invalid_status_updates', counters.invalidStatusUpdates],
    ['slave/recovery_errors', counters.recoveryErrors],
    ['slave/recovery_time_secs', counters.recoverySeconds],
    ['slave/registered', agent.connected ? 1 : 0],
    ['slave/uptime_secs', agent.clock.now() / 1000 - agent.startTime],
    ['slave/valid_framework_messages', counters.validFrameworkMessages],
    ['slave/valid_status_updates', counters.validStatusUpdates],
    ...running.map((state): [string, number] => [nameOf(state), tasks.filter((task) => task.state === state).length]),
    ...over.map((state): [string, number] => [nameOf(state), counters.tasks.get(state) ?? 0]),
    ...resourceMetrics(
      agent,
      executors.flatMap((executor) => executor.resources),
    ),
    ...systemMetrics(),
  ];
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function nameOf(state: TaskState): string {
  return `slave/${state.replace('TASK_', 'tasks_').toLowerCase()}`;
}

/** Total, used, and the part of it; the same of what may be revoked. */
function resourceMetrics(agent: Agent, used: readonly Resource[]): [string, number][] {
  return ['cpus', 'gpus', 'mem', 'disk'].flatMap((name) =>
    [false, true].flatMap((revocable): [string, number][] => {
      const sum = (resources: readonly Resource[]): number =>
        scalarOf(
          resources.filter((resource) => (resource.revocable !== undefined) === revocable),
          name,
        ) ?? 0;
      const prefix = `slave/${name}${revocable ? '_revocable' : ''}`;
      const total = sum(agent.total);
      const taken = sum(used);
      return [
        [`${prefix}_percent`, total === 0 ? 0 : taken / total],
        [`${prefix}_total`, total],
        [`${prefix}_used`, taken],
      ];
    }),
  );
}
