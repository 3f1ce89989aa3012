import { MesosSyntaxError } from './errors.js';

/** Milliseconds by unit, longest first (3rdparty/stout/include/stout/duration.hpp). */
const UNITS = {
  weeks: 604_800_000,
  days: 86_400_000,
  hrs: 3_600_000,
  mins: 60_000,
  secs: 1_000,
  ms: 1,
  us: 1e-3,
  ns: 1e-6,
} as const;

const ADVICE = `write a number and a unit: ${Object.keys(UNITS).reverse().join(', ')}`;

/** Reads a duration as Mesos writes it, `5secs` or `1.5hrs`, into milliseconds. Throws `MesosSyntaxError`. */
export function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^\s*(-?\d+(?:\.\d+)?)([a-z]+)\s*$/.exec(text) ?? [];
  const factor = Object.entries(UNITS).find(([name]) => name === unit)?.[1];
  if (factor === undefined) {
    throw new MesosSyntaxError(
      'duration',
      text,
      number.length,
      unit === '' ? 'no unit' : `unknown unit "${unit}"`,
      ADVICE,
    );
  }
  return Number(number) * factor;
}

/** Writes milliseconds as Mesos does, in the largest unit that is not below one: `5secs`, `1.5hrs`. */
export function printDuration(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  for (const [unit, factor] of Object.entries(UNITS)) {
    if (size >= factor) return `${milliseconds / factor}${unit}`;
  }
  return '0ns';
}
