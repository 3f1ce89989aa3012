import type { Framework } from '../framework.js';

/** Names of what is counted of a framework, below `master/frameworks/NAME/ID/` (src/master/metrics.cpp, FrameworkMetrics). */
const calls = ['accept', 'accept_inverse_offers', 'acknowledge', 'acknowledge_operation_status', 'decline', 'decline_inverse_offers', 'kill', 'message', 'reconcile', 'reconcile_operations', 'request', 'revive', 'shutdown', 'subscribe', 'suppress', 'teardown', 'update_framework']; // prettier-ignore
const events = ['error', 'failure', 'heartbeat', 'inverse_offers', 'message', 'offers', 'rescind', 'rescind_inverse_offer', 'subscribed', 'update', 'update_operation_status']; // prettier-ignore
const operations = ['create', 'create_disk', 'destroy', 'destroy_disk', 'grow_volume', 'launch', 'launch_group', 'reserve', 'shrink_volume', 'unreserve']; // prettier-ignore
const active = ['killing', 'running', 'staging', 'starting', 'unknown', 'unreachable'];
const terminal = ['dropped', 'error', 'failed', 'finished', 'gone', 'gone_by_operator', 'killed', 'lost'];

export function* frameworkMetrics(framework: Framework): Iterable<[string, number]> {
  const { counters } = framework;
  const prefix = `master/frameworks/${encodeURIComponent(framework.info.name)}/${framework.id}`;
  for (const [group, names] of Object.entries({ calls, events, operations })) {
    const each = names.map((name) => [name, counters.of(`${group}/${name}`)] as const);
    yield [`${prefix}/${group}`, each.reduce((sum, [, times]) => sum + times, 0)];
    for (const [name, times] of each) yield [`${prefix}/${group}/${name}`, times];
  }
  for (const name of ['accepted', 'declined', 'rescinded', 'sent']) {
    yield [`${prefix}/offers/${name}`, counters.of(`offers/${name}`)];
  }
  for (const role of framework.roles) {
    yield [`${prefix}/roles/${role}/suppressed`, framework.suppressed.has(role) ? 1 : 0];
  }
  yield [`${prefix}/subscribed`, framework.connected ? 1 : 0];
  const tasks = [...framework.tasks.values(), ...framework.unreachableTasks.values()];
  for (const name of active) {
    const state = `TASK_${name.toUpperCase()}`;
    yield [`${prefix}/tasks/active/task_${name}`, tasks.filter((task) => task.state === state).length];
  }
  for (const name of terminal) yield [`${prefix}/tasks/terminal/task_${name}`, counters.of(`tasks_${name}`)];
}
