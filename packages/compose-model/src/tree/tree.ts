import type { Place } from './place.js';

/** What a YAML scalar may hold once its type is resolved. */
export type Scalar = string | number | boolean | null;

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly at: Place;
  /** A number as it was written: `010`, `1.0`, `9007199254740993` keep their digits this way. */
  readonly written?: string;
}

export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly at: Place;
}

export interface MapTree {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Tree>;
  /** Where each key is written; a key that a pass added has the place of what caused it. */
  readonly keys: ReadonlyMap<string, Place>;
  readonly at: Place;
}

/** A document as plain data in which every value knows where it was written. Passes make new trees and share what they keep. */
export type Tree = ScalarTree | ListTree | MapTree;

export function scalar(value: Scalar, at: Place): ScalarTree {
  return { kind: 'scalar', value, at };
}

export function list(items: readonly Tree[], at: Place): ListTree {
  return { kind: 'list', items, at };
}

export function map(entries: Iterable<readonly [string, Tree]>, at: Place, keys?: ReadonlyMap<string, Place>): MapTree {
  return { kind: 'map', entries: new Map(entries), keys: keys ?? new Map(), at };
}

/** The same mapping with one entry set; `undefined` takes it out. */
export function withEntry(tree: MapTree, key: string, value: Tree | undefined): MapTree {
  const entries = new Map(tree.entries);
  if (value === undefined) entries.delete(key);
  else entries.set(key, value);
  return { ...tree, entries };
}

/** The same mapping with several entries set, one copy for all. */
export function withEntries(tree: MapTree, changes: Iterable<readonly [string, Tree | undefined]>): MapTree {
  const entries = new Map(tree.entries);
  for (const [key, value] of changes) {
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
  }
  return { ...tree, entries };
}

export function entry(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key) : undefined;
}

export function isNull(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && tree.value === null;
}

/** The text of a string scalar; `undefined` for everything else. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
}

/** Whether a number has a fraction or is written as if it had one, such as `1.0` or `1e3`: then it is no whole number to docker compose. */
export function isFraction({ value, written = '' }: ScalarTree): boolean {
  if (typeof value !== 'number') return false;
  return !Number.isInteger(value) || /^[-+]?[0-9_]*(?:\.|[0-9_]+[eE])/.test(written);
}

/** A fraction the way Go prints it: shortest digits, an exponent of two digits or more from a million on and below a ten-thousandth. */
function printFraction(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return Object.is(value, -0) ? '-0' : String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A scalar as text: numbers in the form of docker compose, those too large for it as they were written, null as an empty text. */
export function printScalar(tree: ScalarTree): string {
  const { value, written } = tree;
  if (value === null) return '';
  if (typeof value !== 'number') return String(value);
  if (isFraction(tree)) return printFraction(value);
  // Whole numbers of more than 64 bits are fractions to docker compose.
  if (value >= 2 ** 64 || value < -(2 ** 63)) return printFraction(value);
  return written !== undefined && !Number.isSafeInteger(value) ? written : String(value);
}

/** Where the key of an entry is written, else where its value is. */
export function keyPlace(tree: MapTree, key: string): Place {
  return tree.keys.get(key) ?? tree.entries.get(key)?.at ?? tree.at;
}

/** Plain data without positions: maps as objects in the order of their keys. */
export function toPlain(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'list':
      return tree.items.map(toPlain);
    case 'map':
      return Object.fromEntries(Array.from(tree.entries, ([key, value]) => [key, toPlain(value)]));
  }
}

/** Whether two trees say the same, wherever they are written. The order of keys does not count. */
export function sameTree(a: Tree, b: Tree): boolean {
  if (a === b) return true;
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value;
  if (a.kind === 'list') {
    return (
      b.kind === 'list' &&
      a.items.length === b.items.length &&
      a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && sameTree(item, other);
      })
    );
  }
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  for (const [key, value] of a.entries) {
    const other = b.entries.get(key);
    if (other === undefined || !sameTree(value, other)) return false;
  }
  return true;
}
