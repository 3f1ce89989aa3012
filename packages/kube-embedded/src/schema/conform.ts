import type { KubeError } from '@kmd/kube-client';
import { badRequest } from '../errors.js';
import { canonicalQuantity } from '../json/quantity.js';
import { clone, isObject, type Json, type JsonObject } from '../json/tree.js';
import { type Definition, type Scalar, type Type, definition } from './definition.js';
import { isOmitted, zeroOf } from './zero.js';

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
  x: 'int32',
  o: 'map[string]interface {}',
};

function goType(type: Type): string {
  if (type.form === 'scalar') return goTypes[type.scalar];
  if (type.form === 'list') return `[]${goType(type.items)}`;
  if (type.form === 'map') return `map[string]${goType(type.values)}`;
  if (type.form === 'any') return 'interface {}';
  const [space = '', version = '', name = ''] = type.name.split('.');
  return space === 'core' ? `v1.${name}` : `${version}.${name}`;
}

/** What JSON calls a value of this form. */
export const jsonName = (value: Json): string =>
  Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;

const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const microseconds = /:\d\d\.\d{6}[^\d]/;
const quantityPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/;

/** What Go's decoder says of a text that is no base64. */
function base64Problem(text: string): string | undefined {
  const plain = text.replace(/[\r\n]/g, '');
  const at = /^[A-Za-z0-9+/]*/.exec(plain)?.[0].length ?? 0;
  const padding = plain.length - at;
  const whole = (at + padding) % 4 === 0 && padding <= 2 && /^=*$/.test(plain.slice(at));
  return whole ? undefined : `illegal base64 data at input byte ${padding === 0 ? at - (at % 4) : at}`;
}

