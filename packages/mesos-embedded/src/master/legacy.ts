import type { Resource, Task } from '@kmd/mesos-client';
import { addResources, printDuration } from '@kmd/mesos-client';

import { agentCapabilities } from '../capabilities.js';
import { masterFlagDefaults } from '../flag-defaults.js';
import { double } from '../http/json.js';
import {
  attributesJson,
  byReservation,
  resourcesJson,
  sortedFlags,
  taskJson,
  unreserved,
  versionJson,
} from '../legacy-json.js';
import { omit } from '../omit.js';
import { reservedTo } from '../resources.js';
import type { Agent } from './agent.js';
import type { Framework } from './framework.js';
import { hasCapability } from './framework-info.js';
import { quantityOf, type Quantities } from './allocation/holdings.js';
import type { Master } from './master.js';
import { allocatedTo, offeredOf, withRole } from './state.js';

/** The answers of the GET endpoints, field by field as recorded (trace 03-legacy-endpoints). */

export function state(master: Master): object {
  const all = [...master.agents.values()];
  const { host, port } = master.address;
  const hostname = master.flags.hostname ?? host;
  return {
    ...versionJson,
    start_time: master.startTime,
    elected_time: master.startTime,
    id: master.id,
    pid: master.pid,
    hostname,
    capabilities: ['AGENT_UPDATE', 'AGENT_DRAINING', 'QUOTA_V2'],
    activated_slaves: all.filter(({ active }) => active).length,
    deactivated_slaves: all.filter(({ active }) => !active).length,
    unreachable_slaves: master.unreachableAgents.size,
    leader: master.pid,
    leader_info: { id: master.id, pid: master.pid, port, hostname },
    ...(master.flags.cluster === undefined ? {} : { cluster: master.flags.cluster }),
    flags: flags(master),
    slaves: all.map(agentJson),
    recovered_slaves: recoveredJson(master),
    frameworks: [...master.frameworks.values()].map(frameworkJson),
    completed_frameworks: [...master.completedFrameworks.values()].map(frameworkJson),
    orphan_tasks: [],
    unregistered_frameworks: [],
  };
}

/** Every flag that Mesos shows, in alphabetical order: those that mean something here, and the others as given or by default. */
export function flags(master: Master): Record<string, string> {
  const { flags } = master;
  const { host, port } = master.address;
  return sortedFlags({
    ...masterFlagDefaults,
    ...(flags.credentials === undefined
      ? {}
      : {
          authenticate_http_frameworks: 'true',
          authenticate_http_readonly: 'true',
          authenticate_http_readwrite: 'true',
          credentials: 'in memory',
          http_framework_authenticators: 'basic',
        }),
    ...flags.shown,
    agent_ping_timeout: printDuration(flags.agentPingTimeout),
    allocation_interval: printDuration(flags.allocationInterval),
    ...(flags.cluster === undefined ? {} : { cluster: flags.cluster }),
    hostname: flags.hostname ?? host,
    ip: host,
    max_agent_ping_timeouts: String(flags.maxAgentPingTimeouts),
    min_allocatable_resources: flags.minAllocatableResources,
    ...(flags.offerTimeout === undefined ? {} : { offer_timeout: printDuration(flags.offerTimeout) }),
    port: String(port),
  });
}

export function summary(master: Master): object {
  const all = [...master.frameworks.values()];
  return {
    hostname: master.flags.hostname ?? master.address.host,
    ...(master.flags.cluster === undefined ? {} : { cluster: master.flags.cluster }),
    slaves: [...master.agents.values()].map((agent) => {
      const on = (framework: Framework): Task[] =>
        tasksOf(framework).filter(({ agent_id }) => agent_id.value === agent.id);
      return {
        ...agentJson(agent),
        ...countStates(all.flatMap(on)),
        framework_ids: all.filter((framework) => on(framework).length > 0).map(({ id }) => id),
      };
    }),
    frameworks: all.map((framework) => ({
      ...frameworkSummary(framework),
      ...countStates(tasksOf(framework)),
      slave_ids: [...new Set(tasksOf(framework).map(({ agent_id }) => agent_id.value))],
    })),
  };
}

