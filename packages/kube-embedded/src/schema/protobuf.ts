import { badRequest } from '../errors.js';
import { type Json, type JsonObject, isObject } from '../json/tree.js';
import { type Definition, type Field, type Type, definition, definitionOf } from './definition.js';
import { wireLines } from './wire-lines.js';

/** One field of a message: the JSON field it is, or the message whose fields stand here in JSON. */
type WireField = { readonly name: string } | { readonly inline: string };

let lines: Map<string, string> | undefined;
const messages = new Map<string, ReadonlyMap<number, WireField>>();

function messageOf(name: string): ReadonlyMap<number, WireField> {
  const known = messages.get(name);
  if (known) return known;
  lines ??= new Map(wireLines.split('\n').map((line) => [line.slice(0, Math.max(line.indexOf(' '), 0)), line]));
  const space = name.slice(0, name.lastIndexOf('.'));
  const fields = new Map<number, WireField>();
  for (const part of (lines.get(name) ?? '').split(' ').slice(1)) {
    const [number = '', field = ''] = part.split('=');
    if (field.startsWith('*')) {
      const inline = field.slice(1);
      fields.set(Number(number), { inline: inline.startsWith('.') ? space + inline : inline });
    } else fields.set(Number(number), { name: field });
  }
  messages.set(name, fields);
  return fields;
}

/** Reads a message field by field. Every read past the end is refused. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw malformed('a number does not end');
  }

  take(count: number): Uint8Array {
    if (count < 0 || this.#at + count > this.#bytes.length) throw malformed('a field is longer than its message');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  delimited(): Uint8Array {
    return this.take(Number(this.varint()));
  }

  /** The next field's number and its value: a number for wire types 0 and 1, bytes for 2 and 5. */
  field(): { number: number; value: bigint | Uint8Array } {
    const tag = Number(this.varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        return { number, value: this.varint() };
      case 1:
        return { number, value: this.take(8) };
      case 2:
        return { number, value: this.delimited() };
      case 5:
        return { number, value: this.take(4) };
      default:
        throw malformed(`wire type ${tag & 7} is not known`);
    }
  }
}

const malformed = (why: string) => badRequest(`the object provided is unrecognized: malformed protobuf: ${why}`);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function text(value: bigint | Uint8Array): string {
  if (typeof value === 'bigint') throw malformed('a text is a number');
  try {
    return utf8.decode(value);
  } catch {
    throw malformed('a text is not UTF-8');
  }
}

function bytes(value: bigint | Uint8Array): Uint8Array {
  if (typeof value === 'bigint') throw malformed('a message is a number');
  return value;
}

function parts(value: bigint | Uint8Array): Map<number, bigint | Uint8Array> {
  const reader = new Reader(bytes(value));
  const found = new Map<number, bigint | Uint8Array>();
  while (!reader.done) {
    const { number, value: part } = reader.field();
    found.set(number, part);
  }
  return found;
}

const whole = (value: bigint | Uint8Array | undefined): number => (typeof value === 'bigint' ? Number(value) : 0);

function time(value: bigint | Uint8Array, micro: boolean): Json {
  const found = parts(value);
  if (found.size === 0) return null;
  const nanos = whole(found.get(2));
  const date = new Date(whole(found.get(1)) * 1000);
  if (Number.isNaN(date.getTime())) throw malformed('a time is out of range');
  const seconds = date.toISOString().slice(0, 19);
  return micro ? `${seconds}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${seconds}Z`;
}

function json(value: Uint8Array): Json {
  if (value.length === 0) return null;
  try {
    return JSON.parse(utf8.decode(value));
  } catch {
    throw malformed('an embedded object is not JSON');
  }
}

