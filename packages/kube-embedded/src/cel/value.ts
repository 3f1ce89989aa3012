import type { Address, Range } from '../json/address.js';
import { noOverload } from './errors.js';

/** A value of a kind that JavaScript has no kind for. Instants and durations are in nanoseconds. */
export type Opaque =
  | { readonly type: 'uint'; readonly value: bigint }
  | { readonly type: 'timestamp'; readonly value: bigint }
  | { readonly type: 'duration'; readonly value: bigint }
  | { readonly type: 'type'; readonly value: string }
  | { readonly type: 'optional'; readonly value?: Value }
  | { readonly type: 'url'; readonly value: string }
  /** `value` in units of 10^-9, the finest there is. */
  | { readonly type: 'quantity'; readonly value: bigint }
  /** As it is written, and as it is. */
  | { readonly type: 'ip'; readonly value: string; readonly address: Address }
  | { readonly type: 'cidr'; readonly value: string; readonly range: Range }
  | { readonly type: 'format'; readonly value: string };

/** A value of CEL: `bigint` is its int, `number` its double. Objects are maps of their fields. */
export type Value =
  null | boolean | bigint | number | string | Uint8Array | readonly Value[] | ReadonlyMap<Value, Value> | Opaque;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value): value is ReadonlyMap<Value, Value> => value instanceof Map;

/** The kind of a value at run time, as in the names of types: `int`, `list`, `timestamp`. */
export function kindOf(value: Value): string {
  if (value === null) return 'null_type';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
  }
  if (value instanceof Uint8Array) return 'bytes';
  if (isList(value)) return 'list';
  return isMap(value) ? 'map' : value.type;
}

/** What `type(x)` prints as. */
const published: Readonly<Record<string, string>> = {
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  optional: 'optional_type',
  url: 'kubernetes.URL',
  quantity: 'kubernetes.Quantity',
  ip: 'net.IP',
  cidr: 'net.CIDR',
  format: 'kubernetes.NamedFormat',
};
export const publishedType = (kind: string): string => published[kind] ?? kind;

export const uint = (value: bigint): Value => ({ type: 'uint', value });
export const optional = (value?: Value): Value =>
  value === undefined ? { type: 'optional' } : { type: 'optional', value };

/** The number that a value is, of whatever kind; undefined when it is none. */
export function numberOf(value: Value): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return value !== null && typeof value === 'object' && 'type' in value && value.type === 'uint'
    ? value.value
    : undefined;
}

/** `==`: values of different kinds are different, but for numbers. */
export function isEqual(one: Value, other: Value): boolean {
  const numbers = [numberOf(one), numberOf(other)];
  // The kinds of numbers are compared by value: 1 == 1.0.
  if (numbers[0] !== undefined && numbers[1] !== undefined) return numbers[0] == numbers[1];
  if (kindOf(one) !== kindOf(other)) return false;
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index] ?? null));
  }
  if (isMap(one) && isMap(other)) {
    return (
      one.size === other.size &&
      [...one].every(([key, item]) => other.has(key) && isEqual(item, other.get(key) ?? null))
    );
  }
  if (isOpaque(one) && isOpaque(other)) {
    if (one.type === 'optional' && other.type === 'optional') {
      return one.value === undefined || other.value === undefined
        ? one.value === other.value
        : isEqual(one.value, other.value);
    }
    return one.value === other.value;
  }
  return one === other;
}

export const isOpaque = (value: Value): value is Opaque =>
  value !== null &&
  typeof value === 'object' &&
  !(value instanceof Uint8Array) &&
  !isList(value) &&
  !(value instanceof Map);

/** Below zero when `one` comes first. Only for values that have an order. */
export function compare(one: Value, other: Value): number {
  const numbers = [numberOf(one), numberOf(other)];
  const [left, right] = numbers;
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  if (typeof one === 'boolean' && typeof other === 'boolean') return Number(one) - Number(other);
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other);
  if (isOpaque(one) && isOpaque(other) && one.type === other.type && isOrdered(one) && isOrdered(other)) {
    return one.value < other.value ? -1 : one.value > other.value ? 1 : 0;
  }
  throw noOverload();
}

const isOrdered = (value: Opaque): value is Opaque & { readonly value: bigint } =>
  value.type === 'timestamp' || value.type === 'duration' || value.type === 'quantity';

/** How much work a value is for a function that looks at all of it: characters of texts, items of lists. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string' || value instanceof Uint8Array || isList(value)) return value.length;
  return isMap(value) ? value.size : 1;
}
