import { isNull, printScalar, toPlain, type MapTree, type Tree } from '../tree/tree.js';
import { readFlag } from './flag.js';
import { asText, strictText, typeOf, wrong, type Codec, type Reading } from './reading.js';
import { splitWords } from './words.js';

export type Extensions = { [key: `x-${string}`]: unknown };

function asFlag(tree: Tree, reading: Reading): boolean | undefined {
  if (tree.kind !== 'scalar' || tree.value === null) return undefined;
  if (typeof tree.value === 'boolean') return tree.value;
  const { path, findings } = reading;
  const value = readFlag(printScalar(tree), (text) => {
    findings.warn({ code: 'convert', text, path, sentence: true, at: tree.at });
  });
  return value ?? wrong(tree, reading, `invalid boolean: ${printScalar(tree)}`);
}

const same = <T>(value: T): T => value;

/** Text; an empty one is left out. */
export const text: Codec<string> = {
  read: (tree, reading) => strictText(tree, reading) || undefined,
  print: same,
};

/** Text of which an empty one says something. */
export const givenText: Codec<string> = { read: (tree, reading) => strictText(tree, reading) ?? '', print: same };

/** A boolean; false is left out. */
export const flag: Codec<boolean> = { read: (tree, reading) => asFlag(tree, reading) || undefined, print: same };

/** A boolean of which false says something. */
export const givenFlag: Codec<boolean> = { read: asFlag, print: same };

/** A boolean that is true unless false is said, and left out when it is. */
export const optOut: Codec<boolean> = {
  read: (tree, reading) => (asFlag(tree, reading) === false ? false : undefined),
  print: same,
};

/** Permission bits, as a number; text is octal. Printed as octal text. */
export const mode: Codec<number> = {
  read: (tree, reading) => {
    if (tree.kind !== 'scalar' || tree.value === null) return undefined;
    if (typeof tree.value === 'number') {
      return typeOf(tree) === 'int' ? tree.value : wrong(tree, reading, 'unexpected value type float64 for mode');
    }
    const value = printScalar(tree);
    return /^[0-7]+$/.test(value) ? parseInt(value, 8) : wrong(tree, reading, `invalid mode: ${value}`);
  },
  print: (value) => `0${value.toString(8)}`,
};

/** A command: words, or text that is split into them. An empty list says something: no command. */
export const words: Codec<readonly string[]> = {
  read: (tree, reading) => {
    if (tree.kind === 'list') return tree.items.map((item) => asText(item) ?? '');
    const line = asText(tree);
    if (line === undefined) return undefined;
    const split = splitWords(line);
    return split ?? wrong(tree, reading, 'invalid command line string');
  },
  print: same,
};

/** A health test: a list that starts with CMD, CMD-SHELL or NONE; text is a shell command. */
export const healthTest: Codec<readonly string[]> = {
  read: (tree) => {
    if (tree.kind === 'list') return tree.items.length === 0 ? undefined : tree.items.map((item) => asText(item) ?? '');
    const line = asText(tree);
    return line === undefined ? undefined : ['CMD-SHELL', line];
  },
  print: same,
};

/** Texts and numbers, as text; an empty list is left out. */
export const mixedTexts: Codec<readonly string[]> = {
  read: (tree) => {
    const items = itemsOf(tree);
    return items.length === 0 ? undefined : items.map((item) => asText(item) ?? '');
  },
  print: same,
};

/** Texts; one text is a list of one, and an empty list is left out. */
export const texts: Codec<readonly string[]> = {
  read: (tree, reading) => {
    const items = itemsOf(tree);
    if (items.length === 0) return undefined;
    return items.map((item, index) => {
      reading.path.push(index);
      const value = strictText(item, reading) ?? '';
      reading.path.pop();
      return value;
    });
  },
  print: same,
};

function itemsOf(tree: Tree): readonly Tree[] {
  return tree.kind === 'list' ? tree.items : isNull(tree) || tree.kind === 'map' ? [] : [tree];
}

function pairsOf(tree: Tree): readonly (readonly [string, string | null])[] {
  if (tree.kind === 'map') {
    return Array.from(tree.entries, ([key, value]) => [key, isNull(value) ? null : (asText(value) ?? '')] as const);
  }
  if (tree.kind !== 'list') return [];
  return tree.items.map((item) => {
    const line = asText(item) ?? '';
    const cut = line.indexOf('=');
    return cut < 0 ? ([line, null] as const) : ([line.slice(0, cut), line.slice(cut + 1)] as const);
  });
}

/** Keys sorted as docker compose prints them: by code unit. */
export function sorted<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Plain data with the keys of every mapping sorted. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return sorted(Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const));
}

/** Variables by name; null for one that has no value. */
export const environment: Codec<Readonly<Record<string, string | null>>> = {
  read: (tree, reading) => {
    const pairs = pairsOf(tree);
    for (const [key] of pairs) {
      if (tree.kind === 'list' && /\s$/.test(key)) {
        wrong(tree, reading, `environment variable ${key} is declared with a trailing space`);
      }
    }
    return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
  },
  print: (value) => sorted(Object.entries(value)),
};

/** Texts by name; a key without a value has an empty one. */
export const pairs: Codec<Readonly<Record<string, string>>> = {
  read: (tree) => {
    const entries = pairsOf(tree);
    return entries.length === 0 ? undefined : Object.fromEntries(entries.map(([key, value]) => [key, value ?? '']));
  },
  print: (value) => sorted(Object.entries(value)),
};

