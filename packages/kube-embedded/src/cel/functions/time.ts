import { CelEvaluationError, noOverload } from '../errors.js';
import type { Value } from '../value.js';
import { type Overload, global, method } from './overload.js';

const second = 1_000_000_000n;
/** Years 1 to 9999, in seconds since 1970. */
const [earliest, latest] = [-62_135_596_800n * second, 253_402_300_800n * second];

export function withinTime(type: 'timestamp' | 'duration', value: bigint): Value {
  const fits = type === 'timestamp' ? value >= earliest && value < latest : value >= -(2n ** 63n) && value < 2n ** 63n;
  if (!fits) throw new CelEvaluationError(`${type} overflow`);
  return { type, value };
}

const instant = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads RFC 3339. Undefined when it is none. */
export function readTimestamp(text: string): Value | undefined {
  const found = instant.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, sec, fraction = '', zone = 'Z'] = found;
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${sec}${zone.toUpperCase()}`;
  const milliseconds = Date.parse(whole);
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(milliseconds) || Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  const nanos = BigInt(fraction.slice(1).padEnd(9, '0').slice(0, 9));
  return { type: 'timestamp', value: BigInt(milliseconds) * 1_000_000n + nanos };
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
};

/** Reads a duration as Go does: `1h30m`, `-1.5s`. Undefined when it is none. */
export function readDuration(text: string): Value | undefined {
  if (/^[+-]?0$/.test(text)) return { type: 'duration', value: 0n };
  if (!/^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return undefined;
  let nanos = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const factor = units[unit] ?? 1n;
    const part = fraction.slice(0, 18);
    nanos += BigInt(whole === '' ? '0' : whole) * factor;
    nanos += (BigInt(part === '' ? '0' : part) * factor) / 10n ** BigInt(part.length);
  }
  if (nanos > 2n ** 63n - 1n) return undefined;
  return { type: 'duration', value: text.startsWith('-') ? -nanos : nanos };
}

const divide = (value: bigint, by: bigint): bigint => (value - (((value % by) + by) % by)) / by;

export function printTimestamp(value: bigint): string {
  const seconds = divide(value, second);
  const nanos = value - seconds * second;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`}Z`;
}

export function printDuration(value: bigint): string {
  const size = value < 0n ? -value : value;
  const nanos = size % second;
  const fraction = nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${value < 0n ? '-' : ''}${size / second}${fraction}s`;
}

/** The instant as the clocks of a zone show it, in a date whose UTC fields are theirs. */
function shown(value: bigint, zone: string): Date {
  const date = new Date(Number(divide(value, 1_000_000n)));
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (offset) {
    const [, sign, hours, minutes] = offset;
    const shift = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return new Date(date.getTime() + (sign === '-' ? -shift : shift));
  }
  if (zone === 'UTC' || zone === '') return date;
  try {
    const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
      date,
    );
    return new Date(`${text.replace(' ', 'T')}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`);
  } catch (error) {
    throw new CelEvaluationError(`unknown time zone ${zone}`, { cause: error });
  }
}

const yearStart = (date: Date): number => Date.UTC(date.getUTCFullYear(), 0, 1);

const fields: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: (date) => Math.floor((date.getTime() - yearStart(date)) / 86_400_000),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const parts: Readonly<Record<string, bigint>> = {
  getHours: 3600n * second,
  getMinutes: 60n * second,
  getSeconds: second,
  getMilliseconds: 1_000_000n,
};

const read = (value: Value | undefined): Value => {
  if (value === undefined) throw noOverload();
  return value;
};

/** Instants and durations. */
export const times: readonly Overload[] = [
  global('timestamp', ['string'], 'timestamp', (text) => read(readTimestamp(text))),
  global('timestamp', ['int'], 'timestamp', (seconds) => withinTime('timestamp', seconds * second)),
  global('timestamp', ['timestamp'], 'timestamp', (value) => value),
  global('duration', ['string'], 'duration', (text) => read(readDuration(text))),
  global('duration', ['duration'], 'duration', (value) => value),
  ...Object.entries(fields).flatMap(([name, field]) => [
    method(name, ['timestamp'], 'int', ({ value }) => BigInt(field(shown(value, 'UTC')))),
    method(name, ['timestamp', 'string'], 'int', ({ value }, zone) => BigInt(field(shown(value, zone)))),
  ]),
  ...Object.entries(parts).map(([name, unit]) =>
    // Of a duration milliseconds are those beyond its seconds, and all else is the whole of it.
    method(name, ['duration'], 'int', ({ value }) =>
      name === 'getMilliseconds' ? (value / unit) % 1000n : value / unit,
    ),
  ),
];
