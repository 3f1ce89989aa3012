import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { messageType, type Field, type MessageType } from './schema.js';

/** A value that its field cannot hold. `path` says where in the message. */
export class UnencodableError extends TypeError {
  override readonly name = 'UnencodableError';
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/**
 * A message in protobuf's wire format, fields by ascending number, from the object that JSON would carry: enums by name, bytes in Base64,
 * 64-bit integers as number, bigint or decimal text. Throws `UnencodableError`.
 */
export function encodeMessage(message: string, value: object): Uint8Array {
  const writer = new BinaryWriter();
  writeMessage(writer, messageType(message), value, '');
  return writer.finish();
}

function writeMessage(writer: BinaryWriter, type: MessageType, value: object, path: string): void {
  for (const field of type.fields) {
    const item: unknown = Reflect.get(value, field.name);
    if (item === undefined || item === null) continue;
    const place = path + field.name;
    if (field.shape === 'list') {
      if (!Array.isArray(item)) throw new UnencodableError(place, 'it must be a list');
      item.forEach((element, index) => writeField(writer, field, element, `${place}[${index}]`));
    } else if (field.shape === 'map') {
      writeMap(writer, field, asObject(item, place), place);
    } else {
      writeField(writer, field, item, place);
    }
  }
}

/** A map is a list of messages with the fields key = 1 and value = 2. */
function writeMap(writer: BinaryWriter, field: Field, map: object, place: string): void {
  for (const [key, value] of Object.entries(map)) {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(key);
    writeField(writer, { ...field, number: 2 }, value, `${place}.${key}`);
    writer.join();
  }
}

function writeField(writer: BinaryWriter, { number, kind }: Field, value: unknown, place: string): void {
  if (kind.is === 'message') {
    writer.tag(number, WireType.LengthDelimited).fork();
    writeMessage(writer, kind.type, asObject(value, place), `${place}.`);
    writer.join();
    return;
  }
  if (kind.is === 'enum') {
    const code = typeof value === 'string' ? kind.type.numbers.get(value) : undefined;
    if (code === undefined) {
      const known = [...kind.type.numbers.keys()].join(', ');
      throw new UnencodableError(place, `it holds ${show(value)}; known are ${known}`);
    }
    writer.tag(number, WireType.Varint).int32(code);
    return;
  }
  switch (kind.type) {
    case 'string':
      if (typeof value !== 'string') throw mismatch(place, value, 'a text');
      writer.tag(number, WireType.LengthDelimited).string(value);
      return;
    case 'bytes':
      if (typeof value !== 'string') throw mismatch(place, value, 'bytes in Base64');
      writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(value, 'base64'));
      return;
    case 'bool':
      if (typeof value !== 'boolean') throw mismatch(place, value, 'true or false');
      writer.tag(number, WireType.Varint).bool(value);
      return;
    case 'double':
      if (typeof value !== 'number') throw mismatch(place, value, 'a number');
      writer.tag(number, WireType.Bit64).double(value);
      return;
    case 'int32':
    case 'uint32':
      if (!isWithin(value, kind.type === 'int32' ? -(2 ** 31) : 0, kind.type === 'int32' ? 2 ** 31 - 1 : 2 ** 32 - 1))
        throw mismatch(place, value, `an integer (${kind.type})`);
      writer.tag(number, WireType.Varint)[kind.type](value);
      return;
    case 'int64':
    case 'uint64':
      writer.tag(number, WireType.Varint)[kind.type](toBigInt(value, kind.type, place));
  }
}

function asObject(value: unknown, place: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw mismatch(place, value, 'an object');
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function toBigInt(value: unknown, type: 'int64' | 'uint64', place: string): bigint {
  const isNumber =
    typeof value === 'bigint' ||
    (typeof value === 'number' && Number.isInteger(value)) ||
    (typeof value === 'string' && /^-?\d{1,20}$/.test(value));
  if (!isNumber) throw mismatch(place, value, `an integer (${type})`);
  const integer = BigInt(value);
  const fits = type === 'int64' ? BigInt.asIntN(64, integer) : BigInt.asUintN(64, integer);
  if (fits !== integer) throw mismatch(place, value, `an integer of 64 bits (${type})`);
  return integer;
}

function mismatch(place: string, value: unknown, wanted: string): UnencodableError {
  return new UnencodableError(place, `it holds ${show(value)} instead of ${wanted}`);
}

function show(value: unknown): string {
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? typeof value).slice(0, 80);
}
