import type { Attribute, Resource, Task } from '@kmd/mesos-client';
import { addResources, printRanges } from '@kmd/mesos-client';

import { double } from './http/json.js';
import { omit } from './omit.js';
import { normalise, reservedTo } from './resources.js';
import { version } from './version.js';

/** Things as the GET endpoints of master and agent write them (trace 03-legacy-endpoints). */

/** Resources by name: numbers, or texts for ranges and sets; the four everyday ones are always there. */
export function resourcesJson(resources: readonly Resource[]): Record<string, string> {
  const result: Record<string, string> = { disk: double(0), mem: double(0), gpus: double(0), cpus: double(0) };
  const unreserved = normalise(resources).map((resource) => omit(resource, 'reservations'));
  for (const resource of addResources([], unreserved)) {
    if (resource.scalar !== undefined) result[resource.name] = double(resource.scalar.value);
    else if (resource.ranges !== undefined) result[resource.name] = printRanges(resource.ranges.range ?? []);
    else result[resource.name] = `{${(resource.set?.item ?? []).join(', ')}}`;
  }
  return result;
}

export function attributesJson(attributes: readonly Attribute[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { name, scalar, ranges, text } of attributes) {
    if (scalar !== undefined) result[name] = double(scalar.value);
    else if (ranges !== undefined) result[name] = printRanges(ranges.range ?? []);
    else result[name] = text?.value ?? '';
  }
  return result;
}

export function taskJson(task: Task): object {
  return {
    id: task.task_id.value,
    name: task.name,
    framework_id: task.framework_id.value,
    executor_id: task.executor_id?.value ?? '',
    slave_id: task.agent_id.value,
    state: task.state,
    resources: resourcesJson(task.resources ?? []),
    role: task.resources?.[0]?.allocation_info?.role ?? '*',
    statuses: (task.statuses ?? []).map((status) => ({
      state: status.state,
      timestamp: status.timestamp,
      ...(status.labels === undefined ? {} : { labels: status.labels.labels ?? [] }),
      ...(status.healthy === undefined ? {} : { healthy: status.healthy }),
      ...(status.container_status === undefined
        ? {}
        : {
            container_status: {
              container_id: status.container_status.container_id,
              network_infos: status.container_status.network_infos,
            },
          }),
    })),
    ...(task.labels === undefined ? {} : { labels: task.labels.labels ?? [] }),
    ...(task.discovery === undefined ? {} : { discovery: task.discovery }),
    ...(task.container === undefined ? {} : { container: task.container }),
  };
}

const { git_sha, git_tag, build_date, build_time, build_user } = version;

/** How `/state` begins. */
export const versionJson = { version: version.version, git_sha, git_tag, build_date, build_time, build_user };

export function unreserved(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => reservedTo(resource) === undefined);
}

/** Reserved resources by their role, each list printed. */
export function byReservation<Printed>(
  resources: readonly Resource[],
  print: (resources: Resource[]) => Printed,
): Record<string, Printed> {
  const groups = Map.groupBy(resources, (resource) => reservedTo(resource) ?? '');
  groups.delete('');
  return Object.fromEntries([...groups].map(([role, list]) => [role, print(list)]));
}

/** Flags are shown in alphabetical order. */
export function sortedFlags(flags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(flags).sort(([a], [b]) => (a < b ? -1 : 1)));
}
