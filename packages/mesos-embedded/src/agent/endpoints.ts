import type { ExecutorInfo, Resource, Task } from '@kmd/mesos-client';

import { Refusal, readCall, requireJsonAccepted } from '../http/negotiation.js';
import type { Reply } from '../http/reply.js';
import type { Handler, Routes } from '../http/server.js';
import { attributesJson, resourcesJson, taskJson } from '../legacy-json.js';
import { agentCall } from '../message/messages.js';
import { isTerminal } from '../task-states.js';
import { version } from '../version.js';
import { allocate, normalise, reservedTo, toLegacyForm } from '../resources.js';
import { agentCapabilities } from '../capabilities.js';
import { executorEndpoint } from './executor-endpoint.js';
import type { Agent, AgentFramework } from './agent.js';
import type { Executor } from './executor.js';

/** Everything an agent answers. */
export function agentRoutes(agent: Agent): Routes {
  const health: Handler = (_request, reply) => {
    reply.empty(200);
  };
  const state: Handler = (request, reply) => {
    reply.legacyJson(describeState(agent), request.query.get('jsonp'));
  };
  return new Map<string, Handler>([
    ['/api/v1/executor', executorEndpoint(agent)],
    ['/api/v1', operatorEndpoint(agent)],
    ['/health', health],
    ['/state', state],
    [
      '/version',
      (request, reply) => {
        reply.legacyJson(version, request.query.get('jsonp'));
      },
    ],
    [
      '/containers',
      (request, reply) => {
        reply.legacyJson(everyExecutor(agent).map(containerJson), request.query.get('jsonp'));
      },
    ],
    [
      '/metrics/snapshot',
      (request, reply) => {
        reply.legacyJson(Object.fromEntries(metrics(agent)), request.query.get('jsonp'));
      },
    ],
  ]);
}

function operatorEndpoint(agent: Agent): Handler {
  return (request, reply) => {
    if (request.method !== 'POST') {
      reply.methodNotAllowed(['POST']);
      return;
    }
    try {
      const call = readCall(request, agentCall);
      const type = call['type'];
      if (typeof type !== 'string') {
        throw new Refusal(400, "Failed to validate agent::Call: Expecting 'type' to be present");
      }
      requireJsonAccepted(request.headers);
      answer(agent, type, reply);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply.text(error.status, error.message);
    }
  };
}

function answer(agent: Agent, type: string, reply: Reply): void {
  const body = answers[type]?.(agent);
  if (body === undefined) throw new Refusal(501, '501 Not Implemented.');
  reply.json({ type, [type.toLowerCase()]: body });
}

const answers: Readonly<Record<string, (agent: Agent) => object>> = {
  GET_HEALTH: () => ({ healthy: true }),
  GET_VERSION: () => ({ version_info: version }),
  GET_FLAGS: (agent) => ({ flags: Object.entries(flagsJson(agent)).map(([name, value]) => ({ name, value })) }),
  GET_METRICS: (agent) => ({ metrics: [...metrics(agent)].map(([name, value]) => ({ name, value })) }),
  GET_LOGGING_LEVEL: () => ({ level: 0 }),
  GET_AGENT: (agent) => ({ agent_info: agent.info }),
  GET_OPERATIONS: () => ({}),
  GET_RESOURCE_PROVIDERS: () => ({}),
  GET_TASKS: describeTasks,
  GET_EXECUTORS: describeExecutors,
  GET_FRAMEWORKS: describeFrameworks,
  GET_CONTAINERS: (agent) => ({
    containers: everyExecutor(agent).map((executor) => ({
      framework_id: { value: executor.frameworkId },
      executor_id: { value: executor.id },
      executor_name: executor.info.name ?? '',
      container_id: { value: executor.containerId },
      container_status: containerStatus(executor),
    })),
  }),
  GET_STATE: (agent) => ({
    get_tasks: describeTasks(agent),
    get_executors: describeExecutors(agent),
    get_frameworks: describeFrameworks(agent),
  }),
};

function describeTasks(agent: Agent) {
  const live = everyExecutor(agent).flatMap((executor) => tasksOf(executor));
  const done = [...agent.frameworks.values()].flatMap((framework) =>
    [...framework.executors.values(), ...framework.completedExecutors].flatMap((executor) => executor.completedTasks),
  );
  return {
    pending_tasks: [],
    queued_tasks: live.filter(({ queued }) => queued).map(({ task }) => task),
    launched_tasks: live.filter(({ queued, task }) => !queued && !isTerminal(task.state)).map(({ task }) => task),
    terminated_tasks: live.filter(({ task }) => isTerminal(task.state)).map(({ task }) => task),
    completed_tasks: done,
  };
}

