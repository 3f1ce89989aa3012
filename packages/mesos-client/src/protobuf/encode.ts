import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { messageType, type Field, type MessageType } from '../schema/message-type.js';
import { integerOf, misfitOf } from '../schema/misfit.js';

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
  const misfit = misfitOf(kind, value);
  if (misfit !== undefined) throw new UnencodableError(place, misfit);
  if (kind.is === 'message') {
    writer.tag(number, WireType.LengthDelimited).fork();
    writeMessage(writer, kind.type, asObject(value, place), `${place}.`);
    writer.join();
    return;
  }
  if (kind.is === 'enum') {
    writer.tag(number, WireType.Varint).int32(kind.type.numbers.get(String(value)) ?? 0);
    return;
  }
  switch (kind.type) {
    case 'string':
      writer.tag(number, WireType.LengthDelimited).string(String(value));
      return;
    case 'bytes':
      writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(String(value), 'base64'));
      return;
    case 'bool':
      writer.tag(number, WireType.Varint).bool(value === true);
      return;
    case 'double':
      writer.tag(number, WireType.Bit64).double(Number(value));
      return;
    case 'int32':
    case 'uint32':
      writer.tag(number, WireType.Varint)[kind.type](Number(value));
      return;
    case 'int64':
    case 'uint64':
      writer.tag(number, WireType.Varint)[kind.type](integerOf(value) ?? 0n);
  }
}

function asObject(value: unknown, place: string): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UnencodableError(place, 'it must be an object');
}
