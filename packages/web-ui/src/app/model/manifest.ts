import { parse, stringify } from 'yaml';
import type { KubeObject } from '../data/collection.js';

/** An object as YAML, without what no person writes or reads. */
export function print(object: KubeObject): string {
  const metadata = { ...object.metadata };
  delete metadata.managedFields;
  const { apiVersion, kind, ...rest } = object;
  return stringify({ apiVersion, kind, ...rest, metadata }, { lineWidth: 0 });
}

/** Reads what somebody has written. Throws an `Error` with a sentence about what is wrong. */
export function read(text: string): object {
  const value: unknown = parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('this is no object: it needs apiVersion, kind and metadata');
  return value;
}
