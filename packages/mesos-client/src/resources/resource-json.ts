import type { Resource } from '../types/resource.js';
import { GREATEST_UINT64 } from './integer.js';

const TYPES = ['SCALAR', 'RANGES', 'SET'];

/** Checks that a JSON value has the shape of a resource; else says what is wrong. */
export function parseResourceJson(value: unknown): Resource | string {
  if (!isObject(value)) return 'not an object';
  // As Mesos reads JSON: null is nothing.
  const fields = Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
  const { name, type, scalar, ranges, set, role, reservations } = fields;
  if (typeof name !== 'string') return 'name is missing or not a string';
  if (typeof type !== 'string' || !TYPES.includes(type)) return `type is none of ${TYPES.join(', ')}`;
  if (scalar !== undefined && !(isObject(scalar) && typeof scalar.value === 'number')) {
    return 'scalar.value is missing or not a number';
  }
  if (ranges !== undefined && !(isObject(ranges) && isListOf(ranges.range, isRange))) {
    return 'ranges.range is not a list of begin and end numbers';
  }
  if (set !== undefined && !(isObject(set) && isListOf(set.item, (item) => typeof item === 'string'))) {
    return 'set.item is not a list of strings';
  }
  if (role !== undefined && typeof role !== 'string') return 'role is not a string';
  if (!isListOf(reservations, isObject)) return 'reservations is not a list of objects';
  // The parts that arithmetic reads have been checked; the rest travels through untouched.
  return fields as unknown as Resource;
}

function isRange(value: unknown): boolean {
  return isObject(value) && isBound(value.begin) && isBound(value.end);
}

function isBound(value: unknown): boolean {
  if (typeof value === 'bigint') return value >= 0 && value <= GREATEST_UINT64;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isListOf(value: unknown, check: (item: unknown) => boolean): boolean {
  return value === undefined || (Array.isArray(value) && value.every(check));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
