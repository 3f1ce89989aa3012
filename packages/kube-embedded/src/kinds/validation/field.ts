import type { Cause } from '../../errors.js';
import { goQuoted } from '../../json/go.js';
import type { Json } from '../../json/tree.js';

const show = (value: Json | undefined): string =>
  typeof value === 'string' ? goQuoted(value) : JSON.stringify(value ?? null);

export const required = (field: string, why = ''): Cause => ({
  reason: 'FieldValueRequired',
  field,
  message: why === '' ? 'Required value' : `Required value: ${why}`,
});

export const invalidValue = (field: string, value: Json | undefined, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${show(value)}: ${why}`,
});

export const unsupported = (field: string, value: Json | undefined, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${show(value)}: supported values: ${supported.map((item) => `"${item}"`).join(', ')}`,
});

export const duplicate = (field: string, value: Json | undefined): Cause => ({
  reason: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${show(value)}`,
});

export const forbiddenField = (field: string, why: string): Cause => ({
  reason: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${why}`,
});

export const tooLong = (field: string, limit: number): Cause => ({
  reason: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${limit} bytes`,
});

/** A value that the real server shows as Go prints it. */
export const invalidShown = (field: string, shown: string, why: string): Cause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${shown}: ${why}`,
});

export const unsupportedShown = (field: string, shown: string, supported: readonly string[]): Cause => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${shown}: supported values: ${supported.map((item) => `"${item}"`).join(', ')}`,
});

export const missing = (field: string, value: Json | undefined): Cause => ({
  reason: 'FieldValueNotFound',
  field,
  message: `Not found: ${show(value)}`,
});
