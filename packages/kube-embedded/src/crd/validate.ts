import type { Cause } from '../errors.js';
import {
  type Json,
  type JsonObject,
  clone,
  equal,
  isObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
} from '../json/tree.js';
import { goValue } from '../json/go.js';
import { invalidValue, required, unsupported } from '../kinds/validation/field.js';
import { mismatch } from './pattern.js';
import { correlate } from './correlate.js';
import { isResource } from './schema-values.js';

/** Fills in the defaults of a structural schema, from the outside in. */
export function applySchemaDefaults(schema: JsonObject, value: Json): void {
  if (Array.isArray(value)) {
    const items = objectAt(schema, 'items');
    if (items) for (const item of value) applySchemaDefaults(items, item);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, below] of Object.entries(objectAt(schema, 'properties') ?? {})) {
    if (!isObject(below)) continue;
    if (value[key] === undefined && below['default'] !== undefined) value[key] = clone(below['default']);
    const found = value[key];
    if (found !== undefined) applySchemaDefaults(below, found);
  }
  const values = objectAt(schema, 'additionalProperties');
  if (values) for (const item of Object.values(value)) applySchemaDefaults(values, item);
}

const nameOf = (value: Json): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'integer'
          : 'number'
        : typeof value;

function isOfType(value: Json, type: string): boolean {
  const name = nameOf(value);
  return name === type || (type === 'number' && name === 'integer');
}

/**
 * What is wrong with a value by a structural schema, in the words of the real server.
 *
 * @param old what it takes the place of: what was wrong before and did not change is let be
 */
export function validateSchema(schema: JsonObject, value: Json, path: string, old?: Json): Cause[] {
  if (old !== undefined && equal(value, old)) return [];
  const where = path === '' ? '<nil>' : path;
  if (value === null && schema['nullable'] === true) return [];
  const type = textAt(schema, 'type');
  const either = schema['x-kubernetes-int-or-string'] === true;
  if (either ? !['integer', 'string'].includes(nameOf(value)) : type !== undefined && !isOfType(value, type)) {
    const wanted = either ? 'integer,string' : (type ?? '');
    return [
      {
        reason: 'FieldValueTypeInvalid',
        field: where,
        message: `Invalid value: ${JSON.stringify(nameOf(value))}: ${where} in body must be of type ${wanted}: ${JSON.stringify(nameOf(value))}`,
      },
    ];
  }
  const causes: Cause[] = [];
  const wrong = (why: string): void => void causes.push(invalidValue(where, value, `${where} in body ${why}`));
  const allowed = listAt(schema, 'enum');
  if (allowed.length > 0 && !allowed.some((item) => equal(item, value))) {
    causes.push(
      unsupported(
        where,
        value,
        allowed.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))),
      ),
    );
  }
  if (typeof value === 'number') validateNumber(schema, value, wrong);
  if (typeof value === 'string') {
    const least = numberAt(schema, 'minLength');
    const most = numberAt(schema, 'maxLength');
    const unmatched = mismatch(schema, value);
    const length = [...value].length;
    if (least !== undefined && length < least) wrong(`should be at least ${least} chars long`);
    if (most !== undefined && length > most) {
      causes.push({
        reason: 'FieldValueTooLong',
        field: where,
        message: `Too long: may not be more than ${most} bytes`,
      });
    }
    if (unmatched !== undefined) wrong(unmatched);
  }
  if (Array.isArray(value)) causes.push(...validateList(schema, value, path, wrong, old));
  else if (isObject(value)) causes.push(...validateObject(schema, value, path, wrong, old));
  for (const part of listAt(schema, 'allOf').filter(isObject)) causes.push(...validateSchema(part, value, path));
  const fitting = (key: string): number =>
    listAt(schema, key).filter((part) => isObject(part) && validateSchema(part, value, path).length === 0).length;
  if (listAt(schema, 'anyOf').length > 0 && fitting('anyOf') === 0) wrong('must validate at least one schema (anyOf)');
  if (listAt(schema, 'oneOf').length > 0 && fitting('oneOf') !== 1)
    wrong('must validate one and only one schema (oneOf)');
  const not = objectAt(schema, 'not');
  if (not && validateSchema(not, value, path).length === 0) wrong('must not validate the schema (not)');
  return causes;
}

