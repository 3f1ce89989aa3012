import type { AgentInfo, Attribute, Resource } from '@kmd/mesos-client';
import { containsResources, equalResources, printResources } from '@kmd/mesos-client';
import { isDeepStrictEqual } from 'node:util';

import { normalise } from '../resources.js';

/** What an agent may differ in from the one before it (--reconfiguration_policy; docs/agent-recovery.md). */
export type ReconfigurationPolicy = 'equal' | 'additive';

/** Why an agent cannot go on as the one before it; undefined where it can. The words are those of src/slave/compatibility.cpp. */
export function incompatibility(
  policy: ReconfigurationPolicy,
  previous: AgentInfo,
  current: AgentInfo,
): string | undefined {
  return policy === 'equal' ? unequal(previous, current) : subtracted(previous, current);
}

const rule = '\n------------------------------------------------------------';

function unequal(previous: AgentInfo, current: AgentInfo): string | undefined {
  const same =
    previous.hostname === current.hostname &&
    previous.port === current.port &&
    equalResources(normalise(previous.resources ?? []), normalise(current.resources ?? [])) &&
    isDeepStrictEqual(previous.attributes ?? [], current.attributes ?? []);
  if (same) return undefined;
  return [
    'Incompatible agent info detected. ',
    rule,
    `Old agent info:\n${printInfo(previous)}`,
    rule,
    `New agent info:\n${printInfo({ ...current, ...(previous.id === undefined ? {} : { id: previous.id }) })}`,
    rule,
  ].join('\n');
}

function subtracted(previous: AgentInfo, current: AgentInfo): string | undefined {
  const refused = 'Configuration change not permitted under';
  if (previous.hostname !== current.hostname) {
    return `${refused} \`additive\` policy: Hostname changed from ${previous.hostname} to ${current.hostname}`;
  }
  if (previous.port !== current.port) {
    return `${refused} \`additive\` policy: Port changed from ${String(previous.port)} to ${String(current.port)}`;
  }
  const now = normalise(current.resources ?? []);
  for (const resource of normalise(previous.resources ?? [])) {
    const match = now.find((one) => isSameKind(one, resource));
    if (match === undefined) {
      return `${refused} 'additive' policy. Resource not found: ${printResources([resource])}`;
    }
    if (containsResources([match], [resource])) continue;
    const { name } = resource;
    switch (resource.type) {
      case 'SCALAR':
        return `${refused} 'additive' policy: Value of scalar resource '${name}' decreased from ${valueOf(resource)} to ${valueOf(match)}`;
      case 'RANGES':
        return `${refused} 'additive' policy: Previous value of range resource '${name}' (${valueOf(resource)}) not included in current ${valueOf(match)}`;
      default:
        return `${refused} 'additive' policy: Previous value of set resource '${name}' (${valueOf(resource)}) not included in current ${valueOf(match)}`;
    }
  }
  return attributesChanged(previous.attributes ?? [], current.attributes ?? []);
}

function attributesChanged(previous: readonly Attribute[], current: readonly Attribute[]): string | undefined {
  const refused = "Configuration change not permitted under 'additive' policy:";
  for (const attribute of previous) {
    const { name, type } = attribute;
    const match = current.find((one) => one.name === name);
    if (match === undefined) return `${refused} Couldn't find attribute ${name}`;
    if (match.type !== type) {
      return `${refused} Type of attribute '${name}' changed from ${type} to ${match.type}`;
    }
    if (!isDeepStrictEqual(attribute, match)) {
      return `${refused} Value of ${type.toLowerCase()} attribute '${name}' changed from ${attributeValue(attribute)} to ${attributeValue(match)}`;
    }
  }
  return undefined;
}

/** Whether two resources could be added up. */
function isSameKind(a: Resource, b: Resource): boolean {
  const kind = (resource: Resource): unknown =>
    Object.fromEntries(Object.entries(resource).filter(([key]) => !['scalar', 'ranges', 'set'].includes(key)));
  return isDeepStrictEqual(kind(a), kind(b));
}

/** `4`, `[31000-32000]` or `{a, b}` of `cpus:4` and so on. */
function valueOf(resource: Resource): string {
  const { name, type, scalar, ranges, set } = resource;
  const plain: Resource = { name, type };
  return printResources([Object.assign(plain, { scalar, ranges, set })]).slice(name.length + 1);
}

function attributeValue({ scalar, ranges, text }: Attribute): string {
  if (scalar !== undefined) return String(scalar.value);
  if (ranges !== undefined) {
    return `[${(ranges.range ?? []).map(({ begin, end }) => `${String(begin)}-${String(end)}`).join(', ')}]`;
  }
  return text?.value ?? '';
}

/** An agent's info in protobuf's text form, fields in the order of their numbers (trace 35, agent-log-tail.txt). */
function printInfo({ hostname, resources, attributes, id, port }: AgentInfo): string {
  return printFields({ hostname, resources, attributes, id, checkpoint: true, port }, '');
}

function printFields(message: object, indent: string): string {
  return Object.entries(message)
    .flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((one: unknown) => [name, one] as const) : [[name, value as unknown] as const],
    ) // prettier-ignore
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      if (typeof value === 'object' && value !== null) {
        return `${indent}${name} {\n${printFields(value, `${indent}  `)}${indent}}\n`;
      }
      // Names of enums stand as they are; there is but one enum in it.
      const text = typeof value === 'string' && name !== 'type' ? JSON.stringify(value) : String(value);
      return `${indent}${name}: ${text}\n`;
    })
    .join('');
}

/** What Mesos says when it refuses to go on. `latest` is the link that names the agent before. */
export function recoveryFailure(why: string, latest: string): string {
  return `Failed to perform recovery: ${why}
If recovery failed due to a change in configuration and you want to
keep the current agent id, you might want to change the
\`--reconfiguration_policy\` flag to a more permissive value.

To restart this agent with a new agent id instead, do as follows:
rm -f ${latest}
This ensures that the agent does not recover old live executors.`;
}
