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

/** Reads `80` or `80-90`; what follows a second dash is ignored, as docker compose does. */
function parseRange(text: string): Range | undefined {
  const [start, end] = text.split('-', 2).map((part) => (/^[0-9]+$/.test(part) ? Number(part) : Number.NaN));
  const range = { start: start ?? Number.NaN, end: end ?? start ?? Number.NaN };
  return range.start <= range.end && range.end <= 65535 ? range : undefined;
}

/** Cuts `ip:host:container` from the right, since addresses of version 6 hold colons. */
function cut(text: string): { ip: string; host: string; container: string } {
  const parts = text.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  return { ip: parts.join(':'), host, container };
}

/** An address without its brackets, which one of version 6 must have. Messages are those of Go's library. */
function readAddress(text: string): { readonly ip: string } | string {
  const refuse = (reason: string): string => `Invalid ip address ${text}: address ${text}:: ${reason}`;
  const close = text.indexOf(']');
  const bracketed = text.startsWith('[');
  if (bracketed && close < 0) return refuse("missing ']' in address");
  const rest = bracketed ? text.slice(close + 1) : text;
  if (bracketed && rest !== '' && !rest.startsWith(':')) return refuse('missing port in address');
  if (rest.includes(':')) return refuse('too many colons in address');
  if (text.includes('[', bracketed ? 1 : 0)) return refuse("unexpected '[' in address");
  if (rest.includes(']')) return refuse("unexpected ']' in address");
  const ip = bracketed ? text.slice(1, close) : text;
  return ip === '' || isIpAddress(ip) ? { ip } : `Invalid ip address: ${ip}`;
}

/**
 * Reads `[ip:][host[-host]:]container[-container][/protocol]`.
 * @returns one mapping for each container port, in the order of their digits as docker compose has it, or what is wrong with it
 */
export function parsePort(spec: string): readonly ShortPort[] | string {
  const { ip: rawIp, host, container: rawContainer } = cut(spec);
  const [container = '', rawProtocol = ''] = rawContainer.split('/');
  const address = readAddress(rawIp);
  if (typeof address === 'string') return address;
  if (container === '') return `No port specified: ${spec}<empty>`;
  const containers = parseRange(container);
  if (containers === undefined) return `Invalid containerPort: ${container}`;
  const hosts = host === '' ? undefined : parseRange(host);
  if (host !== '' && hosts === undefined) return `Invalid hostPort: ${host}`;
  const count = containers.end - containers.start;
  const pool = hosts !== undefined && hosts.end - hosts.start !== count;
  if (pool && count !== 0) {
    return `Invalid ranges specified for container and host Ports: ${container} and ${host}`;
  }
  const protocol = rawProtocol.toLowerCase() || 'tcp';
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) return `Invalid proto: ${rawProtocol}`;
  const made: ShortPort[] = [];
  for (let step = 0; step <= count; step += 1) {
    const published =
      hosts === undefined ? undefined : pool ? `${hosts.start}-${hosts.end}` : String(hosts.start + step);
    made.push({
      ...(address.ip !== '' && { hostIp: address.ip }),
      target: containers.start + step,
      ...(published !== undefined && { published }),
      protocol,
    });
  }
  return made.sort((a, b) => (`${a.target}/` < `${b.target}/` ? -1 : 1));
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
