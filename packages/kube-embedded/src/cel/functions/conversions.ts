import { CelEvaluationError, noOverload } from '../errors.js';
import { fitsInt } from '../tokens.js';
import { int, unsigned } from './operators.js';
import { type Overload, global } from './overload.js';
import { printDuration, printTimestamp } from './time.js';

const second = 1_000_000_000n;

function readInteger(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text))
    throw new CelEvaluationError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = BigInt(text.replace('+', ''));
  if (!fitsInt(value))
    throw new CelEvaluationError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  return value;
}

function readDouble(text: string): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    throw new CelEvaluationError(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text);
}

/** As Go's `%g` of the shortest form: an exponent from 21 digits on, of two digits at least. */
export const printDouble = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e21) ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
};

function whole(value: number): bigint {
  const cut = Math.trunc(value);
  if (!(cut > -(2 ** 63) && cut < 2 ** 63)) throw new CelEvaluationError('integer overflow');
  return BigInt(cut);
}

const booleans: Readonly<Record<string, boolean>> = {
  '1': true,
  t: true,
  T: true,
  TRUE: true,
  true: true,
  True: true,
  '0': false,
  f: false,
  F: false,
  FALSE: false,
  false: false,
  False: false,
};

export const conversions: readonly Overload[] = [
  global('int', ['int'], 'int', (value) => value),
  global('int', ['uint'], 'int', ({ value }) => int(value)),
  global('int', ['double'], 'int', whole),
  global('int', ['string'], 'int', readInteger),
  global('int', ['timestamp'], 'int', ({ value }) => value / second),
  global('int', ['duration'], 'int', ({ value }) => value),
  global('uint', ['uint'], 'uint', (value) => value),
  global('uint', ['int'], 'uint', unsigned),
  global('uint', ['double'], 'uint', (value) => unsigned(whole(value))),
  global('uint', ['string'], 'uint', (text) => unsigned(readInteger(text))),
  global('double', ['double'], 'double', (value) => value),
  global('double', ['int'], 'double', Number),
  global('double', ['uint'], 'double', ({ value }) => Number(value)),
  global('double', ['string'], 'double', readDouble),
  global('string', ['string'], 'string', (value) => value),
  global('string', ['bool'], 'string', String),
  global('string', ['int'], 'string', String),
  global('string', ['uint'], 'string', ({ value }) => String(value)),
  global('string', ['double'], 'string', printDouble),
  global('string', ['bytes'], 'string', (value) => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
    } catch (error) {
      throw new CelEvaluationError('invalid UTF-8 in bytes, cannot convert to string', { cause: error });
    }
  }),
  global('string', ['timestamp'], 'string', ({ value }) => printTimestamp(value)),
  global('string', ['duration'], 'string', ({ value }) => printDuration(value)),
  global('bytes', ['bytes'], 'bytes', (value) => value),
  global('bytes', ['string'], 'bytes', (text) => new TextEncoder().encode(text)),
  global('bool', ['bool'], 'bool', (value) => value),
  global('bool', ['string'], 'bool', (text) => {
    const value = booleans[text];
    if (value === undefined) throw noOverload();
    return value;
  }),
];
