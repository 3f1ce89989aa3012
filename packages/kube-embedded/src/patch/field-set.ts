import { type Json, type JsonObject, ensureObject, equal, freeze, isObject } from '../json/tree.js';
import { type Definition, type Field, type Type, anything, definition } from '../schema/definition.js';

/**
 * A field as `managedFields` names it: steps `f:name` into a field, `k:{"name":"x"}` to an item of a keyed list, `v:"x"` to an
 * item of a set. As one text, steps are joined with a character that occurs in none.
 */
export type FieldPath = string;

const joint = '\u0001';
export const stepsOf = (path: FieldPath): string[] => path.split(joint);
export const pathOf = (steps: readonly string[]): FieldPath => steps.join(joint);
/** Whether a path leads somewhere inside what the other leads to. */
export const isInside = (path: FieldPath, outer: FieldPath): boolean => path.startsWith(outer + joint);

const join = (path: FieldPath, step: string): FieldPath => (path === '' ? step : path + joint + step);

/** The server's own metadata, which nobody manages. */
const unmanaged = new Set([
  'f:apiVersion',
  'f:kind',
  'f:metadata',
  ...[
    'name',
    'namespace',
    'uid',
    'resourceVersion',
    'generation',
    'creationTimestamp',
    'selfLink',
    'managedFields',
  ].map((field) => pathOf(['f:metadata', `f:${field}`])),
]);

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

/** How values of a type are taken apart: into named fields, into items that can be told apart, or not at all. */
type Shape =
  | { readonly form: 'fields'; readonly known: Definition | undefined; readonly values: Type | undefined }
  | { readonly form: 'items'; readonly items: Type; readonly stepOf: (item: Json) => string | undefined }
  | { readonly form: 'leaf' };

type Parted<Form extends Shape['form']> = Extract<Shape, { form: Form }>;

const leaf: Shape = { form: 'leaf' };

/** Shapes of the values of fields and of types: definitions live long, objects go through them by the thousand. */
const shapes = new WeakMap<Field | Type, Shape>();

const ofAnything: Shape = { form: 'fields', known: undefined, values: anything };

/** @param value whose shape it is, of which there is nothing to know where it can be anything */
function shapeOf(type: Type | undefined, field: Field | undefined, value: Json | undefined): Shape {
  if (type?.form === 'any' && field?.atomic !== true) return isObject(value) ? ofAnything : leaf;
  const origin = field ?? type;
  if (type === undefined || origin === undefined || field?.atomic === true) return leaf;
  let shape = shapes.get(origin);
  if (!shape) shapes.set(origin, (shape = findShape(type, field)));
  return shape;
}

function findShape(type: Type, field: Field | undefined): Shape {
  switch (type.form) {
    case 'scalar':
    case 'any':
      return leaf;
    case 'map':
      return { form: 'fields', known: undefined, values: type.values };
    case 'definition': {
      const known = definition(type.name);
      return known === undefined || known.atomic ? leaf : { form: 'fields', known, values: undefined };
    }
    case 'list': {
      const { items } = type;
      const keys = field?.mapKeys;
      if (keys)
        return { form: 'items', items, stepOf: (item) => (isObject(item) ? keyStep(item, keys, items) : undefined) };
      return field?.set === true ? { form: 'items', items, stepOf: (item) => `v:${JSON.stringify(item)}` } : leaf;
    }
  }
}

/** The parts of a value of a shape, by their steps. Items that cannot be told apart are one part, a list, of which nothing is known inside. */
function partsOf(value: Json | undefined, shape: Parted<'fields' | 'items'>): Map<string, Json> {
  const parts = new Map<string, Json>();
  if (shape.form === 'fields') {
    if (isObject(value)) for (const [key, item] of Object.entries(value)) parts.set(`f:${key}`, item);
  } else if (Array.isArray(value)) {
    for (const item of value) {
      const step = shape.stepOf(item);
      if (step === undefined) continue;
      const alike = parts.get(step);
      if (alike === undefined) parts.set(step, item);
      else parts.set(step, Array.isArray(alike) ? [...alike, item] : [alike, item]);
    }
  }
  return parts;
}

function fieldShape({ known, values }: Parted<'fields'>, key: string, value: Json | undefined): Shape {
  const field = known?.fields.get(key);
  return shapeOf(field?.type ?? known?.others ?? values, field, value);
}

const itemShape = ({ items }: Parted<'items'>, item: Json | undefined): Shape =>
  Array.isArray(item) ? leaf : shapeOf(items, undefined, item);

const partShape = (shape: Parted<'fields' | 'items'>, step: string, part: Json): Shape =>
  shape.form === 'items' ? itemShape(shape, part) : fieldShape(shape, step.slice(2), part);

