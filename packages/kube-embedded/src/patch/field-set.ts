import { type Json, type JsonObject, isObject } from '../json/tree.js';
import { type Definition, type Field, type Type, definition } from '../schema/definition.js';

/**
 * A field as `managedFields` names it: steps `f:name` into a field, `k:{"name":"x"}` to an item of a keyed list, `v:"x"` to an
 * item of a set, `.` for the item itself. As one text, steps are joined with a character that occurs in none.
 */
export type FieldPath = string;

const joint = '\u0001';
export const stepsOf = (path: FieldPath): string[] => path.split(joint);
export const pathOf = (steps: readonly string[]): FieldPath => steps.join(joint);

/** The server's own metadata, which nobody manages. */
const unmanaged = new Set(
  [
    'apiVersion',
    'kind',
    ...[
      'name',
      'namespace',
      'generateName',
      'uid',
      'resourceVersion',
      'generation',
      'creationTimestamp',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'selfLink',
      'managedFields',
    ].map((field) => `metadata${joint}f:${field}`),
  ].map((path) => `f:${path}`),
);

/** The keys that tell an item of a list apart, defaults filled in, in the order of their names. */
export function keyStep(item: JsonObject, keys: readonly string[], type: Type): string {
  const fields = type.form === 'definition' ? definition(type.name)?.fields : undefined;
  const found: JsonObject = {};
  for (const key of [...keys].sort()) {
    const value = item[key] ?? fields?.get(key)?.default;
    if (value !== undefined && value !== null) found[key] = value;
  }
  return `k:${JSON.stringify(found)}`;
}

/** Every managed field of an object with its value. */
export function fieldsOf(object: JsonObject, known: Definition): Map<FieldPath, Json> {
  const found = new Map<FieldPath, Json>();
  const put = (path: FieldPath, value: Json): void => {
    if (!unmanaged.has(path)) found.set(path, value);
  };
  const walk = (value: Json, type: Type | undefined, field: Field | undefined, path: FieldPath): void => {
    if (unmanaged.has(path)) return;
    if (field?.atomic === true || type === undefined) return put(path, value);
    if (type.form === 'list') {
      if (!Array.isArray(value)) return put(path, value);
      if (field?.mapKeys) {
        for (const item of value) {
          if (!isObject(item)) continue;
          const here = `${path}${joint}${keyStep(item, field.mapKeys, type.items)}`;
          put(`${here}${joint}.`, true);
          walk(item, type.items, undefined, here);
        }
      } else if (field?.set === true) {
        for (const item of value) put(`${path}${joint}v:${JSON.stringify(item)}`, item);
      } else put(path, value);
      return;
    }
    const next = type.form === 'definition' ? definition(type.name) : undefined;
    if (type.form === 'scalar' || (type.form === 'definition' && (!next || next.atomic)) || !isObject(value)) {
      return put(path, value);
    }
    const keys = Object.keys(value);
    if (keys.length === 0) return put(path, value);
    for (const key of keys) {
      const below = next?.fields.get(key);
      const item = value[key];
      if (item === undefined || item === null) continue;
      walk(item, type.form === 'map' ? type.values : below?.type, below, `${path}${joint}f:${key}`);
    }
  };
  for (const [key, value] of Object.entries(object)) {
    const field = known.fields.get(key);
    if (field && value !== null) walk(value, field.type, field, `f:${key}`);
  }
  return found;
}

/** The nested form of `fieldsV1`. */
export function writeFields(paths: Iterable<FieldPath>): JsonObject {
  const root: JsonObject = {};
  for (const path of [...paths].sort()) {
    let here = root;
    for (const step of stepsOf(path)) {
      const next = here[step];
      if (isObject(next)) here = next;
      else {
        const made: JsonObject = {};
        here[step] = made;
        here = made;
      }
    }
  }
  return root;
}

export function readFields(fields: Json | undefined): Set<FieldPath> {
  const found = new Set<FieldPath>();
  const walk = (value: JsonObject, path: string): void => {
    for (const [step, below] of Object.entries(value)) {
      const here = path === '' ? step : `${path}${joint}${step}`;
      if (isObject(below) && Object.keys(below).length > 0) walk(below, here);
      else found.add(here);
    }
  };
  if (isObject(fields)) walk(fields, '');
  return found;
}

/** A path as messages write it: `.spec.template.spec.containers[name="c"].image`. */
export const showPath = (path: FieldPath): string =>
  stepsOf(path)
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('k:')) {
        const keys: unknown = JSON.parse(step.slice(2));
        const parts = Object.entries(Object(keys)).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
        return `[${parts.join(',')}]`;
      }
      return step === '.' ? '' : `[=${step.slice(2)}]`;
    })
    .join('');