/** Addresses by host name. Printed as sorted `host=address` texts. */
export const hosts: Codec<Readonly<Record<string, readonly string[]>>> = {
  read: (tree, reading) => {
    const found = new Map<string, string[]>();
    const add = (host: string, addresses: readonly string[]): void => {
      if (host === '' || /[:=]/.test(host)) wrong(tree, reading, `bad host name '${host}'`);
      const bare = addresses.map((address) => address.replace(/^\[(.+)\]$/, '$1'));
      found.set(host, [...(found.get(host) ?? []), ...bare]);
    };
    if (tree.kind === 'map') {
      for (const [host, value] of tree.entries) {
        add(host, value.kind === 'list' ? value.items.map((item) => asText(item) ?? '') : [asText(value) ?? '']);
      }
    } else if (tree.kind === 'list') {
      for (const item of tree.items) {
        const line = asText(item) ?? '';
        const cut = line.includes('=') ? line.indexOf('=') : line.indexOf(':');
        if (cut < 0) wrong(item, reading, `invalid additional host, missing IP: ${line}`);
        else add(line.slice(0, cut), line.slice(cut + 1).split(','));
      }
    }
    return found.size === 0 ? undefined : Object.fromEntries(found);
  },
  print: (value) =>
    Object.entries(value)
      .flatMap(([host, addresses]) => addresses.map((address) => `${host}=${address}`))
      .sort(),
};

/** Anything, as plain data. */
export const plain: Codec<unknown> = { read: toPlain, print: same };

export function listOf<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    read: (tree, reading) => {
      if (tree.kind !== 'list') return undefined;
      const items: T[] = [];
      tree.items.forEach((one, index) => {
        reading.path.push(index);
        const value = item.read(one, reading);
        reading.path.pop();
        if (value !== undefined) items.push(value);
      });
      return items.length === 0 ? undefined : items;
    },
    print: (value) => value.map((one) => item.print(one)),
  };
}

export function mapOf<T>(item: Codec<T>): Codec<Readonly<Record<string, T>>> {
  return {
    read: (tree, reading) => {
      if (tree.kind !== 'map') return undefined;
      const entries: [string, T][] = [];
      for (const [key, one] of tree.entries) {
        reading.path.push(key);
        const value = item.read(one, reading);
        reading.path.pop();
        if (value !== undefined) entries.push([key, value]);
      }
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    },
    print: (value) => sorted(Object.entries(value).map(([key, one]) => [key, item.print(one)] as const)),
  };
}

/** A value or null, where null says something: a service on a network without settings. */
export function orNull<T>(codec: Codec<T>): Codec<T | null> {
  return {
    read: (tree, reading) => (isNull(tree) ? null : codec.read(tree, reading)),
    print: (value) => (value === null ? null : codec.print(value)),
  };
}

type Fields = Readonly<Record<string, Codec<unknown>>>;

/** What a record of codecs reads: every field may be absent. */
export type Fielded<F extends Fields> = {
  -readonly [K in keyof F]?: F[K] extends Codec<infer T> ? T : never;
} & Extensions;

export interface RecordCodec<F extends Fields> extends Codec<Fielded<F>> {
  readonly fields: F;
}

/** Named fields, printed in the order given here; `x-` keys come along as plain data. */
export function record<const F extends Fields>(fields: F): RecordCodec<F> {
  return {
    fields,
    read: (tree, reading) => {
      if (tree.kind !== 'map') return undefined;
      return readFields(tree, fields, reading) as Fielded<F>;
    },
    print: (value) => ({ ...printFields(value, fields), ...printExtensions(value) }),
  };
}

/** A record whose `x-` keys docker compose does not print. */
export function silentRecord<const F extends Fields>(fields: F): RecordCodec<F> {
  return { ...record(fields), print: (value) => printFields(value, fields) };
}

function readFields(tree: MapTree, fields: Fields, reading: Reading): Record<string, unknown> {
  const made: [string, unknown][] = [];
  for (const key in fields) {
    const field = tree.entries.get(key);
    if (field === undefined) continue;
    reading.path.push(key);
    const value = fields[key]?.read(field, reading);
    reading.path.pop();
    if (value !== undefined) made.push([key, value]);
  }
  for (const [key, value] of tree.entries) if (key.startsWith('x-')) made.push([key, toPlain(value)]);
  return Object.fromEntries(made);
}

function printFields(value: Readonly<Record<string, unknown>>, fields: Fields): Record<string, unknown> {
  const made: [string, unknown][] = [];
  for (const [key, codec] of Object.entries(fields)) {
    if (value[key] !== undefined) made.push([key, codec.print(value[key])]);
  }
  return Object.fromEntries(made);
}

function printExtensions(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = Object.keys(value).filter((name) => name.startsWith('x-'));
  return Object.fromEntries(names.sort().map((name) => [name, sortKeys(value[name])]));
}

/** A record of which some fields are printed although they are absent. */
export function complete<F extends Fields>(
  codec: RecordCodec<F>,
  absent: Readonly<Record<string, unknown>>,
): RecordCodec<F> {
  return {
    ...codec,
    print: (value) => {
      const printed = codec.print(value);
      return typeof printed === 'object' ? { ...absent, ...printed } : printed;
    },
  };
}

/** A record that is left out when it is empty. */
export function some<F extends Fields>(codec: RecordCodec<F>): Codec<Fielded<F>> {
  return {
    read: (tree, reading) => {
      const value = codec.read(tree, reading);
      return value === undefined || Object.keys(value).length === 0 ? undefined : value;
    },
    print: (value) => codec.print(value),
  };
}
