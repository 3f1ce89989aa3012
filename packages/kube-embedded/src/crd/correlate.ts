import { type Json, type JsonObject, isObject, listAt, textAt } from '../json/tree.js';

/** Finds what an item of a list was before. Only lists that are maps have items that can be told from one another. */
export function correlate(list: JsonObject, old: readonly Json[]): (item: Json) => Json | undefined {
  if (textAt(list, 'x-kubernetes-list-type') !== 'map') return () => undefined;
  const keys = listAt(list, 'x-kubernetes-list-map-keys').filter((key) => typeof key === 'string');
  const identity = (item: Json): string =>
    JSON.stringify(keys.map((key) => (isObject(item) ? (item[key] ?? null) : null)));
  const known = new Map(old.map((item) => [identity(item), item]));
  return (item) => known.get(identity(item));
}
