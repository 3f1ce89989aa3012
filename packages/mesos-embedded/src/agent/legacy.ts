import { printDuration } from '@kmd/mesos-client';

import { agentCapabilities } from '../capabilities.js';
import { agentFlagDefaults } from '../flag-defaults.js';
import {
  attributesJson,
  byReservation,
  resourcesJson,
  sortedFlags,
  taskJson,
  unreserved,
  versionJson,
} from '../legacy-json.js';
import { allocate, normalise, toLegacyForm } from '../resources.js';
import type { Agent } from './agent.js';
import { containerStatus, everyExecutor, statistics, tasksOf } from './describe.js';
import type { Executor } from './executor.js';
import type { AgentFramework } from './framework.js';
import { processTable, type ProcessTable } from './statistics.js';

/** The answers of an agent's GET endpoints (trace 03-legacy-endpoints/43-54). */

/** Every executor's container; with its status where that is wanted. */
export function containersJson(agent: Agent, status: boolean): object[] {
  const table = processTable();
  return everyExecutor(agent).map((executor) => containerJson(agent, executor, status, table));
}

function containerJson(agent: Agent, executor: Executor, status: boolean, table: ProcessTable): object {
  return {
    ...(status ? { container_id: executor.containerId } : {}),
    executor_id: executor.id,
    executor_name: executor.info.name ?? '',
    framework_id: executor.frameworkId,
    source: executor.info.source ?? '',
    statistics: statistics(agent, executor, table),
    ...(status ? { status: containerStatus(executor) } : {}),
  };
}

export function describeState(agent: Agent): object {
  const { total } = agent;
  const used = everyExecutor(agent).flatMap((executor) => executor.resources);
  const frameworks = [...agent.frameworks];
  return {
    ...versionJson,
    start_time: agent.startTime,
    id: agent.id ?? '',
    pid: `slave(1)@${agent.address.ip}:${String(agent.address.port)}`,
    hostname: agent.info.hostname,
    capabilities: agentCapabilities.map(({ type }) => type),
    resources: resourcesJson(total),
    reserved_resources: byReservation(total, resourcesJson),
    unreserved_resources: resourcesJson(unreserved(total)),
    reserved_resources_full: byReservation(total, (resources) =>
      resources.map((resource) => toLegacyForm(resource, true)),
    ),
    unreserved_resources_full: unreserved(total).map((resource) => toLegacyForm(resource, true)),
    reserved_resources_allocated: byReservation(normalise(used), resourcesJson),
    unreserved_resources_allocated: resourcesJson(unreserved(normalise(used))),
    resource_providers: [],
    attributes: attributesJson(agent.info.attributes ?? []),
    ...(agent.masterHostname === undefined ? {} : { master_hostname: agent.masterHostname }),
    flags: flagsJson(agent),
    frameworks: frameworks.filter(([, { executors }]) => executors.size > 0).map(frameworkJson),
    completed_frameworks: frameworks.filter(([, { executors }]) => executors.size === 0).map(frameworkJson),
  };
}

function frameworkJson([id, framework]: readonly [string, AgentFramework]): object {
  const { info } = framework;
  return {
    id,
    name: info.name,
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    hostname: info.hostname ?? '',
    ...(info.roles === undefined ? { role: info.role ?? '*' } : { roles: info.roles }),
    executors: [...framework.executors.values()].map(executorJson),
    completed_executors: framework.completedExecutors.map(executorJson),
  };
}

function executorJson(executor: Executor): object {
  const resources = executor.resources;
  const tasks = tasksOf(executor);
  return {
    id: executor.id,
    name: executor.info.name ?? '',
    source: executor.info.source ?? '',
    container: executor.containerId,
    directory: executor.directory,
    resources: resourcesJson(allocate(normalise(resources), '*')),
    role: resources[0]?.allocation_info?.role ?? '*',
    ...(executor.info.labels === undefined ? {} : { labels: executor.info.labels.labels ?? [] }),
    tasks: tasks.filter(({ queued }) => !queued).map(({ task }) => taskJson(task)),
    queued_tasks: tasks.filter(({ queued }) => queued).map(({ task }) => taskJson(task)),
    completed_tasks: executor.completedTasks.map(taskJson),
  };
}

/** Every flag that Mesos shows, in alphabetical order. */
export function flagsJson(agent: Agent): Record<string, string> {
  const { flags, info, address, workDir } = agent;
  const all = {
    ...agentFlagDefaults,
    ...(agent.attributesText === '' ? {} : { attributes: agent.attributesText }),
    default_role: agent.defaultRole,
    executor_registration_timeout: printDuration(flags.executorRegistrationTimeout),
    executor_reregistration_timeout: printDuration(flags.executorReregistrationTimeout),
    executor_shutdown_grace_period: printDuration(flags.executorShutdownGracePeriod),
    disk_watch_interval: printDuration(flags.diskWatchInterval),
    gc_delay: printDuration(flags.gcDelay),
    gc_disk_headroom: String(flags.gcDiskHeadroom),
    hostname: info.hostname,
    ip: address.ip,
    ...(agent.masterAddress === '' ? {} : { master: agent.masterAddress }),
    port: String(address.port),
    reconfiguration_policy: flags.reconfigurationPolicy,
    recover: flags.recover,
    recovery_timeout: printDuration(flags.recoveryTimeout),
    resources: agent.resourcesText,
    switch_user: String(flags.switchUser),
    work_dir: workDir,
  };
  return sortedFlags(all);
}
