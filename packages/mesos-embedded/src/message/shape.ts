/** How Mesos' protobuf messages look in JSON, and its converter's own error texts (3rdparty/stout protobuf.hpp). */

/** A `map` is a message of messages under any keys; its inside is not checked. */
export type ScalarKind = 'string' | 'bytes' | 'bool' | 'number' | 'map';

export interface Field {
  readonly kind: ScalarKind | readonly string[] | Shape | (() => Shape);
  readonly required?: true;
  readonly repeated?: true;
  /** The default that Mesos' JSON shows where the field is absent. */
  readonly default?: unknown;
}

/** Field names to fields. Fields that are not named are kept as they came. */
export interface Shape {
  readonly [name: string]: Field;
}

/** A body that is not the message it should be; the text is Mesos' own. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

/**
 * Reads a JSON value as a message of the given shape: wrong kinds are refused, unknown enum names are dropped, and required
 * fields that are missing are listed, all with the texts of the original.
 *
 * @throws {ConversionError}
 */
export function convert(value: unknown, shape: Shape): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new ConversionError('Expecting a JSON object');
  const missing: string[] = [];
  const message = convertMessage(value, shape, '', missing);
  if (missing.length > 0) throw new ConversionError(`Missing required fields: ${missing.join(', ')}`);
  return message;
}

function convertMessage(
  object: Readonly<Record<string, unknown>>,
  shape: Shape,
  path: string,
  missing: string[],
): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  const nestedMissing: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    if (value === null || value === undefined) continue;
    // What every object inherits is no field, whatever it is called.
    if (name === '__proto__') continue;
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (field === undefined) {
      message[name] = value;
      continue;
    }
    const converted = convertField(value, name, field, path, nestedMissing);
    if (converted !== undefined) message[name] = converted;
  }
  for (const [name, field] of Object.entries(shape)) {
    if (field.default !== undefined) message[name] ??= field.default;
    if (field.required === true && message[name] === undefined) missing.push(`${path}${name}`);
  }
  missing.push(...nestedMissing);
  return message;
}

function convertField(value: unknown, name: string, field: Field, path: string, missing: string[]): unknown {
  if (field.repeated === true) {
    if (!Array.isArray(value)) throw unexpected(value, name);
    return value.map((item: unknown, index) =>
      convertValue(item, name, field, `${path}${name}[${String(index)}].`, missing),
    );
  }
  return convertValue(value, name, field, `${path}${name}.`, missing);
}

function convertValue(value: unknown, name: string, field: Field, path: string, missing: string[]): unknown {
  const kind = field.kind;
  if (kind === 'string') {
    if (typeof value !== 'string') throw unexpected(value, name);
    return value;
  }
  if (kind === 'bytes') {
    if (typeof value !== 'string') throw unexpected(value, name);
    checkBase64(value, name);
    return value;
  }
  if (kind === 'bool') {
    if (typeof value !== 'boolean') throw unexpected(value, name);
    return value;
  }
  if (kind === 'number') {
    if (typeof value !== 'number') throw unexpected(value, name);
    return value;
  }
  if (kind === 'map') {
    if (!isObject(value)) throw unexpected(value, name);
    return value;
  }
  if (isEnumeration(kind)) {
    if (typeof value !== 'string') throw unexpected(value, name);
    return kind.includes(value) ? value : undefined;
  }
  if (!isObject(value)) throw unexpected(value, name);
  return convertMessage(value, typeof kind === 'function' ? kind() : kind, path, missing);
}

function isEnumeration(kind: Field['kind']): kind is readonly string[] {
  return Array.isArray(kind);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unexpected(value: unknown, name: string): ConversionError {
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  return new ConversionError(`Not expecting a JSON ${kind} for field '${name}'`);
}

function checkBase64(text: string, name: string): void {
  const bad = /[^A-Za-z0-9+/=\s]/.exec(text);
  if (bad !== null) {
    throw new ConversionError(`Failed to base64 decode bytes field '${name}': Invalid character '${bad[0]}'`);
  }
}
