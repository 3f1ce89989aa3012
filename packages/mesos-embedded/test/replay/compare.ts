import { ExactNumber, parseExact, textAt } from './exact-json.js';
import type { HttpMessage } from './http-message.js';
import { decode } from './messages.js';

/** What cannot be the same twice: ids, times, addresses, and measurements. */
const timeKeys = /(^|_)(time|timestamp|nanoseconds|uptime_secs)$|^(t_ms|mtime)$/;
const idKeys = /^(uuid|status_update_uuid|executor_pid|executor_id_pid|uid|gid)$/;
const measured =
  /(_ms|_ms\/|latency|load_|rss|mem_free|mem_total|cpus_total|event_queue|uptime|registrar|_secs$|allocation_runs$)/;

/** Flags that say where things are. */
const placeFlags = /^(port|ip|master|\w+_dir|credentials)$/;

/** Lists that Mesos fills from hash maps: their order says nothing. */
const unordered =
  /^(offers|agents|slaves|frameworks|completed_frameworks|tasks|completed_tasks|unreachable_tasks|executors|completed_executors|resources|volumes|roles|infos|configs|weight_infos|flags|capabilities|containers|.*_resources|.*_resources_full|framework_ids|slave_ids|executor_ids|statistics|inverse_offers|windows|draining_machines|down_machines)$/;

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const id = new RegExp(`${uuid}(-(S|O)?\\d+)?`, 'g');
const address = /\b(\d{1,3}\.){3}\d{1,3}(:\d+)?\b|\blocalhost(:\d+)?\b/g;

/** Text with what cannot agree taken out. */
export function plainText(text: string): string {
  return text
    .replace(/(\/[\w.-]+)+(?=\/(slaves|meta|frameworks|containers)\/)/g, '<path>')
    .replace(/\/[\w./-]+(?=\/mesos-executor\b)|(?<=--launcher_dir=)\S+/g, '<path>')
    .replace(id, '<id>')
    .replace(address, '<address>')
    .replace(/(^|[^\d])(\d{10}\.\d+|\d{18,19})(?!\d)/g, '$1<time>');
}