export function agents(master: Master, id: string | null): object {
  const chosen = [...master.agents.values()].filter((agent) => id === null || agent.id === id);
  return {
    slaves: chosen.map((agent) => ({
      ...agentJson(agent),
      reserved_resources_full: byReservation(agent.total, (resources) => resources.map(withRole)),
      unreserved_resources_full: unreserved(agent.total).map(withRole),
      used_resources_full: agent.used.map(withRole),
      offered_resources_full: offeredOf(agent.offers).map(withRole),
    })),
    recovered_slaves: recoveredJson(master),
  };
}

export function frameworks(master: Master, id: string | null): object {
  const chosen = (all: Iterable<Framework>): object[] =>
    [...all].filter((framework) => id === null || framework.id === id).map(frameworkJson);
  return {
    frameworks: chosen(master.frameworks.values()),
    completed_frameworks: chosen(master.completedFrameworks.values()),
    unregistered_frameworks: [],
  };
}

/** The newest tasks first; `order=asc` turns it round, `offset` and `limit` cut a piece out. */
export function tasks(master: Master, query: URLSearchParams): object {
  const wanted = (name: string, value: string): boolean => {
    const asked = query.get(name);
    return asked === null || asked === value;
  };
  const all = [...master.frameworks.values(), ...master.completedFrameworks.values()]
    .flatMap(tasksOf)
    .filter((task) => wanted('framework_id', task.framework_id.value) && wanted('task_id', task.task_id.value))
    .sort((a, b) => startOf(b) - startOf(a));
  if (query.get('order') === 'asc') all.reverse();
  const offset = Number(query.get('offset') ?? 0);
  const limit = Number(query.get('limit') ?? 100);
  return { tasks: all.slice(offset, offset + limit).map(taskJson) };
}

function startOf(task: Task): number {
  return task.statuses?.[0]?.timestamp ?? Number.MAX_VALUE;
}

/** Every role that a framework, a weight, a quota or a reservation names, in alphabetical order. */
export function rolesInUse(master: Master): string[] {
  const names = new Set([...master.frameworks.values()].flatMap((framework) => framework.roles));
  for (const { role = '' } of master.weights.all) names.add(role);
  for (const role of master.quotas.roles) names.add(role);
  for (const agent of master.agents.values()) {
    for (const resource of agent.total) {
      const role = reservedTo(resource);
      if (role !== undefined) names.add(role);
    }
  }
  return [...names].sort();
}

export function roles(master: Master): object {
  return {
    roles: rolesInUse(master).map((name) => {
      const members = [...master.frameworks.values()].filter((framework) => framework.roles.includes(name));
      const inRole = (resource: Resource): boolean => resource.allocation_info?.role === name;
      const allocated = members.flatMap(allocatedTo).filter(inRole);
      const offered = members.flatMap((framework) => offeredOf(framework.offers)).filter(inRole);
      const reserved = [...master.agents.values()].flatMap((agent) =>
        agent.total.filter((one) => reservedTo(one) === name),
      );
      const quota = master.quotas.of(name);
      return {
        name,
        weight: master.weights.of(name),
        quota: {
          role: name,
          guarantee: doubles(quota.guarantees),
          limit: doubles(quota.limits),
          consumed: name === '*' ? {} : consumed(allocated, reserved),
        },
        resources: amounts([...allocated, ...offered]),
        allocated: amounts(allocated),
        offered: amounts(offered),
        reserved: amounts(reserved),
        frameworks: members.map(({ id }) => id),
      };
    }),
  };
}

/** Agents of the registry that have not come back since this master took over. */
function recoveredJson(master: Master): object[] {
  return [...master.recoveredAgents.values()].map(({ info }) => ({
    id: info.id?.value,
    hostname: info.hostname,
    port: info.port ?? 5051,
    attributes: attributesJson(info.attributes ?? []),
  }));
}

