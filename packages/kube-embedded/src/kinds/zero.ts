import { type Json, type JsonObject, clone, isObject } from '../json/tree.js';
import { definitionFor } from '../schema/definition.js';
import { zeroOf as zeroOfDefinition } from '../schema/zero.js';
import type { Kind } from './kind.js';

const known = new WeakMap<Kind, JsonObject>();

/**
 * An object of a stored kind that says nothing. What is in it is there before anybody sets it, so nobody is its manager. Shared: copy before changing.
 */
export function zeroOf(kind: Kind): JsonObject {
  let zero = known.get(kind);
  if (!zero) {
    zero = kind.custom ? {} : { ...zeroOfDefinition(definitionFor(kind)?.name ?? '') };
    delete zero['metadata'];
    known.set(kind, zero);
  }
  return zero;
}

/** Lists that are written even when they hold nothing are kept as `null`: the real server's storage knows no empty list. Changes `object`. */
export function emptyToNull(kind: Kind, object: JsonObject): void {
  const walk = (value: JsonObject, zero: JsonObject): void => {
    for (const [key, wanted] of Object.entries<Json>(zero)) {
      const found = value[key];
      if (wanted === null && Array.isArray(found) && found.length === 0) value[key] = null;
      else if (isObject(found) && isObject(wanted)) walk(found, wanted);
    }
  };
  walk(object, zeroOf(kind));
}

/** Adds what the real server writes although nobody said it. Changes `object`. */
export function fillZeros(kind: Kind, object: JsonObject): void {
  const fill = (value: JsonObject, zero: JsonObject): void => {
    for (const [key, wanted] of Object.entries<Json>(zero)) {
      const found = value[key];
      if (found === undefined) value[key] = clone(wanted);
      else if (isObject(found) && isObject(wanted)) fill(found, wanted);
    }
  };
  fill(object, zeroOf(kind));
}
