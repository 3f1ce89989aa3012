import { CelCostExceeded, CelEvaluationError } from '../errors.js';
import { findAll, matches } from '../regexp.js';
import { type Value, isList, isMap, isOpaque, kindOf } from '../value.js';
import { printDouble } from './conversions.js';
import { type Overload, method, global } from './overload.js';
import { printDuration, printTimestamp } from './time.js';

/** Characters that a function may make of ones that are fewer. */
const longest = 10_000_000;

const outside = (index: bigint): CelEvaluationError => new CelEvaluationError(`index out of range: ${index}`);

/** An index into so many characters, the place behind the last one included. */
function within(index: bigint, length: number): number {
  if (index < 0n || index > BigInt(length)) throw outside(index);
  return Number(index);
}

const startsAt = (text: readonly string[], part: readonly string[], at: number): boolean =>
  part.every((letter, index) => text[at + index] === letter);

function indexOf(text: string, part: string, from: bigint): bigint {
  if (part === '') return from;
  if (from < 0n) throw outside(from);
  const [letters, wanted] = [[...text], [...part]];
  for (let at = Number(from); at <= letters.length - wanted.length; at++) {
    if (startsAt(letters, wanted, at)) return BigInt(at);
  }
  return -1n;
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const [letters, wanted] = [[...text], [...part]];
  const start = from ?? BigInt(part === '' ? letters.length : letters.length - 1);
  if (part === '') return start;
  if (start < 0n) throw outside(start);
  if (start >= BigInt(letters.length)) return -1n;
  for (let at = Math.min(Number(start), letters.length - wanted.length); at >= 0; at--) {
    if (startsAt(letters, wanted, at)) return BigInt(at);
  }
  return -1n;
}

function substring(text: string, start: bigint, end?: bigint): string {
  const letters = [...text];
  if (end !== undefined && start > end) {
    throw new CelEvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  }
  return letters
    .slice(within(start, letters.length), end === undefined ? undefined : within(end, letters.length))
    .join('');
}

/** Replaces the first `most` places, all of them below zero. An empty text stands between all characters. */
function replace(text: string, old: string, by: string, most: bigint): string {
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  const count = most < 0n ? parts.length - 1 : Math.min(parts.length - 1, Number(most));
  if (text.length + count * by.length > longest) throw new CelCostExceeded();
  return (
    parts.slice(0, count + 1).join(by) +
    parts
      .slice(count + 1)
      .map((part) => old + part)
      .join('')
  );
}

