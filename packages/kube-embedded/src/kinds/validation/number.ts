import { goIntOrString } from '../../json/go.js';
import type { Cause } from '../../errors.js';
import { type Json, at } from '../../json/tree.js';
import { invalidShown, invalidValue } from './field.js';

/** Fields below `path` that must not be negative, as far as they are there. */
export function notNegative(value: Json | undefined, path: string, ...fields: readonly string[]): Cause[] {
  return fields.flatMap((field) => {
    const found = at(value, ...field.split('.'));
    return typeof found === 'number' && found < 0
      ? [invalidValue(`${path}.${field}`, found, 'must be greater than or equal to 0')]
      : [];
  });
}

const percentage =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number that is not negative, or a percentage. */
export function numberOrPercent(value: Json | undefined, field: string): Cause[] {
  if (typeof value === 'number' && value < 0) return [invalidValue(field, value, 'must be greater than or equal to 0')];
  if (typeof value === 'string' && !/^[0-9]+%$/.test(value))
    return [invalidShown(field, goIntOrString(value), percentage)];
  return [];
}

/** A percentage above 100 is refused as well. */
export function atMostAll(value: Json | undefined, field: string): Cause[] {
  const found = typeof value === 'string' ? /^([0-9]+)%$/.exec(value)?.[1] : undefined;
  return found !== undefined && Number(found) > 100
    ? [invalidShown(field, goIntOrString(value), 'must not be greater than 100%')]
    : [];
}

export const isZero = (value: Json | undefined): boolean => value === 0 || value === '0%';
