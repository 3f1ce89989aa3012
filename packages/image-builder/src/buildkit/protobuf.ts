/*
 * As much of Protocol Buffers as BuildKit's messages need: fields that are numbers, texts, bytes and messages.
 */

/** Fields of a message, by number; those of fixed width are passed over. */
export type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

function readVarint(bytes: Uint8Array, start: number): { value: bigint; next: number } {
  let value = 0n;
  for (let at = start, shift = 0n; shift < 70n; at += 1, shift += 7n) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: at + 1 };
  }
  throw new RangeError('a message of the engine is cut off');
}

/** @throws RangeError for a message that is cut off or of no known form */
export function readFields(bytes: Uint8Array): Fields {
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const [number, form] = [Number(tag.value >> 3n), Number(tag.value & 7n)];
    at = tag.next;
    let value: bigint | Uint8Array | undefined;
    if (form === 0) ({ value, next: at } = readVarint(bytes, at));
    else if (form === 2) {
      const length = readVarint(bytes, at);
      at = length.next + Number(length.value);
      if (at > bytes.length) throw new RangeError('a message of the engine is cut off');
      value = bytes.subarray(length.next, at);
    } else if (form === 1) at += 8;
    else if (form === 5) at += 4;
    else throw new RangeError(`a message of the engine has a field of form ${form}`);
    if (value !== undefined) fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

export function bytesIn(fields: Fields, number: number): Uint8Array | undefined {
  const value = fields.get(number)?.at(-1);
  return typeof value === 'bigint' ? undefined : value;
}

const decoder = new TextDecoder();

/** A text that is not there is an empty one, by the rules of the format. */
export function textIn(fields: Fields, number: number): string {
  return decoder.decode(bytesIn(fields, number));
}

export function messagesIn(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).flatMap((value) => (typeof value === 'bigint' ? [] : [readFields(value)]));
}

/** A number that is not there is 0, by the rules of the format. */
export function numberIn(fields: Fields, number: number): number {
  const value = fields.get(number)?.at(-1);
  return typeof value === 'bigint' ? Number(value) : 0;
}

function printVarint(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

/** One field that holds bytes, a text or a message. */
export function printField(number: number, value: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.from([...printVarint(number * 8 + 2), ...printVarint(value.length)]), value]);
}

/** One field that holds a number. */
export function printNumber(number: number, value: number | bigint): Uint8Array {
  return Uint8Array.from([...printVarint(number * 8), ...printVarint(value)]);
}
