import {
  isTerminal,
  rangesOf,
  scalarOf,
  type MasterAgent,
  type MasterExecutor,
  type MasterFramework,
  type RoleInfo,
  type Resource,
  type Task,
  type TaskState,
  type TaskStatus,
} from '@kmd/mesos-client';
import type {
  AgentView,
  Amounts,
  ExecutorView,
  FrameworkView,
  OfferView,
  RoleView,
  StatusView,
  TaskView,
} from '../mesos-view.js';

export function amountsOf(resources: readonly Resource[] = []): Amounts {
  const ranges = rangesOf(resources, 'ports') ?? [];
  return {
    cpus: scalarOf(resources, 'cpus') ?? 0,
    mem: scalarOf(resources, 'mem') ?? 0,
    disk: scalarOf(resources, 'disk') ?? 0,
    gpus: scalarOf(resources, 'gpus') ?? 0,
    ports: ranges.reduce((sum, { begin, end }) => sum + Number(end) - Number(begin) + 1, 0),
    portRanges: ranges.map(({ begin, end }) => (begin === end ? String(begin) : `${begin}-${end}`)).join(', '),
  };
}

const milliseconds = (time: { nanoseconds: number | bigint } | undefined): number | undefined =>
  time === undefined ? undefined : Number(time.nanoseconds) / 1e6;

export const describeAgent = ({ agent_info: { id, hostname, attributes = [] }, ...agent }: MasterAgent): AgentView => ({
  id: id?.value ?? '',
  hostname,
  address: agent.pid?.split('@')[1] ?? hostname,
  active: agent.active && agent.deactivated !== true,
  attributes: Object.fromEntries(
    attributes.map(({ name, text, scalar }) => [name, text?.value ?? String(scalar?.value ?? '')]),
  ),
  since: milliseconds(agent.registered_time),
  total: amountsOf(agent.total_resources),
  allocated: amountsOf(agent.allocated_resources),
  offered: amountsOf(agent.offered_resources),
});

export function describeFramework(framework: MasterFramework): FrameworkView {
  const { framework_info: info, offers = [] } = framework;
  const id = info.id?.value ?? '';
  return {
    id,
    name: info.name,
    roles: info.roles ?? (info.role === undefined ? [] : [info.role]),
    user: info.user,
    principal: info.principal ?? '',
    active: framework.active,
    connected: framework.connected,
    since: milliseconds(framework.registered_time),
    allocated: amountsOf(framework.allocated_resources),
    offered: amountsOf(framework.offered_resources),
    offers: offers.map((offer): OfferView => ({
      id: offer.id.value,
      framework: id,
      agent: offer.agent_id.value,
      role: offer.allocation_info?.role ?? '*',
      resources: amountsOf(offer.resources),
    })),
  };
}

export const describeExecutor = ({ executor_info: info, agent_id: agent }: MasterExecutor): ExecutorView => ({
  id: info.executor_id.value,
  name: info.name ?? '',
  framework: info.framework_id?.value ?? '',
  agent: agent.value,
  resources: amountsOf(info.resources),
});

export const describeRole = ({ name, weight, frameworks = [], resources }: RoleInfo): RoleView => ({
  name,
  weight: weight ?? 1,
  frameworks: frameworks.map(({ value }) => value),
  allocated: amountsOf(resources),
});

export const describeStatus = ({ state, timestamp, source, reason, message }: TaskStatus): StatusView => ({
  ...stateOf(state ?? 'TASK_STAGING'),
  time: timestamp === undefined ? undefined : timestamp * 1000,
  source,
  reason,
  message,
});

/** A task's state, and whether it is its last. */
export const stateOf = (state: TaskState): Pick<TaskView, 'state' | 'over'> => ({ state, over: isTerminal(state) });

export const describeTask = (task: Task): TaskView => ({
  id: task.task_id.value,
  name: task.name,
  framework: task.framework_id.value,
  agent: task.agent_id.value,
  executor: task.executor_id?.value ?? '',
  ...stateOf(task.state),
  statuses: (task.statuses ?? []).map(describeStatus),
  resources: amountsOf(task.resources),
  role: task.resources?.find(({ allocation_info: info }) => info)?.allocation_info?.role ?? '*',
});
