import { type JsonObject, isObject, listAt, objectAt } from '../json/tree.js';

/** A schema below another: that of a field, of items, of an alternative. */
export interface SchemaPart {
  readonly schema: JsonObject;
  /** Behind the path of the schema it is in. */
  readonly path: string;
  /** Whether it describes a value inside the value, or says more of the value itself. */
  readonly inside: boolean;
}

/** The schemas right below a schema. */
export function partsOf(schema: JsonObject): SchemaPart[] {
  const parts: SchemaPart[] = [];
  const add = (below: unknown, path: string, inside: boolean): void => {
    if (isObject(below)) parts.push({ schema: below, path, inside });
  };
  for (const [key, below] of Object.entries(objectAt(schema, 'properties') ?? {}))
    add(below, `.properties[${key}]`, true);
  for (const key of ['additionalProperties', 'items']) add(schema[key], `.${key}`, true);
  add(schema['not'], '.not', false);
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    listAt(schema, key).forEach((below, index) => add(below, `.${key}[${index}]`, false));
  }
  return parts;
}