function split(text: string, by: string, most: bigint): string[] {
  if (most === 0n) return [];
  const parts = by === '' ? [...text] : text.split(by);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  const kept = Number(most) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(by)];
}

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** `%s` of a value. */
function print(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return printDouble(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (isList(value)) return `[${value.map(print).join(', ')}]`;
  if (isMap(value)) {
    const entries = [...value].map(([key, item]) => `${print(key)}: ${print(item)}`);
    return `{${entries.toSorted().join(', ')}}`;
  }
  if (!isOpaque(value)) return String(value);
  if (value.type === 'timestamp') return printTimestamp(value.value);
  if (value.type === 'duration') return printDuration(value.value);
  return String(value.value);
}

const wrong = (verb: string, value: Value): CelEvaluationError =>
  new CelEvaluationError(`error during formatting: ${verb} clause cannot be given a value of type ${kindOf(value)}`);

function printAs(verb: string, places: number, value: Value): string {
  const number = typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
  const whole = isOpaque(value) && value.type === 'uint' ? value.value : typeof value === 'bigint' ? value : undefined;
  switch (verb) {
    case 's':
      return print(value);
    case 'd':
      if (whole === undefined) throw wrong('decimal', value);
      return String(whole);
    case 'f':
      if (number === undefined) throw wrong('fixed-point', value);
      return Number(number).toFixed(places);
    case 'e':
      if (number === undefined) throw wrong('scientific', value);
      return Number(number)
        .toExponential(places)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (whole === undefined) throw wrong('binary', value);
      return whole.toString(2);
    case 'o':
      if (whole === undefined) throw wrong('octal', value);
      return whole.toString(8);
    case 'x':
    case 'X': {
      const bytes =
        typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? Buffer.from(value) : undefined;
      const text = bytes?.toString('hex') ?? whole?.toString(16);
      if (text === undefined) throw wrong('hex', value);
      return verb === 'x' ? text : text.toUpperCase();
    }
    default:
      throw new CelEvaluationError(`could not parse formatting clause: unrecognized formatting clause "${verb}"`);
  }
}

function format(text: string, values: readonly Value[]): string {
  let next = 0;
  return text.replace(
    /%(?:%|(?:\.(\d{1,2}))?(.?))/gs,
    (whole: string, places: string | undefined, verb: string | undefined) => {
      if (whole === '%%') return '%';
      const value = values[next];
      if (value === undefined) throw new CelEvaluationError(`index ${next} out of range`);
      next += 1;
      if (verb === undefined || verb === '') throw new CelEvaluationError('unexpected end of string');
      return printAs(verb, places === undefined ? 6 : Number(places), value);
    },
  );
}

const length = (text: string): bigint => BigInt([...text].length);

/** Texts: those of CEL itself, of cel-go's extension (version 2), and regular expressions. */
export const strings: readonly Overload[] = [
  global('size', ['string'], 'int', length),
  method('size', ['string'], 'int', length),
  global('size', ['bytes'], 'int', (bytes) => BigInt(bytes.length)),
  method('size', ['bytes'], 'int', (bytes) => BigInt(bytes.length)),
  method('startsWith', ['string', 'string'], 'bool', (text, part) => text.startsWith(part)),
  method('endsWith', ['string', 'string'], 'bool', (text, part) => text.endsWith(part)),
  method('contains', ['string', 'string'], 'bool', (text, part) => text.includes(part)),
  method('matches', ['string', 'string'], 'bool', matches),
  global('matches', ['string', 'string'], 'bool', matches),
  method('find', ['string', 'string'], 'string', (text, pattern) => findAll(text, pattern, 1)[0] ?? ''),
  method('findAll', ['string', 'string'], 'list<string>', (text, pattern) => findAll(text, pattern, Infinity)),
  method('findAll', ['string', 'string', 'int'], 'list<string>', (text, pattern, most) =>
    findAll(text, pattern, most < 0n ? Infinity : Number(most)),
  ),
  method('charAt', ['string', 'int'], 'string', (text, at) => {
    const letters = [...text];
    return letters[within(at, letters.length)] ?? '';
  }),
  method('indexOf', ['string', 'string'], 'int', (text, part) => indexOf(text, part, 0n)),
  method('indexOf', ['string', 'string', 'int'], 'int', indexOf),
  method('lastIndexOf', ['string', 'string'], 'int', (text, part) => lastIndexOf(text, part)),
  method('lastIndexOf', ['string', 'string', 'int'], 'int', lastIndexOf),
  method('substring', ['string', 'int'], 'string', (text, start) => substring(text, start)),
  method('substring', ['string', 'int', 'int'], 'string', substring),
  method('lowerAscii', ['string'], 'string', (text) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase())),
  method('upperAscii', ['string'], 'string', (text) => text.replace(/[a-z]+/g, (part) => part.toUpperCase())),
  method('trim', ['string'], 'string', (text) => text.trim()),
  method('replace', ['string', 'string', 'string'], 'string', (text, old, by) => replace(text, old, by, -1n)),
  method('replace', ['string', 'string', 'string', 'int'], 'string', replace),
  method('split', ['string', 'string'], 'list<string>', (text, by) => split(text, by, -1n)),
  method('split', ['string', 'string', 'int'], 'list<string>', split),
  method('join', ['list<string>'], 'string', (parts) => parts.join('')),
  method('join', ['list<string>', 'string'], 'string', (parts, by) => {
    if (parts.length * by.length > longest) throw new CelCostExceeded();
    return parts.join(by);
  }),
  method('format', ['string', 'list<dyn>'], 'string', format),
  global('strings.quote', ['string'], 'string', (text) => {
    const inner = [...text.toWellFormed()].map((letter) => escapes[letter] ?? letter);
    return `"${inner.join('')}"`;
  }),
];
