import type { Resource } from '@kmd/mesos-client';
import { isRevocable } from '@kmd/mesos-client';

import { systemMetrics } from '../../http/system-metrics.js';
import { change } from '../allocation/holdings.js';
import type { Master } from '../master.js';
import { allocatorMetrics } from './allocator-metrics.js';
import { frameworkMetrics } from './framework-metrics.js';

/** Counters that are shown from the beginning (src/master/metrics.hpp; trace 03-legacy-endpoints/14). */
const counters = [
  'dropped_messages', 'http_cache_hits', 'invalid_executor_to_framework_messages', 'invalid_framework_to_executor_messages',
  'invalid_operation_status_update_acknowledgements', 'invalid_operation_status_updates', 'invalid_status_update_acknowledgements',
  'invalid_status_updates', 'messages_authenticate', 'messages_deactivate_framework', 'messages_decline_offers',
  'messages_executor_to_framework', 'messages_exited_executor', 'messages_framework_to_executor', 'messages_kill_task',
  'messages_launch_tasks', 'messages_operation_status_update', 'messages_operation_status_update_acknowledgement',
  'messages_reconcile_operations', 'messages_reconcile_tasks', 'messages_register_framework', 'messages_register_slave',
  'messages_reregister_framework', 'messages_reregister_slave', 'messages_resource_request', 'messages_revive_offers',
  'messages_status_update', 'messages_status_update_acknowledgement', 'messages_suppress_offers', 'messages_unregister_framework',
  'messages_unregister_slave', 'messages_update_slave', 'recovery_slave_removals', 'slave_registrations', 'slave_removals',
  'slave_removals/reason_registered', 'slave_removals/reason_unhealthy', 'slave_removals/reason_unregistered',
  'slave_reregistrations', 'slave_shutdowns_canceled', 'slave_shutdowns_completed', 'slave_shutdowns_scheduled',
  'slave_unreachable_canceled', 'slave_unreachable_completed', 'slave_unreachable_scheduled', 'tasks_dropped', 'tasks_error',
  'tasks_failed', 'tasks_finished', 'tasks_gone', 'tasks_gone_by_operator', 'tasks_killed', 'tasks_lost',
  'valid_executor_to_framework_messages', 'valid_framework_to_executor_messages',
  'valid_operation_status_update_acknowledgements', 'valid_operation_status_updates', 'valid_status_update_acknowledgements',
  'valid_status_updates',
]; // prettier-ignore
const operations = ['create', 'create_disk', 'destroy', 'destroy_disk', 'grow_volume', 'reserve', 'shrink_volume', 'unreserve']; // prettier-ignore
const operationStates = ['dropped', 'error', 'failed', 'finished', 'gone_by_operator', 'pending', 'recovering', 'total', 'unreachable']; // prettier-ignore

/**
 * Everything that Mesos measures, under its names, in alphabetical order. What this master has nothing of (authentication messages,
 * a cache of answers, a replicated log, event queues) is 0; times are in milliseconds.
 */
