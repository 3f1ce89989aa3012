import { InvalidArgumentError } from 'commander';
import { readWholeNumber } from '../number.js';

export function wholeNumber(text: string): number {
  const number = readWholeNumber(text);
  if (number === undefined) throw new InvalidArgumentError('It must be a whole number.');
  return number;
}

/** Milliseconds of `90s`, `5m`, `1h` or plain seconds. */
export function duration(text: string): number {
  const match = /^(\d{1,9}(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const milliseconds = Number(match?.[1]) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000);
  if (!match || !(milliseconds > 0)) throw new InvalidArgumentError('It must be a duration such as 90s or 5m.');
  return milliseconds;
}

/** Words with commas between. */
export const list = (text: string): string[] => text.split(',').map((word) => word.trim());

/** `127.0.0.1:10251`, `[::1]:10251`. */
export function hostAndPort(text: string): { host: string; port: number } {
  const [, ipv6, host = ipv6, port] = /^(?:\[([\da-f:.]+)\]|([^:\s]+)):(\d{1,5})$/i.exec(text) ?? [];
  if (host === undefined || !(Number(port) <= 65_535)) throw new InvalidArgumentError('It must be HOST:PORT.');
  return { host, port: Number(port) };
}