function validateNumber(schema: JsonObject, value: number, wrong: (why: string) => void): void {
  const least = numberAt(schema, 'minimum');
  const most = numberAt(schema, 'maximum');
  const step = numberAt(schema, 'multipleOf');
  if (least !== undefined) {
    if (schema['exclusiveMinimum'] === true ? value <= least : value < least) {
      wrong(
        schema['exclusiveMinimum'] === true
          ? `should be greater than ${least}`
          : `should be greater than or equal to ${least}`,
      );
    }
  }
  if (most !== undefined) {
    if (schema['exclusiveMaximum'] === true ? value >= most : value > most) {
      wrong(
        schema['exclusiveMaximum'] === true ? `should be less than ${most}` : `should be less than or equal to ${most}`,
      );
    }
  }
  if (step !== undefined && step > 0 && !Number.isInteger(value / step)) wrong(`should be a multiple of ${step}`);
}

function validateList(
  schema: JsonObject,
  value: Json[],
  path: string,
  wrong: (why: string) => void,
  old?: Json,
): Cause[] {
  const least = numberAt(schema, 'minItems');
  const most = numberAt(schema, 'maxItems');
  if (least !== undefined && value.length < least) wrong(`should have at least ${least} items`);
  if (most !== undefined && value.length > most) wrong(`should have at most ${most} items`);
  const keys = listAt(schema, 'x-kubernetes-list-map-keys').filter((key) => typeof key === 'string');
  const unique = schema['uniqueItems'] === true || textAt(schema, 'x-kubernetes-list-type') === 'set';
  const causes: Cause[] = [];
  const before = Array.isArray(old) ? correlate(schema, old) : () => undefined;
  value.forEach((item, index) => {
    const earlier = value.slice(0, index);
    const identity =
      keys.length > 0 && isObject(item) ? Object.fromEntries(keys.map((key) => [key, item[key] ?? null])) : undefined;
    const repeated =
      identity === undefined
        ? unique && earlier.some((other) => equal(other, item))
        : earlier.some(
            (other) =>
              isObject(other) &&
              keys.every((key) => equal(other[key] ?? null, item === null ? null : (identity[key] ?? null))),
          );
    if (repeated) {
      causes.push({
        reason: 'FieldValueDuplicate',
        field: `${path}[${index}]`,
        message: `Duplicate value: ${goValue(identity ?? item)}`,
      });
    }
    const items = objectAt(schema, 'items');
    if (items) causes.push(...validateSchema(items, item, `${path}[${index}]`, before(item)));
  });
  return causes;
}

function validateObject(
  schema: JsonObject,
  value: JsonObject,
  path: string,
  wrong: (why: string) => void,
  old?: Json,
): Cause[] {
  const causes: Cause[] = [];
  const join = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const count = Object.keys(value).length;
  const least = numberAt(schema, 'minProperties');
  const most = numberAt(schema, 'maxProperties');
  if (least !== undefined && count < least) wrong(`should have at least ${least} properties`);
  if (most !== undefined && count > most) wrong(`should have at most ${most} properties`);
  for (const key of listAt(schema, 'required')) {
    if (typeof key === 'string' && value[key] === undefined) causes.push(required(join(key)));
  }
  if (isResource(schema)) {
    for (const key of ['apiVersion', 'kind']) {
      if ((textAt(value, key) ?? '') === '') causes.push(required(join(key), 'must not be empty'));
    }
  }
  const properties = objectAt(schema, 'properties') ?? {};
  const values = objectAt(schema, 'additionalProperties');
  for (const [key, item] of Object.entries(value)) {
    // The object's own metadata has rules of its own.
    if (path === '' && ['apiVersion', 'kind', 'metadata'].includes(key)) continue;
    const below = objectAt(properties, key) ?? values;
    if (below) causes.push(...validateSchema(below, item, join(key), isObject(old) ? old[key] : undefined));
  }
  return causes;
}