function tasksOf(executor: Executor): { task: Task; queued: boolean }[] {
  const queued = new Set(executor.queuedTasks.map((task) => task.task_id.value));
  return [...executor.tasks.values()].map((task) => ({ task, queued: queued.has(task.task_id.value) }));
}

function describeExecutors(agent: Agent) {
  const info = (executor: Executor): { executor_info: ExecutorInfo } => ({ executor_info: executor.info });
  return {
    executors: everyExecutor(agent).map(info),
    completed_executors: [...agent.frameworks.values()].flatMap(({ completedExecutors }) =>
      completedExecutors.map(info),
    ),
  };
}

function describeFrameworks(agent: Agent) {
  const all = [...agent.frameworks.values()];
  const info = (framework: AgentFramework) => ({ framework_info: framework.info });
  return {
    frameworks: all.filter(({ executors }) => executors.size > 0).map(info),
    completed_frameworks: all.filter(({ executors }) => executors.size === 0).map(info),
  };
}

function everyExecutor(agent: Agent): Executor[] {
  return [...agent.frameworks.values()].flatMap(({ executors }) => [...executors.values()]);
}

function containerStatus(executor: Executor) {
  const pid = executor.launched?.pid ?? [...executor.runs.values()][0]?.pid;
  return {
    container_id: { value: executor.containerId },
    ...(pid === undefined ? {} : { executor_pid: pid }),
  };
}

function containerJson(executor: Executor): object {
  return {
    container_id: executor.containerId,
    executor_id: executor.id,
    executor_name: executor.info.name ?? '',
    framework_id: executor.frameworkId,
    source: executor.info.source ?? '',
    status: containerStatus(executor),
  };
}

function describeState(agent: Agent): object {
  const total = normalise(agent.info.resources ?? []);
  const used = everyExecutor(agent).flatMap((executor) => executor.resources);
  const frameworks = [...agent.frameworks];
  return {
    ...versionFirst(),
    start_time: agent.startTime,
    id: agent.id ?? '',
    pid: `slave(1)@${agent.address.ip}:${String(agent.address.port)}`,
    hostname: agent.info.hostname,
    capabilities: agentCapabilities.map(({ type }) => type),
    resources: resourcesJson(total),
    reserved_resources: byRole(total, resourcesJson),
    unreserved_resources: resourcesJson(unreserved(total)),
    reserved_resources_full: byRole(total, (resources) => resources.map((resource) => toLegacyForm(resource, true))),
    unreserved_resources_full: unreserved(total).map((resource) => toLegacyForm(resource, true)),
    reserved_resources_allocated: byRole(normalise(used), resourcesJson),
    unreserved_resources_allocated: resourcesJson(unreserved(normalise(used))),
    resource_providers: [],
    attributes: attributesJson(agent.info.attributes ?? []),
    flags: flagsJson(agent),
    frameworks: frameworks.filter(([, { executors }]) => executors.size > 0).map(frameworkJson),
    completed_frameworks: frameworks.filter(([, { executors }]) => executors.size === 0).map(frameworkJson),
  };
}

function versionFirst(): object {
  const { git_sha, git_tag, build_date, build_time, build_user } = version;
  return { version: version.version, git_sha, git_tag, build_date, build_time, build_user };
}

function unreserved(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => reservedTo(resource) === undefined);
}

function byRole<Printed>(
  resources: readonly Resource[],
  print: (resources: Resource[]) => Printed,
): Record<string, Printed> {
  const groups = Map.groupBy(resources, (resource) => reservedTo(resource) ?? '');
  groups.delete('');
  return Object.fromEntries([...groups].map(([role, list]) => [role, print(list)]));
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

function flagsJson(agent: Agent): Record<string, string> {
  return { work_dir: agent.workDir, hostname: agent.info.hostname, port: String(agent.address.port) };
}

function metrics(agent: Agent): Map<string, number> {
  const executors = everyExecutor(agent);
  const tasks = executors.flatMap((executor) => [...executor.tasks.values()]);
  const states = ['staging', 'starting', 'running', 'killing'];
  return new Map([
    ['slave/executors_registering', executors.filter(({ state }) => state === 'REGISTERING').length],
    ['slave/executors_running', executors.filter(({ state }) => state === 'RUNNING').length],
    ['slave/executors_terminating', executors.filter(({ state }) => state === 'TERMINATING').length],
    ['slave/frameworks_active', [...agent.frameworks.values()].filter((one) => one.executors.size > 0).length],
    ['slave/registered', agent.id === undefined ? 0 : 1],
    ...states.map((name): [string, number] => [
      `slave/tasks_${name}`,
      tasks.filter(({ state }) => state === `TASK_${name.toUpperCase()}`).length,
    ]),
    ['slave/uptime_secs', agent.clock.now() / 1000 - agent.startTime],
  ]);
}
