import { parseArgs } from 'node:util';

/** What the command line says. */
export interface SoakOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Milliseconds between two faults, on average. */
  readonly gap: number;
  /** Kinds of processes that are hit. */
  readonly only: readonly string[];
  /** Folder for everything; a temporary one when absent. */
  readonly folder: string | undefined;
  /** Keep the folder although all went well. */
  readonly keep: boolean;
  /** Print the faults and end. */
  readonly plan: boolean;
}

export const usageOf = (command: string, kinds: readonly string[]): string =>
  `Usage: npm run ${command} -- [--seconds 60] [--seed 1] [--gap 1000] [--only ${kinds.join()}] [--folder DIR] [--keep] [--plan]`;

/** Throws an Error that says what is wrong. */
export function parseOptions(argv: readonly string[], kinds: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      gap: { type: 'string', default: '1000' },
      only: { type: 'string', default: kinds.join() },
      folder: { type: 'string' },
      keep: { type: 'boolean', default: false },
      plan: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',');
  const strange = only.find((kind) => !kinds.includes(kind));
  if (strange !== undefined) throw new Error(`--only: ${JSON.stringify(strange)} is none of ${kinds.join(', ')}`);
  return {
    seconds: number('seconds', values.seconds),
    seed: number('seed', values.seed),
    gap: number('gap', values.gap),
    only,
    folder: values.folder,
    keep: values.keep,
    plan: values.plan,
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0)
    throw new Error(`--${name}: ${JSON.stringify(text)} is no whole number`);
  return value;
}