/** Whether a number is one of Go's of so many bits; `bound` is the first that is too large. */
const isWhole = (value: Json, bound: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= -bound && value < bound;

function fits(value: Json, scalar: Scalar): boolean {
  switch (scalar) {
    case 's':
      return typeof value === 'string';
    case 'y':
      return typeof value === 'string' && base64Problem(value) === undefined;
    case 't':
      return typeof value === 'string' && timePattern.test(value);
    case 'm':
      return typeof value === 'string' && timePattern.test(value) && microseconds.test(value);
    case 'i':
      return isWhole(value, 2 ** 31);
    case 'l':
      return isWhole(value, 2 ** 63);
    case 'n':
      return typeof value === 'number';
    case 'b':
      return typeof value === 'boolean';
    case 'q':
      return typeof value === 'number' || (typeof value === 'string' && quantityPattern.test(value));
    case 'x':
      return typeof value === 'string' || isWhole(value, 2 ** 31);
    case 'o':
      return true;
  }
}

/** What the decoders of times and quantities say of what is none. */
function ownProblem(value: Json, scalar: Scalar): string | undefined {
  if (scalar === 'q')
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  if ((scalar !== 't' && scalar !== 'm') || typeof value !== 'string') return undefined;
  const [, rest] = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(.*)$/.exec(value) ?? [];
  const layout = `2006-01-02T15:04:05${scalar === 'm' ? '.000000' : ''}Z07:00`;
  const [found, wanted] = rest !== undefined && scalar === 'm' ? [rest, '.000000'] : [value, '2006'];
  return `parsing time "${value}" as "${layout}": cannot parse "${found}" as "${wanted}"`;
}

/** What was found in place of a type: numbers that are no whole ones, or too large, are told where a whole one was wanted. */
const foundName = (value: Json, type: Type): string =>
  typeof value === 'number' && type.form === 'scalar' && 'ilx'.includes(type.scalar)
    ? `number ${value}`
    : jsonName(value);

/** What became of an object held against its definition. */
export interface Conformed {
  /** A mutable copy without the unknown fields and without nulls. */
  readonly object: JsonObject;
  /** Paths of fields that the definition does not know: `spec.foo`, `spec.containers[0].bar`. */
  readonly unknown: readonly string[];
}

export interface ConformOptions {
  /** Of a custom resource. */
  readonly custom?: object | undefined;
  /** Values that say no more than their absence are kept, and none are filled in: the object is a part of one. */
  readonly zeros?: boolean;
  /** The kind that it was sent as, where that is another. */
  readonly as?: string;
}

/**
 * Copies an object field by field as its definition has them: what a typed decoder does. A value of the wrong type is refused
 * (400) in the words of the real server; that of a custom resource is left for its schema to judge. Inside of lists and of what may be absent it fills in what
 * Go's types write always; what they write of the object itself is filled in after its defaults.
 */
export function conform(
  object: JsonObject,
  to: Definition,
  kind: string,
  version: string,
  options: ConformOptions = {},
): Conformed {
  const { custom } = options;
  const unknown: string[] = [];
  let problem: KubeError | undefined;
  const refused = (why: string): KubeError =>
    badRequest(`${kind} in version "${version}" cannot be handled as a ${options.as ?? kind}: ${why}`);
  const refuse = (value: Json, type: Type, path: string, owner: string): Json => {
    // A custom resource is held against its schema later, which says it in other words; its metadata are decoded apart.
    if (custom && !path.startsWith('metadata.')) return copyFree(value);
    // What has a decoder of its own ends all decoding with its error. Of others the first is told, when all is read.
    const own = type.form === 'scalar' ? ownProblem(value, type.scalar) : undefined;
    if (own !== undefined) throw refused(own);
    const base64 = type.form === 'scalar' && type.scalar === 'y' && typeof value === 'string' && base64Problem(value);
    const field = `${owner}.${(custom ? path.slice('metadata.'.length) : path).replace(/\[\d+\]/g, '')}`;
    problem ??= refused(
      base64 ||
        `json: cannot unmarshal ${foundName(value, type)} into Go struct field ${field} of type ${goType(type)}`,
    );
    return value;
  };
  const walk = (value: Json, type: Type, path: string, owner: string, deep: boolean): Json => {
    switch (type.form) {
      case 'scalar':
        if (!fits(value, type.scalar)) return refuse(value, type, path, owner);
        if (type.scalar === 'o') return copyFree(value);
        return type.scalar === 'q' ? canonicalQuantity(String(value)) : value;
      case 'list':
        if (!Array.isArray(value)) return refuse(value, type, path, owner);
        return value.map((item, index) =>
          item === null ? item : walk(item, type.items, `${path}[${index}]`, owner, true),
        );
      case 'map': {
        if (!isObject(value)) return refuse(value, type, path, owner);
        const copy: JsonObject = {};
        for (const key in value) {
          const item = value[key];
          if (item === undefined || key === '__proto__') continue;
          // A null in a map of strings decodes to the zero value.
          if (item === null) {
            if (type.nullable === true) copy[key] = null;
            else if (type.values.form === 'scalar' && type.values.scalar === 's') copy[key] = '';
            continue;
          }
          // What is wrong in a map is told of the map.
          copy[key] = walk(item, type.values, type.values.form === 'scalar' ? path : `${path}.${key}`, owner, true);
        }
        return copy;
      }
      case 'any':
        return copyFree(value);
      case 'definition': {
        if (!isObject(value)) return refuse(value, type, path, owner);
        const known = definition(type.name);
        return known ? fields(value, known, path, deep) : copyFree(value);
      }
    }
  };
  const fields = (value: JsonObject, known: Definition, path: string, deep: boolean): JsonObject => {
    const copy: JsonObject = {};
    for (const key in value) {
      const item = value[key];
      if (item === undefined) continue;
      const here = path === '' ? key : `${path}.${key}`;
      const field = known.fields.get(key);
      if (!field) {
        if (known.others) copy[key] = walk(item, known.others, here, '', true);
        else unknown.push(here);
      } else if (item === null) {
        if (field.nullable === true) copy[key] = null;
      } else {
        const walked = walk(
          item,
          field.type,
          here,
          known.name.slice(known.name.lastIndexOf('.') + 1),
          deep || field.pointer,
        );
        if (custom || options.zeros === true || !isOmitted(walked, field)) copy[key] = walked;
      }
    }
    if (deep && !custom && options.zeros !== true) {
      const zero = zeroOf(known.name);
      for (const key in zero) copy[key] ??= clone(zero[key] ?? null);
    }
    return copy;
  };
  const conformed = fields(object, to, '', false);
  if (problem) throw problem;
  // Of custom resources they are told in the order of their names.
  return { object: conformed, unknown: custom ? unknown.toSorted() : unknown };
}

function copyFree(value: Json): Json {
  if (Array.isArray(value)) return value.map(copyFree);
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, item] of Object.entries(value)) if (key !== '__proto__') copy[key] = copyFree(item);
  return copy;
}
