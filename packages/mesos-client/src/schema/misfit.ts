import type { FieldKind } from './message-type.js';
import { nearestTo } from './nearest.js';

const GREATEST_INT64 = 2n ** 63n - 1n;
const GREATEST_UINT64 = 2n ** 64n - 1n;

/** Why a field of this kind cannot hold a value; undefined if it can. Values are those of JSON: enums by name, bytes in Base64. */
export function misfitOf(kind: FieldKind, value: unknown): string | undefined {
  if (kind.is === 'message') return isObject(value) ? undefined : insteadOf(value, 'an object');
  if (kind.is === 'enum') {
    if (typeof value === 'string' && kind.type.numbers.has(value)) return undefined;
    const known = [...kind.type.numbers.keys()];
    const nearest = typeof value === 'string' ? nearestTo(value, known) : undefined;
    return `it holds ${show(value)}; ${nearest === undefined ? `known are ${known.join(', ')}` : `did you mean "${nearest}"?`}`;
  }
  switch (kind.type) {
    case 'string':
      return typeof value === 'string' ? undefined : insteadOf(value, 'a text');
    case 'bytes':
      return typeof value === 'string' && isBase64(value) ? undefined : insteadOf(value, 'bytes in Base64');
    case 'bool':
      return typeof value === 'boolean' ? undefined : insteadOf(value, 'true or false');
    case 'double':
      // An unlimited amount (TaskInfo.limits) is "Infinity" in Mesos' JSON.
      return value === 'Infinity' || value === '-Infinity' || (typeof value === 'number' && !Number.isNaN(value))
        ? undefined
        : insteadOf(value, 'a number');
    case 'int32':
      return isWithin(value, -(2n ** 31n), 2n ** 31n - 1n) ? undefined : insteadOf(value, 'an integer (int32)');
    case 'uint32':
      return isWithin(value, 0n, 2n ** 32n - 1n) ? undefined : insteadOf(value, 'an integer (uint32)');
    case 'int64':
      return isWithin(value, -GREATEST_INT64 - 1n, GREATEST_INT64) ? undefined : insteadOf(value, 'an integer (int64)');
    case 'uint64':
      return isWithin(value, 0n, GREATEST_UINT64) ? undefined : insteadOf(value, 'an integer (uint64)');
  }
}

/** The integer that a number, a bigint or, as protobuf's own JSON writes 64 bits, decimal text stands for. */
export function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function isWithin(value: unknown, least: bigint, most: bigint): boolean {
  const integer = integerOf(value);
  return integer !== undefined && integer >= least && integer <= most;
}

/** Mesos refuses any other character, and Node's decoder would pass over it. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function insteadOf(value: unknown, wanted: string): string {
  return `it holds ${show(value)} instead of ${wanted}`;
}

function show(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  return typeof value === 'string'
    ? JSON.stringify(value).slice(0, 80)
    : Array.isArray(value)
      ? 'a list'
      : typeof value;
}
