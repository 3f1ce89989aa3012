import { InvalidCallError } from '../scheduler/errors.js';
import { messageType, type Field, type MessageType } from './message-type.js';
import { misfitOf } from './misfit.js';
import { nearestTo } from './nearest.js';

/** Which API a call belongs to. */
export type CallKind = 'SchedulerCall' | 'ExecutorCall' | 'MasterCall' | 'AgentCall';

/** Bodies that Mesos does not ask for (src/master/validation.cpp, src/slave/validation.cpp). */
const OPTIONAL_BODIES: ReadonlySet<string> = new Set(['revive', 'suppress', 'get_containers', 'prune_images']);

/** Messages within messages: real ones are 15 deep at most; deeper ones hold themselves. */
const MAX_DEPTH = 64;

/**
 * Throws `InvalidCallError` for a key or the name of an enum's value that Mesos does not know (it would ignore either without a word:
 * stout's protobuf.hpp), a value that its field cannot hold, a required key that is missing, or a body that belongs to another type.
 */
export function validateCall(kind: CallKind, call: { readonly type: string }): void {
  const type = messageType(kind);
  const body = String(call.type).toLowerCase();
  for (const key of Object.keys(call)) {
    const field = type.byName.get(key);
    const isBody = field?.kind.is === 'message' && field.kind.type.name !== 'Id';
    if (isBody && key !== body)
      throw new InvalidCallError(call.type, key, `it belongs to ${key.toUpperCase()}, not to ${call.type}`);
  }
  new CallValidator(call.type).validate(type, call, '', 0);
  if (type.byName.has(body) && !OPTIONAL_BODIES.has(body) && (Reflect.get(call, body) ?? undefined) === undefined)
    throw new InvalidCallError(call.type, body, 'it is required and missing');
}

class CallValidator {
  readonly #call: string;

  constructor(call: string) {
    this.#call = call;
  }

  validate(type: MessageType, value: object, path: string, depth: number): void {
    if (depth > MAX_DEPTH) throw this.#invalid(path, `objects are nested more than ${MAX_DEPTH} deep`);
    for (const [key, item] of Object.entries(value)) {
      const field = type.byName.get(key);
      if (!field) throw this.#invalid(path + key, unknownKey(key, type));
      if (item !== undefined && item !== null) this.#validateField(field, item, path + key, depth);
    }
    for (const { name, required } of type.fields) {
      const present = Object.hasOwn(value, name) && (Reflect.get(value, name) ?? undefined) !== undefined;
      if (required && !present) throw this.#invalid(path + name, 'it is required and missing');
    }
  }

  #validateField(field: Field, item: unknown, place: string, depth: number): void {
    if (Array.isArray(item) !== (field.shape === 'list')) {
      throw this.#invalid(place, field.shape === 'list' ? 'it must be a list' : 'it must not be a list');
    }
    if (field.shape === 'one') return this.#validateValue(field, item, place, depth);
    if (typeof item !== 'object' || item === null) throw this.#invalid(place, 'it must be an object');
    for (const [key, element] of Object.entries(item)) {
      const at = field.shape === 'list' ? `${place}[${key}]` : `${place}.${key}`;
      this.#validateValue(field, element, at, depth);
    }
  }

  #validateValue({ kind }: Field, value: unknown, place: string, depth: number): void {
    const misfit = misfitOf(kind, value);
    if (misfit !== undefined) throw this.#invalid(place, misfit);
    if (kind.is === 'message' && typeof value === 'object' && value !== null) {
      this.validate(kind.type, value, `${place}.`, depth + 1);
    }
  }

  #invalid(path: string, reason: string): InvalidCallError {
    return new InvalidCallError(this.#call, path, reason);
  }
}

function unknownKey(key: string, type: MessageType): string {
  const known = type.fields.map(({ name }) => name);
  const nearest = nearestTo(key, known);
  return nearest === undefined
    ? `Mesos does not know this key and would ignore it; known are ${known.join(', ')}`
    : `Mesos does not know this key and would ignore it; did you mean "${nearest}"?`;
}
