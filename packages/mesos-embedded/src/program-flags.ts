import { readFileSync } from 'node:fs';

import { MesosSyntaxError, parseDuration } from '@kmd/mesos-client';

import { MesosEmbeddedError } from './errors.js';

/** An argument that cannot be read. */
export function badOption(what: string): MesosEmbeddedError {
  return new MesosEmbeddedError('BAD_OPTION', `${what}; see mesos-embedded --help`);
}

/** The flags that a program knows. */
export interface FlagNames {
  /** Those that it heeds. */
  readonly heeded: readonly string[];
  /** Flags of Mesos' that change nothing here. */
  readonly ignored: Iterable<string>;
  /** Flags that need no value. */
  readonly switches: readonly string[];
}

/**
 * Reads flags as Mesos does: `--name=value`, `--name value`, `--switch`, `--no-switch`, MESOS_NAME of the environment, and
 * `file:///path` for a value that stands in a file. @throws {MesosEmbeddedError} BAD_OPTION
 */
export class ProgramFlags {
  readonly #values = new Map<string, string>();
  readonly #names: FlagNames;
  readonly #all: ReadonlySet<string>;

  constructor(names: FlagNames, argv: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
    this.#names = names;
    this.#all = new Set([...names.heeded, ...names.ignored]);
    for (const name of this.#all) {
      const value = environment[`MESOS_${name.toUpperCase()}`];
      if (value !== undefined) this.#set(name, value);
    }
    const rest = [...argv];
    for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) this.#read(argument, rest);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** What was given and changes nothing. */
  get ignored(): Record<string, string> {
    return Object.fromEntries([...this.#values].filter(([name]) => !this.#names.heeded.includes(name)));
  }

  number(name: string, otherwise: number): number {
    const text = this.get(name);
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (text === '' || !Number.isInteger(value) || value < 0) throw badOption(`--${name}=${text} is no number`);
    return value;
  }

  /** From 0 to 1. */
  fraction(name: string, otherwise: number): number {
    const text = this.get(name);
    const value = text === undefined ? otherwise : Number(text);
    if (text === '' || !(value >= 0 && value <= 1)) throw badOption(`--${name}=${text ?? ''} is no number from 0 to 1`);
    return value;
  }

  duration(name: string, otherwise: number): number {
    const text = this.get(name);
    if (text === undefined) return otherwise;
    try {
      return parseDuration(text);
    } catch (error) {
      if (!(error instanceof MesosSyntaxError)) throw error;
      throw badOption(`--${name}=${text} is no duration such as 5secs or 1mins`);
    }
  }

  /** The first is what a flag is that nobody gave. */
  oneOf<const Name extends string>(name: string, names: readonly [Name, ...Name[]]): Name {
    const text = this.get(name);
    if (text === undefined) return names[0];
    const found = names.find((one) => one === text);
    if (found === undefined) throw badOption(`--${name}=${text} is none of ${names.join(', ')}`);
    return found;
  }

  required(name: string): string {
    const value = this.get(name);
    if (value === undefined || value === '') throw badOption(`--${name} is missing`);
    return value;
  }

  #read(argument: string, rest: string[]): void {
    const [, no, given, value] = /^--(no-)?([a-z_0-9]+)(?:=([\s\S]*))?$/.exec(argument) ?? [];
    const name = given ?? '';
    if (!this.#all.has(name)) throw badOption(`unknown flag ${argument}${this.#meant(name)}`);
    if (value !== undefined) this.#set(name, value);
    else if (no !== undefined) this.#set(name, 'false');
    else if (this.#names.switches.includes(name)) this.#set(name, 'true');
    else this.#set(name, rest.shift() ?? '');
  }

  #set(name: string, value: string): void {
    this.#values.set(name, value.startsWith('file://') ? readValue(name, value.slice('file://'.length)) : value);
  }

  #meant(name: string): string {
    const near = [...this.#all]
      .map((known) => [known, distance(name, known)] as const)
      .sort(([, a], [, b]) => a - b)[0];
    return near !== undefined && near[1] <= Math.max(2, name.length / 4) ? ` (did you mean --${near[0]}?)` : '';
  }
}

function readValue(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new MesosEmbeddedError('BAD_OPTION', `--${name}: ${path} cannot be read; see mesos-embedded --help`, {
      cause,
    });
  }
}

/** How many letters have to be changed, put in, or left out. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...left].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= right.length; at += 1) {
      const same = letter === right[at - 1] ? 0 : 1;
      next.push(Math.min((row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (row[at - 1] ?? 0) + same));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
