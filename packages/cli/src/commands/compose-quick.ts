import { readWholeNumber } from '../number.js';
import type { Streams } from '../streams.js';
import {
  type ComposeCommand,
  composeCommands,
  type ComposeOption,
  type Flags,
  projectOptions,
} from './compose-commands.js';

/** An option by one of its spellings: a switch, or one with a value. */
interface Spelled {
  readonly key: string;
  /** Of a switch. */
  readonly means?: boolean;
  /** With what it was given before; `undefined` for a value that the program shall complain of, or reads itself. */
  readonly read?: (text: string, before: unknown) => unknown;
}

const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function readerOf([flags, , value]: ComposeOption): NonNullable<Spelled['read']> {
  if (typeof value === 'object') return (text) => (value.includes(text) ? text : undefined);
  if (value === 'number') return readWholeNumber;
  if (value === 'texts') return (text, before = []) => [...(before as readonly string[]), text];
  return (text) => (value === undefined && flags.endsWith('>') ? text : undefined);
}

function spell(options: readonly ComposeOption[]): { spelled: Map<string, Spelled>; defaults: Flags } {
  const spelled = new Map<string, Spelled>();
  const defaults: Record<string, unknown> = {};
  for (const option of options) {
    const [, short, no, name = '', takes] = /^(?:(-\w), )?--(no-)?([a-z-]+)( .*)?$/.exec(option[0]) ?? [];
    const key = camelCase(name);
    const one: Spelled = takes === undefined ? { key, means: no === undefined } : { key, read: readerOf(option) };
    for (const word of [short, `--${no ?? ''}${name}`]) if (word !== undefined) spelled.set(word, one);
    if (no !== undefined) defaults[key] = true;
  }
  return { spelled, defaults };
}

export interface QuickRequest {
  readonly command: string;
  readonly services: readonly string[];
  readonly flags: Flags;
}

/** What a command line of `kmd compose` asks for; `undefined` for help, mistakes and rare spellings, which the program itself reads. */
export function readQuickly(args: readonly string[]): QuickRequest | undefined {
  let command: ComposeCommand | undefined;
  let { spelled, defaults } = spell(projectOptions);
  const services: string[] = [];
  const given: Record<string, unknown> = {};
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-')) {
      if (command?.takesServices === true) services.push(word);
      else if (command !== undefined) return undefined;
      else {
        command = composeCommands.find(({ name }) => name === word);
        if (command === undefined) return undefined;
        ({ spelled, defaults } = spell([...projectOptions, ...command.options]));
      }
      continue;
    }
    const option = spelled.get(word);
    if (option === undefined) return undefined;
    let value: unknown = option.means;
    if (option.read !== undefined) {
      const text = args[(at += 1)];
      if (text === undefined || (text.startsWith('-') && text !== '-')) return undefined;
      value = option.read(text, given[option.key]);
      if (value === undefined) return undefined;
    }
    given[option.key] = value;
  }
  return command && { command: command.name, services, flags: { ...defaults, ...given } };
}

/**
 * Runs a command of `kmd compose` without the option library, whose loading takes as long as reading a small project.
 * @returns its exit code, or `undefined` when the program shall read the command line
 */
export async function runComposeQuickly(args: readonly string[], streams: Streams): Promise<number | undefined> {
  const request = readQuickly(args);
  return composeCommands
    .find(({ name }) => name === request?.command)
    ?.run(request?.services ?? [], request?.flags ?? {}, streams);
}
