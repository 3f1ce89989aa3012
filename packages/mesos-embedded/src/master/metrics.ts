import { quantityOf, type Quantities } from './allocation/holdings.js';
import type { Master } from './master.js';

/** Counters and gauges under Mesos' names: those of its state that this master has (trace 03-legacy-endpoints/14). */
export function metrics(master: Master): Map<string, number> {
  const frameworks = [...master.frameworks.values()];
  const agents = [...master.agents.values()];
  const tasks = frameworks.flatMap((framework) => [...framework.tasks.values()]);
  const values = new Map<string, number>([
    ['master/elected', 1],
    ['master/frameworks_active', frameworks.filter(({ connected }) => connected).length],
    ['master/frameworks_connected', frameworks.filter(({ connected }) => connected).length],
    ['master/frameworks_disconnected', frameworks.filter(({ connected }) => !connected).length],
    ['master/outstanding_offers', master.offers.size],
    ['master/slaves_active', agents.filter(({ active }) => active).length],
    ['master/slaves_connected', agents.filter(({ connected }) => connected).length],
    ['master/slaves_disconnected', agents.filter(({ connected }) => !connected).length],
    ['master/slaves_unreachable', master.unreachableAgents.size],
    ['master/uptime_secs', master.clock.now() / 1000 - master.startTime],
  ]);
  for (const name of ['staging', 'starting', 'running', 'killing']) {
    const state = `TASK_${name.toUpperCase()}`;
    values.set(`master/tasks_${name}`, tasks.filter((task) => task.state === state).length);
  }
  const completed = [...frameworks, ...master.completedFrameworks.values()].flatMap((one) => one.completedTasks);
  for (const name of ['finished', 'failed', 'killed', 'lost', 'error', 'gone', 'dropped']) {
    const state = `TASK_${name.toUpperCase()}`;
    values.set(`master/tasks_${name}`, [...tasks, ...completed].filter((task) => task.state === state).length);
  }
  const total = sum(agents.flatMap((agent) => agent.total));
  const used = sum(agents.flatMap((agent) => agent.used));
  for (const name of ['cpus', 'mem', 'disk', 'gpus']) {
    const all = total.get(name) ?? 0;
    values.set(`master/${name}_total`, all);
    values.set(`master/${name}_used`, used.get(name) ?? 0);
    values.set(`master/${name}_percent`, all === 0 ? 0 : (used.get(name) ?? 0) / all);
  }
  for (const framework of frameworks) {
    const prefix = `master/frameworks/${encodeURIComponent(framework.info.name)}/${framework.id}`;
    for (const [call, times] of framework.calls) values.set(`${prefix}/calls/${call.toLowerCase()}`, times);
    for (const [event, times] of framework.events) values.set(`${prefix}/events/${event.toLowerCase()}`, times);
  }
  return new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sum(resources: readonly Parameters<typeof quantityOf>[0][]): Quantities {
  const result = new Map<string, number>();
  for (const resource of resources) {
    result.set(resource.name, Math.round(((result.get(resource.name) ?? 0) + quantityOf(resource)) * 1000) / 1000);
  }
  return result;
}