export function metrics(master: Master): Map<string, number> {
  const values: [string, number][] = [
    ...allocatorMetrics(master),
    ...masterMetrics(master),
    ...[...master.completedFrameworks.values(), ...master.frameworks.values()].flatMap((one) => [
      ...frameworkMetrics(one),
    ]),
    ...registrarMetrics(master),
    ...systemMetrics(),
  ];
  const shown = master.standing.leader === 'self' ? values : values.flatMap(asStandby);
  return new Map(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A master that does not lead has no agents and no frameworks, and has counted nothing (trace 60-ha-zookeeper/12). */
function asStandby([name, value]: [string, number]): [string, number][] {
  if (/^(allocator\/mesos\/(roles|quota|offer_filters)|master\/frameworks)\//.test(name)) return [];
  if (!/^(master|allocator\/mesos\/resources)\//.test(name) || name === 'master/uptime_secs') return [[name, value]];
  return [[name, 0]];
}

function* masterMetrics(master: Master): Iterable<[string, number]> {
  for (const name of new Set([...counters, ...operationCounters(), ...master.counters.names])) {
    yield [`master/${name}`, master.counters.of(name)];
  }
  const frameworks = [...master.frameworks.values()];
  const agents = [...master.agents.values()];
  const connected = frameworks.filter((framework) => framework.connected).length;
  yield ['master/elected', master.standing.leader === 'self' ? 1 : 0];
  yield ['master/event_queue_dispatches', 0];
  yield ['master/event_queue_http_requests', 0];
  yield ['master/event_queue_messages', 0];
  yield ['master/frameworks_active', connected];
  yield ['master/frameworks_connected', connected];
  yield ['master/frameworks_disconnected', frameworks.length - connected];
  yield ['master/frameworks_inactive', frameworks.length - connected];
  yield ['master/operator_event_stream_subscribers', master.operators.size];
  yield ['master/outstanding_offers', master.offers.size];
  yield ['master/slaves_active', agents.filter(({ active }) => active).length];
  yield ['master/slaves_connected', agents.filter((agent) => agent.connected).length];
  yield ['master/slaves_disconnected', agents.filter((agent) => !agent.connected).length];
  yield ['master/slaves_inactive', agents.filter(({ active }) => !active).length];
  yield ['master/slaves_unreachable', master.unreachableAgents.size];
  yield ['master/uptime_secs', master.clock.now() / 1000 - master.startTime];
  const tasks = frameworks.flatMap((framework) => [...framework.tasks.values()]);
  for (const name of ['staging', 'starting', 'running', 'killing']) {
    const state = `TASK_${name.toUpperCase()}`;
    yield [`master/tasks_${name}`, tasks.filter((task) => task.state === state).length];
  }
  yield ['master/tasks_unreachable', frameworks.reduce((sum, { unreachableTasks }) => sum + unreachableTasks.size, 0)];
  yield* usage(
    agents.flatMap((agent) => agent.total),
    agents.flatMap((agent) => agent.used),
  );
}

function operationCounters(): string[] {
  return ['operations', ...operations.map((type) => `operations/${type}`)].flatMap((prefix) =>
    operationStates.map((state) => `${prefix}/${state}`),
  );
}

/** How much of each everyday resource there is, and how much is used: what is kept for as long as it is used, and the rest. */
function* usage(total: readonly Resource[], used: readonly Resource[]): Iterable<[string, number]> {
  for (const [infix, counts] of [
    ['', (resource: Resource) => !isRevocable(resource)],
    ['_revocable', isRevocable],
  ] as const) {
    const [all, taken] = [sum(total.filter(counts)), sum(used.filter(counts))];
    for (const name of ['cpus', 'mem', 'disk', 'gpus']) {
      const [whole, part] = [all.get(name) ?? 0, taken.get(name) ?? 0];
      yield [`master/${name}${infix}_total`, whole];
      yield [`master/${name}${infix}_used`, part];
      yield [`master/${name}${infix}_percent`, whole === 0 ? 0 : part / whole];
    }
  }
}

function sum(resources: readonly Resource[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { name, scalar } of resources) if (scalar !== undefined) change(result, name, scalar.value);
  return result;
}

/** The registry is in memory: one copy, and nothing is fetched or stored. The leader shows its size and times all the same. */
function* registrarMetrics(master: Master): Iterable<[string, number]> {
  yield ['registrar/log/ensemble_size', 1];
  yield ['registrar/log/recovered', master.standing.recovered ? 1 : 0];
  yield ['registrar/queued_operations', 0];
  if (master.standing.leader !== 'self') return;
  yield ['registrar/registry_size_bytes', 0];
  yield ['registrar/state_fetch_ms', 0];
  for (const part of ['', '/count', '/max', '/min', '/p50', '/p90', '/p95', '/p99', '/p999', '/p9999']) {
    yield [`registrar/state_store_ms${part}`, 0];
  }
}
