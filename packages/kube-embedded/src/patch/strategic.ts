import { badRequest, unsorted } from '../errors.js';
import { goPlain } from '../json/go.js';
import { type Json, type JsonObject, clone, drop, equal, isObject, listAt } from '../json/tree.js';
import { type Definition, type Field, type Type, definition } from '../schema/definition.js';

const orders = '$setElementOrder/';
const deletions = '$deleteFromPrimitiveList/';

const below = (type: Type | undefined): Definition | undefined =>
  type?.form === 'definition' ? definition(type.name) : undefined;

const itemsOf = (field: Field | undefined): Type | undefined =>
  field?.type.form === 'list' ? field.type.items : undefined;

/** A value of a patch that meets nothing in the object: its directives are carried out on emptiness. */
function settle(value: Json, type: Type | undefined, field: Field | undefined): Json {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isObject(item) || item['$patch'] === undefined || item['$patch'] === 'merge')
      .map((item) => settle(item, itemsOf(field), undefined));
  }
  if (!isObject(value)) return value;
  return mergeFields({}, value, below(type), type?.form === 'map' ? type.values : undefined);
}

const goTypeOf = (value: Json): string =>
  value === null
    ? '%!s(<nil>)'
    : isObject(value)
      ? 'map[string]interface {}'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'int64'
            : 'float64'
          : 'string';

function mergeFields(target: JsonObject, patch: JsonObject, known: Definition | undefined, values?: Type): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'replace') {
    const replaced = clone(patch);
    delete replaced['$patch'];
    return replaced;
  }
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw unsorted(`unknown patch type: ${String(directive)} in map: ${goPlain(patch)}`);
  }
  const merged = { ...target };
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(merged)) if (!retained.includes(key)) drop(merged, key);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder') && !Array.isArray(value)) {
      throw unsorted(`expected a []interface {}, but received a ${goTypeOf(value)}`);
    }
    if (key === '$patch' || key === '$retainKeys' || key === '__proto__' || key.startsWith(orders)) continue;
    if (key.startsWith(deletions)) {
      const name = key.slice(deletions.length);
      const gone = Array.isArray(value) ? value : [];
      if (merged[name] !== undefined && patch[name] === undefined) {
        merged[name] = listAt(merged, name).filter((item) => !gone.some((other) => equal(item, other)));
      }
      continue;
    }
    if (value === null) {
      drop(merged, key);
      continue;
    }
    const field = known?.fields.get(key);
    const type = field?.type ?? values;
    const current = merged[key];
    if (current === undefined || current === null) merged[key] = settle(value, type, field);
    else if (isObject(value) && isObject(current)) {
      merged[key] = mergeFields(current, value, below(type), type?.form === 'map' ? type.values : undefined);
    } else if (Array.isArray(value) && Array.isArray(current) && field?.mergeKey !== undefined) {
      merged[key] = mergeLists(current, value, field, patch);
    } else merged[key] = settle(value, type, field);
  }
  for (const key of Object.keys(patch)) {
    // An order alone, without a change of the list, sorts what is there.
    const name = key.startsWith(orders) ? key.slice(orders.length) : undefined;
    if (name === undefined || patch[name] !== undefined || !Array.isArray(merged[name])) continue;
    const mergeKey = known?.fields.get(name)?.mergeKey;
    const idOf = (item: Json): Json =>
      typeof mergeKey === 'string' && isObject(item) ? (item[mergeKey] ?? null) : item;
    merged[name] = order(merged[name], merged[name], [], listAt(patch, key), idOf);
  }
  return merged;
}

function mergeLists(current: readonly Json[], patch: readonly Json[], field: Field, parent: JsonObject): Json[] {
  const wanted = parent[orders + field.name];
  if (field.mergeKey === true) {
    const gone = listAt(parent, deletions + field.name);
    const kept = current.filter((item) => !gone.some((other) => equal(item, other)));
    const merged = [...kept, ...patch.filter((item) => !kept.some((other) => equal(item, other)))];
    return order(merged, current, patch, Array.isArray(wanted) ? wanted : undefined, (item) => item);
  }
  const key = field.mergeKey ?? '';
  const known = below(itemsOf(field));
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !isObject(item) || item['$patch'] === undefined);
  }
  let merged = [...current];
  for (const item of patch) {
    if (!isObject(item)) throw unsorted(`list element types are not identical: ${goPlain([[...current], [...patch]])}`);
    const value = item[key];
    if (value === undefined) throw unsorted(`map: ${goPlain(item)} does not contain declared merge key: ${key}`);
    const matches = (other: Json): boolean => isObject(other) && equal(other[key], value);
    if (item['$patch'] === 'delete') {
      merged = merged.filter((other) => !matches(other));
      continue;
    }
    const found = merged.findIndex(matches);
    const existing = merged[found];
    if (isObject(existing)) merged[found] = mergeFields(existing, item, known);
    else merged.push(settle(item, itemsOf(field), undefined));
  }
  const idOf = (item: Json): Json => (isObject(item) ? (item[key] ?? null) : item);
  return order(merged, current, patch, Array.isArray(wanted) ? wanted : undefined, idOf);
}

/**
 * The order of a merged list: what the patch speaks of stands as the patch has it (or as `$setElementOrder` asks), the rest as it stood before; an
 * item of the rest goes first only where both stood before, and it stood before the other.
 */
function order(
  merged: readonly Json[],
  before: readonly Json[],
  patch: readonly Json[],
  wanted: readonly Json[] | undefined,
  idOf: (item: Json) => Json,
): Json[] {
  const placeIn = (list: readonly Json[], item: Json): number =>
    list.findIndex((other) => equal(idOf(other), idOf(item)));
  const by = wanted ?? patch;
  const named = merged.filter((item) => placeIn(by, item) >= 0).sort((a, b) => placeIn(by, a) - placeIn(by, b));
  const rest = merged.filter((item) => placeIn(by, item) < 0).sort((a, b) => placeIn(before, a) - placeIn(before, b));
  const result: Json[] = [];
  while (named.length > 0 || rest.length > 0) {
    const [left] = rest;
    const [right] = named;
    const stood = (item: Json | undefined): number => (item === undefined ? -1 : placeIn(before, item));
    const first = right === undefined || (left !== undefined && stood(right) >= 0 && stood(left) < stood(right));
    const taken = first ? rest.shift() : named.shift();
    if (taken !== undefined) result.push(taken);
  }
  return result;
}

/** Kubernetes' strategic merge patch: like a merge patch, but lists merge by the keys that their definition names. */
export function strategicMergePatch(target: JsonObject, patch: Json, known: Definition): JsonObject {
  if (!isObject(patch)) throw badRequest('a strategic merge patch must be an object');
  return clone(mergeFields(target, patch, known));
}

/** A patch as the real server leaves it when it has carried it out, and shows it: without its directives of order, and without the lists that they are of. */
export function carriedOut(patch: Json): Json {
  if (!isObject(patch)) return patch;
  const kept = Object.entries(patch).filter(
    ([key]) => !key.startsWith(orders) && key !== '$retainKeys' && patch[orders + key] === undefined,
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, carriedOut(value)]));
}
