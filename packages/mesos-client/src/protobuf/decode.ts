import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { messageType, type Field, type MessageType, type ScalarType } from '../schema/message-type.js';

/** Bytes that are no such message. */
export class UndecodableError extends TypeError {
  override readonly name = 'UndecodableError';
}

/** Messages within messages: real ones are 15 deep at most, a hostile one could exhaust the stack. */
const MAX_DEPTH = 64;

const WIRE_TYPES: Readonly<Record<ScalarType, WireType>> = {
  double: WireType.Bit64,
  int32: WireType.Varint,
  uint32: WireType.Varint,
  int64: WireType.Varint,
  uint64: WireType.Varint,
  bool: WireType.Varint,
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
};

type Decoded = Record<string, unknown>;

/**
 * The object that JSON gives for the same message: enums by name, bytes in Base64, declared defaults filled in as Mesos' JSON does.
 * An unset enum is absent, never its zero value, and so is a value that this package does not know. 64-bit integers are numbers while
 * those are exact, else bigints. Unknown fields are skipped. Throws `UndecodableError`, also for a missing required field.
 */
export function decodeMessage(message: string, bytes: Uint8Array): Decoded {
  try {
    return readMessage(new BinaryReader(bytes), messageType(message), bytes.length, {}, 0);
  } catch (error) {
    if (error instanceof UndecodableError) throw error;
    // The reader throws RangeError and Error for truncated or malformed bytes.
    throw new UndecodableError(`${message}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function readMessage(reader: BinaryReader, type: MessageType, end: number, target: Decoded, depth: number): Decoded {
  if (depth > MAX_DEPTH) throw new UndecodableError(`${type.name}: messages are nested more than ${MAX_DEPTH} deep`);
  while (reader.pos < end) {
    const [number, wire] = reader.tag();
    const field = type.byNumber.get(number);
    if (field) readField(reader, field, wire, target, type, depth);
    else reader.skip(wire, number);
  }
  if (reader.pos !== end) throw new UndecodableError(`${type.name}: a field reaches over the end of the message`);
  for (const field of type.fields) {
    if (field.required && target[field.name] === undefined)
      throw new UndecodableError(`${type.name}: required field ${field.name} is missing`);
  }
  for (const [name, value] of type.defaults) if (target[name] === undefined) target[name] = value;
  return target;
}

function readField(
  reader: BinaryReader,
  field: Field,
  wire: WireType,
  target: Decoded,
  type: MessageType,
  depth: number,
): void {
  if (field.shape === 'map') {
    readEntry(reader, field, wire, target, type, depth);
    return;
  }
  const expected = wireTypeOf(field);
  if (field.shape === 'one') {
    if (wire !== expected) throw mismatch(type, field, wire);
    const value = readValue(reader, field, target[field.name], depth);
    if (value !== undefined) target[field.name] = value;
    return;
  }
  const list = listOf(target, field.name);
  if (wire === expected) push(list, readValue(reader, field, undefined, depth));
  else if (wire === WireType.LengthDelimited) {
    // Packed: Mesos writes none, the format allows it.
    const end = endOf(reader, type);
    while (reader.pos < end) push(list, readValue(reader, field, undefined, depth));
    if (reader.pos !== end) throw mismatch(type, field, wire);
  } else throw mismatch(type, field, wire);
}

function readEntry(
  reader: BinaryReader,
  field: Field,
  wire: WireType,
  target: Decoded,
  type: MessageType,
  depth: number,
): void {
  if (wire !== WireType.LengthDelimited) throw mismatch(type, field, wire);
  const end = endOf(reader, type);
  let key = '';
  let value: unknown;
  while (reader.pos < end) {
    const [number, entryWire] = reader.tag();
    if (number === 1 && entryWire === WireType.LengthDelimited) key = reader.string();
    else if (number === 2 && entryWire === wireTypeOf(field)) value = readValue(reader, field, value, depth);
    else reader.skip(entryWire, number);
  }
  if (reader.pos !== end) throw mismatch(type, field, wire);
  const map = (target[field.name] ??= {});
  value ??= field.kind.is === 'message' ? {} : '';
  // Not by assignment: `__proto__` is a key like any other.
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function readValue(reader: BinaryReader, { kind }: Field, previous: unknown, depth: number): unknown {
  if (kind.is === 'message') {
    const end = endOf(reader, kind.type);
    // A message that comes twice is merged.
    return readMessage(reader, kind.type, end, isObject(previous) ? previous : {}, depth + 1);
  }
  if (kind.is === 'enum') return kind.type.names.get(reader.int32());
  switch (kind.type) {
    case 'string':
      return reader.string();
    case 'double':
      return reader.double();
    case 'bool':
      return reader.bool();
    case 'int32':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'int64':
      return toNumber(reader.int64());
    case 'uint64':
      return toNumber(reader.uint64());
    case 'bytes': {
      const bytes = reader.bytes();
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    }
  }
}

function endOf(reader: BinaryReader, type: MessageType): number {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new UndecodableError(`${type.name}: the bytes end inside a field`);
  return end;
}

function wireTypeOf({ kind }: Field): WireType {
  if (kind.is === 'message') return WireType.LengthDelimited;
  return kind.is === 'enum' ? WireType.Varint : WIRE_TYPES[kind.type];
}

function toNumber(integer: bigint | string): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : BigInt(integer);
}

function listOf(target: Decoded, name: string): unknown[] {
  const known = target[name];
  if (Array.isArray(known)) return known;
  const list: unknown[] = [];
  target[name] = list;
  return list;
}

function push(list: unknown[], value: unknown): void {
  if (value !== undefined) list.push(value);
}

function isObject(value: unknown): value is Decoded {
  return typeof value === 'object' && value !== null;
}

function mismatch(type: MessageType, field: Field, wire: WireType): UndecodableError {
  return new UndecodableError(`${type.name}: field ${field.name} has wire type ${wire}`);
}
