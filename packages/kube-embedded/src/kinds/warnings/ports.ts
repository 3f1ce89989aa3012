import { type JsonObject, numberAt, objectsAt, textAt } from '../../json/tree.js';

/** A part of a pod, and the field it stands in. */
export interface Placed {
  readonly field: string;
  readonly value: JsonObject;
}

interface Port {
  readonly field: string;
  readonly name: string;
  readonly number: number;
  readonly protocol: string;
  readonly hostPort: number;
  readonly hostIp: string;
}

const portsOf = ({ field, value }: Placed): readonly Port[] =>
  objectsAt(value, 'ports').map((port, index) => ({
    field: `${field}.ports[${index}]`,
    name: textAt(port, 'name') ?? '',
    number: numberAt(port, 'containerPort') ?? 0,
    protocol: textAt(port, 'protocol') ?? '',
    hostPort: numberAt(port, 'hostPort') ?? 0,
    hostIp: textAt(port, 'hostIP') ?? '',
  }));

/** `%+v` of a port. */
const show = ({ name, hostPort, number, protocol, hostIp }: Port): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${number} Protocol:${protocol} HostIP:${hostIp}}`;

/** What two definitions of one port are to each other, if that is odd. */
function clash(a: Port, b: Port): string | undefined {
  if (a.hostIp === b.hostIp && a.hostPort === b.hostPort) return 'duplicate';
  if (a.hostPort === 0 || b.hostPort === 0) return 'overlapping';
  return a.hostPort === b.hostPort && (a.hostIp === '') !== (b.hostIp === '') ? 'dangerously ambiguous' : undefined;
}

/** Ports that containers of a pod define more than once, and names that stand for several. */
export function warnOfPorts(containers: readonly Placed[]): readonly string[] {
  const warnings: string[] = [];
  const ports = containers.flatMap(portsOf);
  ports.forEach((port, index) => {
    if (port.hostIp !== '' && port.hostPort === 0) {
      warnings.push(`${port.field}: hostIP set without hostPort: ${show(port)}`);
    }
    for (const other of ports.slice(0, index)) {
      if (port.number !== other.number || port.protocol !== other.protocol) continue;
      const what = clash(port, other);
      if (what !== undefined) warnings.push(`${port.field}: ${what} port definition with ${other.field}`);
    }
  });
  const named = new Map<string, string>();
  for (const { name, field } of ports.filter((port) => port.name !== '')) {
    const first = named.get(name);
    if (first === undefined) named.set(name, field);
    else {
      warnings.push(
        `${field}: duplicate port name "${name}" with ${first}, services and probes that select ports by name will use ${first}`,
      );
    }
  }
  return warnings;
}
