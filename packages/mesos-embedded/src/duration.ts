const units: readonly (readonly [name: string, milliseconds: number])[] = [
  ['weeks', 7 * 24 * 60 * 60 * 1000],
  ['days', 24 * 60 * 60 * 1000],
  ['hrs', 60 * 60 * 1000],
  ['mins', 60 * 1000],
  ['secs', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
];

/** A duration as stout writes it: the largest unit that divides it, `5secs`, `1mins`, `1500ms`. */
export function printDuration(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6);
  if (nanoseconds === 0) return '0ns';
  for (const [name, size] of units) {
    const unit = Math.round(size * 1e6);
    if (nanoseconds % unit === 0) return `${String(nanoseconds / unit)}${name}`;
  }
  return `${String(nanoseconds)}ns`;
}

/** Reads `5secs`, `1.5mins`, `100ms` … into milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text.trim());
  const size = units.find(([name]) => name === match?.[2])?.[1];
  return match?.[1] === undefined || size === undefined ? undefined : Number(match[1]) * size;
}
