import { oneOf, upTo } from '../random.js';
import { objects, places } from './objects.js';
import { accepts, bombs, methods, odd, parameters, prefixes, types, values, words } from './words.js';

/** One request as a client sends it, and what it is about. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

type Random = () => number;

/** A copy with some of its values, keys and parts changed. */
function distort(random: Random, value: unknown): unknown {
  if (random() < 0.03) return oneOf(random, odd);
  if (Array.isArray(value)) {
    const items = value.map((item) => distort(random, item));
    if (random() < 0.05) items.push(oneOf(random, odd));
    if (random() < 0.05) items.splice(0, 1);
    return items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
    random() < 0.01
      ? oneOf(random, ['__proto__', 'constructor', '', 'a/b/c', '$patch', 'unknown', key.toUpperCase()])
      : key,
    distort(random, item),
  ]);
  return Object.fromEntries(entries.filter(() => random() > 0.02));
}

/** Some bytes of a body changed, cut or said twice. */
function damage(random: Random, body: Buffer): Buffer {
  const bytes = Buffer.from(body);
  for (let count = upTo(random, 3); count >= 0 && bytes.length > 0; count--)
    bytes[upTo(random, bytes.length - 1)] = upTo(random, 255);
  if (random() < 0.3) return bytes.subarray(0, upTo(random, bytes.length));
  return random() < 0.2 ? Buffer.concat([bytes, bytes]) : bytes;
}

/** Mostly where the object belongs, so that it gets past the first look. */
function fuzzPath(random: Random, method: string, object: unknown): string {
  const place = places[String(Object(object).kind)];
  if (place !== undefined && random() < 0.6) return method === 'POST' ? place : `${place}/a`;
  if (random() < 0.8)
    return oneOf(random, prefixes) + oneOf(random, ['', '', '/a', '/a', '/a/status', `/${oneOf(random, words)}`]);
  return `/${Array.from({ length: upTo(random, 8) }, () => oneOf(random, words)).join('/')}`;
}

/** A request that no friendly client sends. */
export function fuzzRequest(random: Random): FuzzedRequest {
  const query = Array.from(
    { length: random() < 0.5 ? 0 : upTo(random, 3) },
    () => `${oneOf(random, parameters)}=${random() < 0.9 ? encodeURIComponent(oneOf(random, values)) : '%zz;'}`,
  );
  const method = oneOf(random, methods);
  const object = oneOf(random, objects);
  const path = fuzzPath(random, method, object);
  const headers: Record<string, string> = {
    accept: random() < 0.7 ? 'application/json' : oneOf(random, accepts),
    'user-agent': random() < 0.1 ? 'ü/'.repeat(200) : 'fuzz',
  };
  let body: Buffer | undefined;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'TRACE') {
    headers['content-type'] = method !== 'PATCH' && random() < 0.5 ? 'application/json' : oneOf(random, types);
    const text = Buffer.from(JSON.stringify(random() < 0.3 ? object : distort(random, object)));
    const kind = random();
    body = kind < 0.05 ? oneOf(random, bombs) : kind < 0.25 ? damage(random, text) : text;
    headers['content-length'] = String(body.length);
  }
  return {
    method,
    path: `${path}${query.length === 0 ? '' : `?${query.join('&')}`}`.replace(/[^\x21-\x7e]/g, encodeURIComponent),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value).toString('latin1')]),
    ),
    body,
  };
}
