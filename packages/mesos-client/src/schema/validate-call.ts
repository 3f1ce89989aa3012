import { InvalidCallError } from '../scheduler/errors.js';
import { MESSAGES } from './messages.js';

interface Field {
  required: boolean;
  /** Name of the message it holds; undefined for scalars and lists of them. */
  message: string | undefined;
  shape: 'one' | 'list' | 'map';
}

/** Which API a call belongs to. */
export type CallKind = 'SchedulerCall' | 'ExecutorCall' | 'MasterCall' | 'AgentCall';

const parsed = new Map<string, ReadonlyMap<string, Field>>();

/**
 * Throws `InvalidCallError` for a key that Mesos does not know (it would ignore it without a word), a required one that is missing,
 * or a body that belongs to another type. Values are left to the compiler and the server.
 */
export function validateCall(kind: CallKind, call: { readonly type: string }): void {
  const body = call.type.toLowerCase();
  for (const key of Object.keys(call)) {
    const field = fieldsOf(kind).get(key);
    const isBody = field?.message !== undefined && field.message !== 'Id';
    if (isBody && key !== body)
      throw new InvalidCallError(call.type, key, `it belongs to ${key.toUpperCase()}, not to ${call.type}`);
  }
  validateMessage(kind, call, '', call.type);
}

function validateMessage(name: string, value: object, path: string, type: string): void {
  const fields = fieldsOf(name);
  for (const [key, item] of Object.entries(value)) {
    const field = fields.get(key);
    const place = path + key;
    if (!field) throw new InvalidCallError(type, place, unknownKey(key, [...fields.keys()]));
    if (item === undefined || item === null || field.message === undefined) continue;
    if (typeof item !== 'object')
      throw new InvalidCallError(type, place, `it holds ${JSON.stringify(item)} instead of an object`);
    validateField(field.message, field.shape, item, place, type);
  }
  for (const [key, field] of fields) {
    const present = Object.hasOwn(value, key) && Reflect.get(value, key) !== undefined;
    if (field.required && !present) throw new InvalidCallError(type, path + key, 'it is required and missing');
  }
}

function validateField(message: string, shape: Field['shape'], item: object, place: string, type: string): void {
  if (Array.isArray(item) !== (shape === 'list')) {
    throw new InvalidCallError(type, place, shape === 'list' ? 'it must be a list' : 'it must not be a list');
  }
  if (shape === 'one') return validateMessage(message, item, `${place}.`, type);
  for (const [key, element] of Object.entries(item)) {
    const at = shape === 'list' ? `${place}[${key}]` : `${place}.${key}`;
    if (typeof element !== 'object' || element === null) throw new InvalidCallError(type, at, 'it must be an object');
    validateMessage(message, element, `${at}.`, type);
  }
}

function fieldsOf(name: string): ReadonlyMap<string, Field> {
  const known = parsed.get(name);
  if (known) return known;
  const fields = new Map<string, Field>();
  for (const entry of (MESSAGES[name] ?? '').split(' ')) {
    const [, key, mark, message, suffix] = /^(\w+)(!?)(?::(\w+)(\[\]|\{\})?)?$/.exec(entry) ?? [];
    if (key === undefined) continue;
    fields.set(key, {
      required: mark === '!',
      message,
      shape: suffix === '[]' ? 'list' : suffix === '{}' ? 'map' : 'one',
    });
  }
  parsed.set(name, fields);
  return fields;
}

function unknownKey(key: string, known: readonly string[]): string {
  const [nearest] = known
    .map((name) => ({ name, distance: distanceBetween(simplify(key), simplify(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(1, name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return nearest
    ? `Mesos does not know this key and would ignore it; did you mean "${nearest.name}"?`
    : `Mesos does not know this key and would ignore it; known are ${known.join(', ')}`;
}

/** `taskId` and `task_id` are alike. */
function simplify(key: string): string {
  return key.replaceAll('_', '').toLowerCase();
}

/** Levenshtein distance. */
function distanceBetween(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