/** Doubles are the same with 16 digits and with 17: the fraction, or that there is one, stays. */
function plainNumber(text: string): string {
  if (!/[.e]/i.test(text)) return text;
  const value = Number(text);
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** A value with what cannot agree taken out, its keys sorted, lists of hash maps sorted. */
export function canonical(value: unknown, key = ''): unknown {
  if (typeof value === 'bigint') return canonical(new ExactNumber(String(value)), key);
  if (value instanceof ExactNumber || typeof value === 'number') {
    if (timeKeys.test(key) || measured.test(key)) return '<time>';
    if (idKeys.test(key)) return '<id>';
    if (key === 'port' || key === 'ip' || key === 'pid') return '<address>';
    return { number: value instanceof ExactNumber ? plainNumber(value.text) : String(value) };
  }
  if (typeof value === 'string') {
    if (idKeys.test(key)) return '<id>';
    return timeKeys.test(key) ? '<time>' : plainText(value);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    if (!unordered.test(key)) return items;
    return items.map((item) => [JSON.stringify(item), item] as const).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item); // prettier-ignore
  }
  if (typeof value !== 'object' || value === null) return value;
  if (idKeys.test(key)) return '<id>';
  const name = textAt(value, 'name');
  const entries = Object.entries(value).map(([field, item]): [string, unknown] => {
    if (field === 'value' && item instanceof ExactNumber && measured.test(name)) return [field, '<time>'];
    if (field === 'value' && placeFlags.test(name)) {
      return [field, '<address>'];
    }
    if (key === 'flags' && placeFlags.test(field)) return [field, '<address>'];
    // An executor's log has process ids in it, which have as many digits as they have.
    if (field === 'size' && textAt(value, 'path').endsWith('/stderr')) return [field, '<id>'];
    return [plainText(field), canonical(item, field)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first place where two canonical values differ. */
export function firstDifference(recorded: unknown, live: unknown, path = ''): string | undefined {
  if (Array.isArray(recorded) && Array.isArray(live)) {
    for (let index = 0; index < Math.max(recorded.length, live.length); index += 1) {
      const found = firstDifference(recorded[index], live[index], `${path}[${String(index)}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isObject(recorded) && isObject(live) && !('number' in recorded) && !('number' in live)) {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(live)])) {
      const found = firstDifference(recorded[key], live[key], path === '' ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [left, right] = [show(recorded), show(live)];
  return left === right ? undefined : `${path || 'body'}: recorded ${left}, got ${right}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = isObject(value) && typeof value['number'] === 'string' ? value['number'] : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** Headers whose values are ids, times, sizes. */
const looseHeaders = /^(date|content-length|mesos-stream-id)$/i;

/** What differs between two heads: status, header names with their order and case, values. */
export function headDifference(recorded: HttpMessage, live: HttpMessage): string | undefined {
  if (recorded.status !== live.status) return `status: recorded ${recorded.status}, got ${live.status} ${live.body.toString('utf8', 0, 200)}`; // prettier-ignore
  const plain = ({ headers }: HttpMessage): string[] =>
    headers.map(([name, value]) => (looseHeaders.test(name) ? name : `${name}: ${plainText(value)}`));
  return firstDifference(plain(recorded), plain(live), 'headers');
}

/** What differs between two bodies. */
export function bodyDifference(recorded: HttpMessage, live: HttpMessage, message = ''): string | undefined {
  const types = [recorded, live].map(({ headers }) => headers.find(([name]) => name === 'Content-Type')?.[1]);
  // Pages are for eyes, and this package has its own: their heads are compared.
  if (types.every((type) => type === 'text/html')) return undefined;
  if (types.every((type) => type === 'application/x-protobuf')) {
    return firstDifference(canonical(decode(message, recorded.body)), canonical(decode(message, live.body)));
  }
  const [left, right] = [recorded.body.toString('utf8'), live.body.toString('utf8')];
  const parsed = [left, right].map((text) => {
    const [, inside = text] = /^[\w.]+\(([\s\S]*)\);?$/.exec(text) ?? [];
    try {
      return parseExact(inside);
    } catch {
      return undefined;
    }
  });
  if (parsed[0] !== undefined && parsed[1] !== undefined) return firstDifference(canonical(parsed[0]), canonical(parsed[1])); // prettier-ignore
  return firstDifference(plainText(left), plainText(right));
}

/** Under which heading an event is held against the recording: events of different things may overtake each other. */
export function headings(event: unknown): [heading: string, part: unknown][] {
  const type = textAt(event, 'type');
  if (type === 'HEARTBEAT') return [];
  if (type === 'OFFERS') {
    const { offers } = (event as { offers: { offers: unknown[] } }).offers;
    return offers.map((offer) => [
      `OFFER ${textAt(offer, 'hostname')} ${textAt(offer, 'allocation_info', 'role')}`,
      offer,
    ]);
  }
  const about =
    textAt(event, 'update', 'status', 'task_id', 'value') ||
    textAt(event, 'update_operation_status', 'status', 'operation_id', 'value') ||
    textAt(event, 'failure', 'executor_id', 'value') ||
    textAt(event, 'task_added', 'task', 'task_id', 'value') ||
    textAt(event, 'task_updated', 'status', 'task_id', 'value') ||
    textAt(event, 'acknowledged', 'task_id', 'value');
  const stream = textAt(event, 'data', 'type');
  return [[[type, about, stream].filter((text) => text !== '').join(' '), event]];
}

/** What differs between two streams, thing by thing. `open` streams may bring more than was recorded. */
export function streamDifference(recorded: readonly unknown[], live: readonly unknown[]): string | undefined {
  const group = (events: readonly unknown[]): Map<string, unknown[]> => {
    const groups = new Map<string, unknown[]>();
    for (const [heading, part] of events.flatMap(headings)) {
      const list = groups.get(heading);
      if (list === undefined) groups.set(heading, [part]);
      else list.push(part);
    }
    return groups;
  };
  const left = group(recorded);
  const right = group(live);
  for (const heading of new Set([...left.keys(), ...right.keys()])) {
    const [mine, theirs] = [left.get(heading) ?? [], right.get(heading) ?? []];
    for (let index = 0; index < Math.max(mine.length, theirs.length); index += 1) {
      const found = firstDifference(canonical(mine[index]), canonical(theirs[index]));
      if (found !== undefined) return `${heading} #${String(index + 1)} of ${String(mine.length)}: ${found}`;
    }
  }
  return undefined;
}
