import { CelEvaluationError } from '../cel/errors.js';
import { readDuration, readTimestamp } from '../cel/functions/time.js';
import { type Type, listOf, mapOf } from '../cel/type.js';
import type { Value } from '../cel/value.js';
import { type Json, type JsonObject, isObject, objectAt, textAt } from '../json/tree.js';

/*
 * How rules see what a structural schema describes: its types, and its values. Fields that no schema describes are not seen, and neither are lists and maps of
 * such. After https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#type-mapping
 */

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** The name of a field in expressions: `a-b` is `a__dash__b`. Undefined for what has none. */
export function fieldName(key: string): string | undefined {
  if (reserved.has(key)) return `__${key}__`;
  if (!/^[A-Za-z_./-][\w./-]*$/.test(key)) return undefined;
  return key.replace(/__|[./-]/g, (part) => escapes[part] ?? part);
}

const text: JsonObject = { type: 'string' };

/** Of the metadata of a resource rules see the names alone. */
const ofResource: JsonObject = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
};

export const isResource = (schema: JsonObject): boolean => schema['x-kubernetes-embedded-resource'] === true;

function propertiesOf(schema: JsonObject, resource: boolean): [string, JsonObject][] {
  const properties = { ...objectAt(schema, 'properties'), ...(resource ? ofResource : {}) };
  return Object.entries(properties).flatMap(([key, below]) => (isObject(below) ? [[key, below]] : []));
}

/** The values of a map; undefined where a schema is that of an object. */
const valuesOf = (schema: JsonObject): JsonObject | undefined => objectAt(schema, 'additionalProperties');

/**
 * The type of what a schema describes. Undefined where rules do not see it.
 *
 * @param resource whether it is a resource: the root of a custom one, or an embedded one
 * @param name what messages call the type
 */
export function typeOfSchema(schema: JsonObject, resource = isResource(schema), name = 'selfType'): Type | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return { kind: 'dyn' };
  switch (textAt(schema, 'type')) {
    case 'string':
      switch (textAt(schema, 'format')) {
        case 'byte':
          return { kind: 'bytes' };
        case 'duration':
          return { kind: 'duration' };
        case 'date':
        case 'date-time':
          return { kind: 'timestamp' };
        default:
          return { kind: 'string' };
      }
    case 'boolean':
      return { kind: 'bool' };
    case 'integer':
      return { kind: 'int' };
    case 'number':
      return { kind: 'double' };
    case 'array': {
      const items = objectAt(schema, 'items');
      const of = items && typeOfSchema(items, isResource(items), `${name}.@idx`);
      return of && listOf(of);
    }
    case 'object': {
      const values = valuesOf(schema);
      if (values) {
        const of = typeOfSchema(values, isResource(values), `${name}.@elem`);
        return of && mapOf({ kind: 'string' }, of);
      }
      const fields = new Map<string, Type>();
      for (const [key, below] of propertiesOf(schema, resource)) {
        const field = fieldName(key);
        const type = typeOfSchema(below, isResource(below), `${name}.${key}`);
        if (field !== undefined && type) fields.set(field, type);
      }
      return { kind: 'object', name, fields };
    }
    default:
      return undefined;
  }
}

const seen = new WeakMap<JsonObject, boolean>();

/** Whether rules see what a schema describes. */
function isSeen(schema: JsonObject): boolean {
  let known = seen.get(schema);
  if (known === undefined) seen.set(schema, (known = typeOfSchema(schema) !== undefined));
  return known;
}

function readText(value: string, format: string | undefined): Value {
  if (format === 'byte') return new Uint8Array(Buffer.from(value, 'base64'));
  const read =
    format === 'duration'
      ? readDuration(value)
      : format === 'date'
        ? readTimestamp(`${value}T00:00:00Z`)
        : format === 'date-time'
          ? readTimestamp(value)
          : value;
  if (read === undefined) throw new CelEvaluationError(`Invalid ${format ?? ''} format`);
  return read;
}

/** Values as rules see them. Each part of an object is read once, however many rules look at it or at what it is in. */
export class SchemaValues {
  readonly #known = new WeakMap<object, Value>();

  /** Throws `CelEvaluationError` where a value is not of its schema. */
  of(json: Json, schema: JsonObject, resource = isResource(schema)): Value {
    if (json === null || typeof json === 'boolean') return json;
    if (typeof json === 'number') {
      const double = textAt(schema, 'type') === 'number' || !Number.isInteger(json);
      return double ? json : BigInt(json);
    }
    if (typeof json === 'string') {
      return readText(json, textAt(schema, 'type') === 'string' ? textAt(schema, 'format') : undefined);
    }
    let value = this.#known.get(json);
    if (value === undefined) {
      value = Array.isArray(json) ? this.#list(json, schema) : this.#object(json, schema, resource);
      this.#known.set(json, value);
    }
    return value;
  }

  #list(json: readonly Json[], schema: JsonObject): Value {
    const items = objectAt(schema, 'items') ?? {};
    return json.map((item) => this.of(item, items));
  }

  #object(json: JsonObject, schema: JsonObject, resource: boolean): Value {
    const values = valuesOf(schema);
    if (values) return new Map(Object.entries(json).map(([key, item]) => [key, this.of(item, values)]));
    const fields = new Map<Value, Value>();
    for (const [key, below] of propertiesOf(schema, resource)) {
      const field = fieldName(key);
      const item = json[key];
      if (field === undefined || item === undefined || !isSeen(below)) continue;
      fields.set(field, this.of(item, below));
    }
    return fields;
  }
}