function agentJson(agent: Agent): object {
  return {
    id: agent.id,
    hostname: agent.info.hostname,
    port: agent.address.port,
    attributes: attributesJson(agent.info.attributes ?? []),
    pid: agent.pid,
    registered_time: agent.registeredTime,
    ...(agent.reregisteredTime === undefined ? {} : { reregistered_time: agent.reregisteredTime }),
    resources: resourcesJson(agent.total),
    used_resources: resourcesJson(agent.used),
    offered_resources: resourcesJson(offeredOf(agent.offers)),
    reserved_resources: byReservation(agent.total, resourcesJson),
    unreserved_resources: resourcesJson(unreserved(agent.total)),
    active: agent.active,
    deactivated: agent.deactivated,
    version: agent.version,
    capabilities: agentCapabilities.map(({ type }) => type),
  };
}

function frameworkSummary(framework: Framework): object {
  const { info } = framework;
  return {
    id: framework.id,
    name: info.name,
    used_resources: resourcesJson(allocatedTo(framework)),
    offered_resources: resourcesJson(offeredOf(framework.offers)),
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: framework.connected,
    connected: framework.connected,
    recovered: framework.recovered,
  };
}

function frameworkJson(framework: Framework): object {
  const { info } = framework;
  return {
    ...frameworkSummary(framework),
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: framework.registeredTime,
    unregistered_time: framework.unregisteredTime,
    ...(framework.reregisteredTime === framework.registeredTime
      ? {}
      : { reregistered_time: framework.reregisteredTime }),
    ...(info.principal === undefined ? {} : { principal: info.principal }),
    resources: resourcesJson([...allocatedTo(framework), ...offeredOf(framework.offers)]),
    ...(hasCapability(info, 'MULTI_ROLE') ? { roles: info.roles ?? [] } : { role: info.role ?? '*' }),
    tasks: [...framework.tasks.values()].map(taskJson),
    unreachable_tasks: [...framework.unreachableTasks.values()].map(taskJson),
    completed_tasks: framework.completedTasks.map(taskJson),
    offers: [...framework.offers].map((record) => ({
      id: record.id,
      framework_id: framework.id,
      allocation_info: { role: record.role },
      slave_id: record.agent.id,
      resources: resourcesJson(record.resources),
    })),
    executors: [...framework.executors].flatMap(([agentId, executors]) =>
      [...executors.values()].map((executor) => ({
        executor_id: executor.executor_id.value,
        name: executor.name ?? '',
        framework_id: framework.id,
        command: executor.command ?? {},
        resources: resourcesJson(executor.resources ?? []),
        role: executor.resources?.[0]?.allocation_info?.role ?? '*',
        source: executor.source ?? '',
        slave_id: agentId,
      })),
    ),
    offer_constraints: framework.constraints.given,
  };
}

function tasksOf(framework: Framework): Task[] {
  return [...framework.tasks.values(), ...framework.unreachableTasks.values(), ...framework.completedTasks];
}

const countedStates = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
] as const;

function countStates(all: readonly Task[]): Record<string, number> {
  return Object.fromEntries(countedStates.map((name) => [name, all.filter(({ state: is }) => is === name).length]));
}

/** Amounts by name, as doubles. */
function amounts(resources: readonly Resource[]): Record<string, string> {
  const result: Record<string, string> = {};
  const plain = resources.map((resource) => omit(resource, 'allocation_info', 'reservations'));
  const sorted = addResources([], plain).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const resource of sorted) result[resource.name] = double(quantityOf(resource));
  return result;
}

/** What counts against a quota: what is allocated, and what is reserved besides; scalars only. */
function consumed(allocated: readonly Resource[], reserved: readonly Resource[]): Record<string, string> {
  const free = allocated.filter((resource) => reservedTo(resource) === undefined);
  return amounts([...free, ...reserved].filter(({ scalar }) => scalar !== undefined));
}

function doubles(quantities: Quantities): Record<string, string> {
  return Object.fromEntries([...quantities].map(([name, value]) => [name, double(value)]));
}
