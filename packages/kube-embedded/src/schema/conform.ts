import { badRequest } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json/tree.js';
import { type Definition, type Scalar, type Type, definition } from './definition.js';

const goTypes: Record<Scalar, string> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  n: 'float64',
  b: 'bool',
  y: '[]uint8',
  t: 'v1.Time',
  m: 'v1.MicroTime',
  q: 'resource.Quantity',
  x: 'intstr.IntOrString',
  o: 'map[string]interface {}',
};

function goType(type: Type): string {
  if (type.form === 'scalar') return goTypes[type.scalar];
  if (type.form === 'list') return `[]${goType(type.items)}`;
  if (type.form === 'map') return `map[string]${goType(type.values)}`;
  const [space = '', version = '', name = ''] = type.name.split('.');
  return space === 'core' ? `v1.${name}` : `${version}.${name}`;
}

const jsonName = (value: Json): string =>
  Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const quantityPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

function fits(value: Json, scalar: Scalar): boolean {
  switch (scalar) {
    case 's':
    case 'y':
      return typeof value === 'string';
    case 't':
    case 'm':
      return typeof value === 'string' && timePattern.test(value);
    case 'i':
    case 'l':
      return Number.isInteger(value);
    case 'n':
      return typeof value === 'number';
    case 'b':
      return typeof value === 'boolean';
    case 'q':
      return typeof value === 'number' || (typeof value === 'string' && quantityPattern.test(value));
    case 'x':
      return typeof value === 'string' || Number.isInteger(value);
    case 'o':
      return true;
  }
}

/** What became of an object held against its definition. */
export interface Conformed {
  /** A mutable copy without the unknown fields and without nulls. */
  readonly object: JsonObject;
  /** Paths of fields that the definition does not know: `spec.foo`, `spec.containers[0].bar`. */
  readonly unknown: readonly string[];
}

/**
 * Copies an object field by field as its definition has them: what a typed decoder does. A value of the wrong type is refused
 * (400) in the words of the real server; that of a custom resource is left for its schema to judge.
 */
export function conform(
  object: JsonObject,
  to: Definition,
  kind: string,
  version: string,
  custom?: { readonly free: boolean },
): Conformed {
  const unknown: string[] = [];
  const refuse = (value: Json, type: Type, path: string, owner: string): Json => {
    // A custom resource is held against its schema later, which says it in other words.
    if (custom) return copyFree(value);
    const field = path.replace(/\[\d+\]/g, '');
    const why =
      type.form === 'scalar' && (type.scalar === 't' || type.scalar === 'm') && typeof value === 'string'
        ? `parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`
        : type.form === 'scalar' && type.scalar === 'q'
          ? `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`
          : `json: cannot unmarshal ${jsonName(value)}${typeof value === 'number' && !Number.isInteger(value) ? ` ${value}` : ''} into Go struct field ${owner}.${field} of type ${goType(type)}`;
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
  };
  const walk = (value: Json, type: Type, path: string, owner: string): Json => {
    switch (type.form) {
      case 'scalar':
        if (!fits(value, type.scalar)) return refuse(value, type, path, owner);
        if (type.scalar === 'o') return copyFree(value);
        return type.scalar === 'q' && typeof value === 'number' ? String(value) : value;
      case 'list':
        if (!Array.isArray(value)) return refuse(value, type, path, owner);
        return value.map((item, index) => (item === null ? item : walk(item, type.items, `${path}[${index}]`, owner)));
      case 'map': {
        if (!isObject(value)) return refuse(value, type, path, owner);
        const copy: JsonObject = {};
        for (const key in value) {
          const item = value[key];
          if (item === undefined || key === '__proto__') continue;
          // A null in a map of strings decodes to the zero value.
          if (item === null) {
            if (type.values.form === 'scalar' && type.values.scalar === 's') copy[key] = '';
            continue;
          }
          // What is wrong in a map is told of the map.
          copy[key] = walk(item, type.values, type.values.form === 'scalar' ? path : `${path}.${key}`, owner);
        }
        return copy;
      }
      case 'definition': {
        if (!isObject(value)) return refuse(value, type, path, owner);
        const known = definition(type.name);
        return known ? fields(value, known, path) : copyFree(value);
      }
    }
  };
  const fields = (value: JsonObject, known: Definition, path: string): JsonObject => {
    const copy: JsonObject = {};
    for (const key in value) {
      const item = value[key];
      if (item === undefined) continue;
      const here = path === '' ? key : `${path}.${key}`;
      const field = known.fields.get(key);
      if (!field) {
        if (custom?.free === true && path === '') copy[key] = copyFree(item);
        else unknown.push(here);
      } else if (item !== null) {
        copy[key] = walk(item, field.type, here, known.name.slice(known.name.lastIndexOf('.') + 1));
      }
    }
    return copy;
  };
  return { object: fields(object, to, ''), unknown };
}

function copyFree(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyFree);
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) if (key !== '__proto__') copy[key] = copyFree(item);
  return copy;
}