function decodeValue(value: bigint | Uint8Array, type: Type): Json {
  if (type.form === 'definition') {
    const known = definition(type.name);
    return known ? decodeMessage(bytes(value), known) : null;
  }
  if (type.form !== 'scalar') {
    // A list as the value of a map is wrapped: `repeated … items = 1`.
    const items = type.form === 'list' ? type.items : undefined;
    const reader = new Reader(bytes(value));
    const list: Json[] = [];
    while (!reader.done) {
      const field = reader.field();
      if (items && field.number === 1) list.push(decodeValue(field.value, items));
    }
    return list;
  }
  switch (type.scalar) {
    case 's':
      return text(value);
    case 'y':
      return Buffer.from(bytes(value)).toString('base64');
    case 'i':
    case 'l':
      return whole(value);
    case 'b':
      return value !== 0n;
    case 'n': {
      const raw = bytes(value);
      return new DataView(raw.buffer, raw.byteOffset, raw.byteLength).getFloat64(0, true);
    }
    case 't':
      return time(value, false);
    case 'm':
      return time(value, true);
    case 'q':
      return text(parts(value).get(1) ?? new Uint8Array());
    case 'x': {
      const found = parts(value);
      return whole(found.get(1)) === 0 ? whole(found.get(2)) : text(found.get(3) ?? new Uint8Array());
    }
    case 'o':
      return json(bytes(parts(value).get(1) ?? new Uint8Array()));
  }
}

const isZero = (value: Json): boolean =>
  value === null ||
  value === '' ||
  value === 0 ||
  value === false ||
  (isObject(value) && Object.keys(value).length === 0);

function decodeField(target: JsonObject, field: Field, value: bigint | Uint8Array): void {
  const { type, name } = field;
  if (type.form === 'list') {
    const list = target[name];
    const items: Json[] = Array.isArray(list) ? list : [];
    const scalar = type.items.form === 'scalar' ? type.items.scalar : undefined;
    if (value instanceof Uint8Array && (scalar === 'i' || scalar === 'l')) {
      const reader = new Reader(value);
      while (!reader.done) items.push(Number(reader.varint()));
    } else items.push(decodeValue(value, type.items));
    target[name] = items;
    return;
  }
  if (type.form === 'map') {
    const map = target[name];
    const entries = isObject(map) ? map : {};
    const entry = parts(value);
    const key = text(entry.get(1) ?? new Uint8Array());
    const found = entry.get(2);
    if (key !== '__proto__') entries[key] = found === undefined ? zeroOf(type.values) : decodeValue(found, type.values);
    target[name] = entries;
    return;
  }
  const decoded = decodeValue(value, type);
  // What the sender did not say is written as zero, but for fields that may be absent.
  if (!field.pointer && !field.required && isZero(decoded)) return;
  target[name] = decoded;
}

const zeroOf = (type: Type): Json => (type.form === 'scalar' ? (type.scalar === 'q' ? '0' : '') : {});

function decodeInto(target: JsonObject, message: string, known: Definition, data: Uint8Array): void {
  const wire = messageOf(message);
  const reader = new Reader(data);
  while (!reader.done) {
    const { number, value } = reader.field();
    const at = wire.get(number);
    if (!at) continue;
    if ('inline' in at) {
      decodeInto(target, at.inline, known, bytes(value));
      continue;
    }
    const field = known.fields.get(at.name);
    if (field) decodeField(target, field, value);
  }
}

function decodeMessage(data: Uint8Array, known: Definition): JsonObject {
  const target: JsonObject = {};
  decodeInto(target, known.name, known, data);
  return target;
}

const magic = [0x6b, 0x38, 0x73, 0x00];

/** Whether bytes say that they are an object in Kubernetes' protobuf form. */
export const isProtobuf = (data: Uint8Array): boolean => magic.every((byte, index) => data[index] === byte);

/**
 * An object from Kubernetes' protobuf form: four bytes `k8s\0`, then an envelope with the kind and the message. Throws 400 when
 * the bytes are none, or of a kind that is not served.
 */
export function decodeProtobuf(data: Uint8Array): JsonObject {
  const envelope = parts(data.subarray(4));
  const typeMeta = parts(envelope.get(1) ?? new Uint8Array());
  const apiVersion = text(typeMeta.get(1) ?? new Uint8Array());
  const kind = text(typeMeta.get(2) ?? new Uint8Array());
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const known =
    kind === 'DeleteOptions' ? definition('meta.v1.DeleteOptions') : definitionOf(group ?? '', version ?? '', kind);
  if (!known) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  return { kind, apiVersion, ...decodeMessage(bytes(envelope.get(2) ?? new Uint8Array()), known) };
}
