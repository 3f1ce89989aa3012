/** A published port as its short form says it. */
export interface ShortPort {
  readonly hostIp?: string;
  readonly target: number;
  readonly published?: string;
  readonly protocol: string;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** @returns the range, or what is wrong with it */
function parseRange(text: string, whole: string): Range | string {
  if (text === '') return 'empty string specified for ports.';
  const [from = '', to, ...more] = text.split('-');
  if (more.length > 0 || !/^[0-9]+$/.test(from) || (to !== undefined && !/^[0-9]+$/.test(to))) return whole;
  const [start, end] = [Number(from), Number(to ?? from)];
  if (end < start) return 'invalid range specified for port';
  if (end > 65535) return whole;
  return { start, end };
}

/** Cuts `ip:host:container` from the right, since addresses of version 6 hold colons. */
function cut(text: string): { ip: string; host: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return { ip: parts.join(':'), host, container };
}

/**
 * Reads `[ip:][host[-host]:]container[-container][/protocol]`.
 * @returns one mapping for each container port, or what is wrong with it
 */
export function parsePort(spec: string): readonly ShortPort[] | string {
  const invalid = (what: string): string => `${what} ${JSON.stringify(spec)}`;
  const [ports = '', protocolText, ...more] = spec.split('/');
  if (more.length > 0) return invalid('Invalid proto: in port');
  const protocol = (protocolText ?? 'tcp').toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) return `Invalid proto: ${protocol}`;
  const { ip: rawIp, host, container } = cut(ports);
  if (container === '') return `No port specified: ${spec}<empty>`;
  let ip = rawIp;
  if (ip.startsWith('[')) {
    if (!ip.endsWith(']')) return invalid('Invalid IP address: in port');
    ip = ip.slice(1, -1);
  } else if (ip.includes(':')) {
    return `Invalid ip address ${ip}: an address of version 6 stands in brackets`;
  }
  if (ip !== '' && !isIpAddress(ip)) return `Invalid ip address: ${rawIp}`;
  const containers = parseRange(container, `Invalid containerPort: ${container}`);
  if (typeof containers === 'string') return containers;
  let hosts: Range | undefined;
  if (host !== '') {
    const range = parseRange(host, `Invalid hostPort: ${host}`);
    if (typeof range === 'string') return range;
    hosts = range;
  }
  const count = containers.end - containers.start;
  const pool = hosts !== undefined && hosts.end - hosts.start !== count;
  if (pool && count !== 0) {
    return `Invalid ranges specified for container and host Ports: ${container} and ${host}`;
  }
  const made: ShortPort[] = [];
  for (let step = 0; step <= count; step += 1) {
    const published = hosts === undefined ? undefined : pool ? host : String(hosts.start + step);
    made.push({
      ...(ip !== '' && { hostIp: ip }),
      target: containers.start + step,
      ...(published !== undefined && { published }),
      protocol,
    });
  }
  return made;
}

/** Whether the text is an address of IP version 4 or 6. */
export function isIpAddress(text: string): boolean {
  const four = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (four !== null)
    return four.slice(1).every((part) => Number(part) <= 255 && (part === '0' || !part.startsWith('0')));
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [at, part] of parts.entries()) {
      const last = index === halves.length - 1 && at === parts.length - 1;
      if (last && part.includes('.')) {
        if (!isIpAddress(part)) return false;
        groups += 2;
      } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}
