import type { Codec } from './codec.js';

/** Sixteen digits in a row: the least that an integer beyond 2^53 has. */
const LONG = /\d{16}/;

/** Integers above 2^53 become the nearest number. */
export const jsonCodec: Codec = {
  mediaType: 'application/json',
  encode: (_, value) => printJson(value),
  decode: (_, bytes) => JSON.parse(textOf(bytes)) as unknown,
};

/** Integers that a number cannot hold become bigints. */
export const exactJsonCodec: Codec = { ...jsonCodec, decode: (_, bytes) => parseExactJson(textOf(bytes)) };

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
