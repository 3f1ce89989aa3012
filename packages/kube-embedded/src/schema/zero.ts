import { type Json, type JsonObject, freeze } from '../json/tree.js';
import { type Field, type Scalar, definition } from './definition.js';

const scalars: Readonly<Partial<Record<Scalar, Json>>> = { s: '', i: 0, l: 0, n: 0, b: false };

/** What is written of a field that nobody set; undefined where nothing is. */
function zeroOfField({ type, pointer, always = false, required }: Field): Json | undefined {
  if (pointer || type.form === 'list' || type.form === 'map' || type.form === 'any') return always ? null : undefined;
  if (type.form === 'definition') return zeroOf(type.name);
  // Types of their own are written even where Go is asked to omit what is empty.
  if (type.scalar === 'q') return '0';
  if (type.scalar === 'x') return 0;
  if (type.scalar === 't' || type.scalar === 'm' || type.scalar === 'o') return null;
  return always || required ? (scalars[type.scalar] ?? null) : undefined;
}

/** Whether a field's value says no more than its absence, and so is not written. */
export const isOmitted = (value: Json, { type, pointer, always = false, required }: Field): boolean => {
  if (always || required || pointer) return false;
  if (type.form === 'list') return Array.isArray(value) && value.length === 0;
  if (type.form === 'map') return Object.keys(Object(value)).length === 0;
  return type.form === 'scalar' && value === scalars[type.scalar];
};

const known = new Map<string, JsonObject>();

/**
 * An object of a definition that says nothing, as Go's types write one: parts that they hold by value, and fields that they do not omit. Frozen.
 */
export function zeroOf(name: string): JsonObject {
  const found = known.get(name);
  if (found) return found;
  const zero: JsonObject = {};
  for (const field of definition(name)?.fields.values() ?? []) {
    const value = zeroOfField(field);
    if (value !== undefined) zero[field.name] = value;
  }
  freeze(zero);
  known.set(name, zero);
  return zero;
}
