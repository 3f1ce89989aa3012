import { type Json, type JsonObject, clone, drop, isObject } from '../json/tree.js';

/** RFC 7386: objects merge key by key, null deletes, anything else replaces. Changes nothing it is given. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return clone(patch);
  const merged: JsonObject = isObject(target) ? clone(target) : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue;
    if (value === null) drop(merged, key);
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