/** The fields that a configuration for server-side apply speaks about. */
export function fieldsOf(config: JsonObject, known: Definition): Set<FieldPath> {
  const found = new Set<FieldPath>();
  const put = (path: FieldPath): void => void (unmanaged.has(path) || found.add(path));
  const walk = (value: Json, shape: Shape, path: FieldPath): void => {
    if (shape.form === 'leaf') return put(path);
    for (const [step, item] of partsOf(value, shape)) {
      const here = join(path, step);
      if (unmanaged.has(here) && here !== 'f:metadata') continue;
      walk(item, partShape(shape, step, item), here);
      const empty = item === null || (isObject(item) && Object.keys(item).length === 0);
      if (empty || shape.form === 'items' || shape.values !== undefined) put(here);
    }
  };
  walk(config, { form: 'fields', known, values: undefined }, '');
  return found;
}

/** What became of an object's fields. */
export interface Comparison {
  /** Set for the first time, or to something else. */
  readonly changed: ReadonlySet<FieldPath>;
  readonly removed: ReadonlySet<FieldPath>;
}

const isNothing = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

const none: JsonObject = {};
const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Compares two forms of an object field by field. A part that was not there before is changed itself, and so is all in it. */
export function compareFields(old: JsonObject, next: JsonObject, known: Definition): Comparison {
  const changed = new Set<FieldPath>();
  const removed = new Set<FieldPath>();
  const walk = (a: Json | undefined, b: Json | undefined, shape: Shape, path: FieldPath, depth: number): void => {
    if (a === b) return;
    const managed = depth > 2 || !unmanaged.has(path);
    if (!managed && path !== 'f:metadata') return;
    if (managed && depth > 0) {
      if (a === undefined) changed.add(path);
      else if (b === undefined) removed.add(path);
      else if (shape.form === 'leaf' && !equal(a, b)) changed.add(path);
    }
    if (shape.form === 'leaf') return;
    // Nothing and an empty list or map are told apart.
    if (isNothing(a) && isNothing(b)) {
      if (a !== undefined && b !== undefined && managed && !equal(a, b)) changed.add(path);
      return;
    }
    if (shape.form === 'fields') {
      const before = isObject(a) ? a : none;
      const after = isObject(b) ? b : none;
      const goInto = (key: string): void => {
        const [was, is] = [own(before, key), own(after, key)];
        walk(was, is, fieldShape(shape, key, is ?? was), join(path, `f:${key}`), depth + 1);
      };
      for (const key of Object.keys(after)) goInto(key);
      for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) goInto(key);
      return;
    }
    const before = partsOf(a, shape);
    const after = partsOf(b, shape);
    for (const step of new Set([...before.keys(), ...after.keys()])) {
      const here = join(path, step);
      const [was, is] = [before.get(step), after.get(step)];
      if (was === undefined || is === undefined || Array.isArray(was) === Array.isArray(is)) {
        walk(was, is, itemShape(shape, is ?? was), here, depth + 1);
      } else {
        walk(was, undefined, itemShape(shape, was), here, depth + 1);
        walk(undefined, is, itemShape(shape, is), here, depth + 1);
      }
    }
  };
  walk(old, next, { form: 'fields', known, values: undefined }, '', 0);
  return { changed, removed };
}

/** The nested form of `fieldsV1`, frozen: a field that others are inside of says of itself by `.` that it is one. */
export function writeFields(paths: Iterable<FieldPath>): JsonObject {
  const all = [...paths].sort();
  const key = all.join('\0');
  const known = written.get(key);
  if (known) return known;
  const root: JsonObject = {};
  const members = new Set<JsonObject>();
  for (const path of all) {
    let here = root;
    for (const step of stepsOf(path)) {
      // A field comes before what is inside of it: the joint is lower than any letter.
      if (members.has(here)) here['.'] ??= {};
      here = ensureObject(here, step);
    }
    members.add(here);
  }
  freeze(root);
  if (key.length > writtenLength) return root;
  if (written.size >= writtenLimit) written.clear();
  written.set(key, root);
  return root;
}

/** Pods of one template have the same fields: they share one form of them. */
const written = new Map<string, JsonObject>();
const writtenLimit = 1000;
const writtenLength = 10_000;

export function readFields(fields: Json | undefined): Set<FieldPath> {
  const found = new Set<FieldPath>();
  const walk = (value: JsonObject, path: FieldPath): void => {
    for (const [step, inner] of Object.entries(value)) {
      if (step === '.') {
        if (path !== '') found.add(path);
        continue;
      }
      const here = join(path, step);
      if (isObject(inner) && Object.keys(inner).length > 0) walk(inner, here);
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
      if (!step.startsWith('k:')) return `[=${step.slice(2)}]`;
      const keys: unknown = JSON.parse(step.slice(2));
      return `[${Object.entries(Object(keys))
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join(',')}]`;
    })
    .join('');
