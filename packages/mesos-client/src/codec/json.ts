import type { Codec } from './codec.js';

/** Sixteen digits in a row: the least that an integer beyond 2^53 has. */
const LONG = /\d{16}/;

/** Integers above 2^53 become the nearest number. */
export const jsonCodec: Codec = {
  mediaType: 'application/json',
  encode: (_, value) => printJson(value),
  decode: (_, bytes) => parseFromMesos(textOf(bytes), (text) => JSON.parse(text) as unknown),
};

/** Integers that a number cannot hold become bigints. */
export const exactJsonCodec: Codec = {
  ...jsonCodec,
  decode: (_, bytes) => parseFromMesos(textOf(bytes), parseExactJson),
};

/**
 * `JSON.parse` that gives integers beyond ±(2^53 - 1) as bigint. Texts without a long number cost what `JSON.parse` costs.
 *
 * ```ts
 * parseExactJson('{"nanoseconds":1700000000000000001}'); // { nanoseconds: 1700000000000000001n }
 * ```
 */
export function parseExactJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text) as unknown;
  return JSON.parse(text, reviveInteger) as unknown;
}

/** `JSON.stringify` that prints bigints as the numbers they are, and Infinity as the text "Infinity", as Mesos reads both. */
export function printJson(value: object): string {
  try {
    const text = JSON.stringify(value);
    // An infinite number has become null.
    return text.includes('null') ? JSON.stringify(value, replaceNumber) : text;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, replaceNumber);
  }
}

function replaceNumber(_key: string, item: unknown): unknown {
  if (typeof item === 'bigint') return rawJson(item.toString());
  return item === Infinity || item === -Infinity ? String(item) : item;
}

/**
 * Mesos writes an unlimited amount (TaskInfo.limits) as `Infinity` without quotes, which is no JSON (stout's jsonify.hpp sets RapidJSON's
 * kWriteNanAndInfFlag).
 */
function parseFromMesos(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    const mended = text.replace(NUMBER_OR_STRING, (token) => NO_JSON[token] ?? token);
    if (mended === text) throw error;
    return parse(mended);
  }
}

/** Strings are passed over as a whole, so that what stands in them stays. */
const NUMBER_OR_STRING = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
const NO_JSON: Readonly<Record<string, string>> = { Infinity: '1e999', '-Infinity': '-1e999', NaN: 'null' };

function reviveInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** In every Node this package runs on; not yet in the compiler's library. */
function rawJson(text: string): unknown {
  const make: unknown = Reflect.get(JSON, 'rawJSON');
  return typeof make === 'function' ? Reflect.apply(make, JSON, [text]) : Number(text);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
