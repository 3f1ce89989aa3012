import { InvalidArgumentError } from 'commander';

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** Milliseconds of `90s`, `5m`, `1h` or plain seconds. */
export function duration(text: string): number {
  const match = /^(\d{1,9}(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const milliseconds = Number(match?.[1]) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000);
  if (!match || !(milliseconds > 0)) throw new InvalidArgumentError('It must be a duration such as 90s or 5m.');
  return milliseconds;
}
