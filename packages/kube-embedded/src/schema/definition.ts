import type { Kind } from '../kinds/kind.js';
import { definitionLines } from './definitions.js';

export type Scalar = 's' | 'i' | 'l' | 'n' | 'b' | 'y' | 't' | 'm' | 'q' | 'x' | 'o';

export type Type =
  | { readonly form: 'scalar'; readonly scalar: Scalar }
  | { readonly form: 'list'; readonly items: Type }
  /** `nullable`: a null is a value like others, where else it is none. */
  | { readonly form: 'map'; readonly values: Type; readonly nullable?: boolean }
  /** Of custom resources: anything. An object is taken apart by what it holds. */
  | { readonly form: 'any' }
  | { readonly form: 'definition'; readonly name: string };

export interface Field {
  readonly name: string;
  readonly required: boolean;
  /** It may be absent or hold its type's zero value, and both are told apart. */
  readonly pointer: boolean;
  /** Written also when it holds nothing. */
  readonly always?: boolean;
  readonly type: Type;
  /** Server-side apply: the keys that tell the items of a list apart; `set` for a list of distinct scalars. */
  readonly mapKeys?: readonly string[];
  readonly set?: boolean;
  /** A null is a value like others, where else it is none. */
  readonly nullable?: boolean;
  readonly atomic?: boolean;
  /** Strategic merge: lists merge by this key, or, for `true`, as sets of scalars. */
  readonly mergeKey?: string | true;
  readonly retainKeys?: boolean;
  readonly default?: string;
  /** What it may be, or its items, as far as that is documented. */
  readonly values?: readonly string[];
  readonly description?: string;
}

export interface Definition {
  readonly name: string;
  /** Set for kinds: `/v1`, `apps/v1`. */
  readonly groupVersion?: string;
  /** Of custom kinds: the kind, and the name in the OpenAPI documents, which the name does not say. */
  readonly kind?: string;
  readonly published?: string;
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  /** Of custom resources: the type of fields that are not among these, and are kept. */
  readonly others?: Type;
}

export const anything: Type = { form: 'any' };

let lines: Map<string, string> | undefined;
const parsed = new Map<string, Definition>();

function index(): Map<string, string> {
  if (lines) return lines;
  lines = new Map();
  for (const line of definitionLines.split('\n')) {
    const name = /^[^ @|]+/.exec(line)?.[0];
    if (name !== undefined) lines.set(name, line);
  }
  return lines;
}

function isScalar(text: string): text is Scalar {
  return text.length === 1 && 'silnbytmqxo'.includes(text);
}

function parseType(text: string, space: string): Type {
  if (text.startsWith('[')) return { form: 'list', items: parseType(text.slice(1, -1), space) };
  if (text.startsWith('{')) return { form: 'map', values: parseType(text.slice(1, -1), space) };
  if (isScalar(text)) return { form: 'scalar', scalar: text };
  return { form: 'definition', name: text.startsWith('.') ? space + text : text };
}

function parseField(text: string, space: string): Field {
  const [head = '', ...attributes] = text.split('|');
  const colon = head.indexOf(':');
  const [, name = '', required, pointer] = /^(.*?)(!?)(\??)$/.exec(head.slice(0, colon)) ?? [];
  let field: Field = {
    name,
    required: required === '!',
    pointer: pointer === '?',
    type: parseType(head.slice(colon + 1), space),
  };
  for (const attribute of attributes) {
    const [key = '', value] = attribute.split('=');
    if (key === 'map') field = { ...field, mapKeys: value?.split(',') ?? [] };
    else if (key === 'set') field = { ...field, set: true };
    else if (key === 'atomic') field = { ...field, atomic: true };
    else if (key === 'merge') field = { ...field, mergeKey: value ?? true };
    else if (key === 'always') field = { ...field, always: true };
    else if (key === 'retainKeys') field = { ...field, retainKeys: true };
    else if (key === 'enum') field = { ...field, values: value?.replaceAll('_', ' ').split(',') ?? [] };
    else if (key === 'default' && value !== undefined) field = { ...field, default: value };
  }
  return field;
}

/** A definition by its name (`core.v1.PodSpec`), undefined for one that is not in the table. */
export function definition(name: string): Definition | undefined {
  const known = parsed.get(name);
  if (known) return known;
  const line = index().get(name);
  if (line === undefined) return undefined;
  const [head = '', ...fields] = line.split(' ');
  const [identity = '', ...attributes] = head.split('|');
  const groupVersion = identity.split('@')[1];
  const space = name.slice(0, name.lastIndexOf('.'));
  const made: Definition = {
    name,
    ...(groupVersion === undefined ? {} : { groupVersion }),
    atomic: attributes.includes('atomic'),
    fields: new Map(fields.map((text) => parseField(text, space)).map((field) => [field.name, field])),
  };
  parsed.set(name, made);
  return made;
}

/** Adds a definition that is not in the table: a custom resource's. */
export const addDefinition = (made: Definition): void => void parsed.set(made.name, made);

/** Forgets added definitions whose names begin so. */
export function dropDefinitions(prefix: string): void {
  for (const name of [...parsed.keys()]) if (name.startsWith(prefix)) parsed.delete(name);
}

/** The definition of a served kind's objects. */
export const definitionFor = (kind: Kind): Definition | undefined =>
  kind.custom ? definition(kind.custom.definition) : definitionOf(kind.group, kind.version, kind.kind);

/** Every definition's name. */
export const definitionNames = (): readonly string[] => [...index().keys()];

/** The definition that is a kind of a group and version. */
let kinds: Map<string, string> | undefined;
export function definitionOf(group: string, version: string, kind: string): Definition | undefined {
  if (!kinds) {
    kinds = new Map();
    for (const [name, line] of index()) {
      const groupVersion = /^[^ |]*@([^ |]+)/.exec(line)?.[1];
      if (groupVersion !== undefined) kinds.set(`${groupVersion}/${name.slice(name.lastIndexOf('.') + 1)}`, name);
    }
  }
  const name = kinds.get(`${group}/${version}/${kind}`);
  return name === undefined ? undefined : definition(name);
}
