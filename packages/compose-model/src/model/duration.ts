/** Milliseconds of each unit; a day has 24 hours. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** 2^63 nanoseconds, 292 years, in milliseconds. */
const longest = 2 ** 63 / 1e6;

/**
 * Reads a duration such as `1m30s`, `500ms`, `1.5h`, `2d`.
 * @returns milliseconds, or what is wrong with the text
 */
export function parseDuration(text: string): number | string {
  const quoted = JSON.stringify(text);
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return 0;
  if (unsigned === '') return `time: invalid duration ${quoted}`;
  let total = 0;
  let rest = unsigned;
  while (rest !== '') {
    const part = /^([0-9]+\.?[0-9]*|\.[0-9]+)([^0-9.]*)/.exec(rest);
    const [whole = '', amount = '', unit = ''] = part ?? [];
    if (part === null) return `time: invalid duration ${quoted}`;
    if (unit === '') return `time: missing unit in duration ${quoted}`;
    const scale = units[unit];
    if (scale === undefined) return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    // Nanoseconds are the least: parts of them are dropped.
    total += unit === 'ns' ? Math.trunc(Number(amount)) * scale : Number(amount) * scale;
    rest = rest.slice(whole.length);
  }
  if (total > longest) return `time: invalid duration ${quoted}`;
  return text.startsWith('-') ? -total : total;
}

/** Prints milliseconds the way Go does: `1m30s`, `500ms`, `1h0m0s`, `0s`. */
export function printDuration(milliseconds: number): string {
  const nanoseconds = Math.round(Math.abs(milliseconds) * 1e6);
  if (nanoseconds === 0) return '0s';
  const sign = milliseconds < 0 ? '-' : '';
  if (nanoseconds < 1e3) return `${sign}${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${sign}${nanoseconds / 1e3}µs`;
  if (nanoseconds < 1e9) return `${sign}${nanoseconds / 1e6}ms`;
  const hours = Math.floor(nanoseconds / 3.6e12);
  const minutes = Math.floor((nanoseconds % 3.6e12) / 6e10);
  const seconds = (nanoseconds % 6e10) / 1e9;
  const tail = `${seconds.toFixed(9).replace(/\.?0+$/, '')}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${sign}${minutes}m${tail}` : `${sign}${tail}`;
}
