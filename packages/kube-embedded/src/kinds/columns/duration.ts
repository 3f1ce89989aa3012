/** A duration as kubectl shows ages: two units while they matter, then one. `milliseconds` may be fractional. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return two(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  if (days < 365 * 8) return two(years, 'y', days % 365, 'd');
  return `${years}y`;
}

const two = (high: number, unit: string, low: number, lowUnit: string): string =>
  low === 0 ? `${high}${unit}` : `${high}${unit}${low}${lowUnit}`;

/** How long ago a time was, `<unknown>` without one. */
export function ageOf(time: string | undefined, now: Date): string {
  const then = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(then) ? '<unknown>' : humanDuration(now.getTime() - then);
}
