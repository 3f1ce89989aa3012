import { printScalar, type Tree } from '../tree/tree.js';
import { parseDuration, printDuration } from './duration.js';
import { asText, unfit, wrong, type Codec, type Reading } from './reading.js';
import { parseSize, type Size } from './size.js';

const same = <T>(value: T): T => value;

function asNumber(tree: Tree, reading: Reading): number | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined;
  const value = typeof tree.value === 'number' ? tree.value : Number(tree.value === '' ? Number.NaN : tree.value);
  return Number.isNaN(value) ? wrong(tree, reading, `invalid number: ${printScalar(tree)}`) : value;
}

/** A number; zero is left out. */
export const number: Codec<number> = {
  read: (tree, reading) => asNumber(tree, reading) || undefined,
  print: same,
};

/** A number of seven digits or so, as docker compose keeps some; zero is left out. */
export const single: Codec<number> = {
  read: (tree, reading) => shortest(asNumber(tree, reading) ?? 0) || undefined,
  print: same,
};

/** The number with the fewest digits that a float of 32 bits takes for the same one. */
function shortest(value: number): number {
  const rounded = Math.fround(value);
  for (let digits = 1; digits <= 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === rounded) return short;
  }
  return value;
}

/** A whole number; zero is left out. Digits behind the point are dropped, as docker compose does. */
export const integer: Codec<number> = {
  read: (tree, reading) => Math.trunc(asNumber(tree, reading) ?? 0) || undefined,
  print: same,
};

/** A whole number of which zero says something. */
export const givenInteger: Codec<number> = {
  read: (tree, reading) => {
    const value = asNumber(tree, reading);
    // Not minus zero, which -0.5 would become.
    return value === undefined ? undefined : Math.trunc(value) + 0;
  },
  print: same,
};

/** A whole number from zero on, which text is not. */
function unsignedOf(tree: Tree, reading: Reading, bits: number): number | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined;
  if (typeof tree.value !== 'number') return unfit(tree, reading, `uint${bits}`);
  if (tree.value < 0) {
    return wrong(tree, reading, `cannot parse value as 'uint${bits}': ${printScalar(tree)} overflows uint`);
  }
  return Math.trunc(tree.value);
}

/** A whole number from zero on; zero is left out. */
export function unsigned(bits: 16 | 32 | 64): Codec<number> {
  return { read: (tree, reading) => unsignedOf(tree, reading, bits) || undefined, print: same };
}

/** A whole number from zero on, of which zero says something. */
export const givenUnsigned: Codec<number> = { read: (tree, reading) => unsignedOf(tree, reading, 64), print: same };

function sizeOf(tree: Tree, reading: Reading): Size | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined;
  if (typeof tree.value === 'number' && !Number.isInteger(tree.value)) return Math.trunc(tree.value);
  const size = parseSize(printScalar(tree));
  return typeof size === 'string' ? wrong(tree, reading, size) : size;
}

/** Bytes; zero is left out. Printed as text. */
export const size: Codec<Size> = {
  read: (tree, reading) => sizeOf(tree, reading) || undefined,
  print: (value) => String(value),
};

function durationOf(tree: Tree, reading: Reading): number | undefined {
  const text = asText(tree);
  if (text === undefined) return undefined;
  const value = parseDuration(text);
  return typeof value === 'string' ? wrong(tree, reading, value) : value;
}

/** Milliseconds. Printed as text in Go's form, `1m30s`. */
export const duration: Codec<number> = { read: durationOf, print: printDuration };

/** Milliseconds; zero is left out. */
export const someDuration: Codec<number> = {
  read: (tree, reading) => durationOf(tree, reading) || undefined,
  print: printDuration,
};
