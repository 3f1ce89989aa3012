import { badRequest } from '../errors.js';
import { type Json, type JsonObject, clone, drop, equal, isObject, listAt } from '../json/tree.js';
import { type Definition, type Field, type Type, definition } from '../schema/definition.js';

const order = '$setElementOrder/';
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

function mergeFields(target: JsonObject, patch: JsonObject, known: Definition | undefined, values?: Type): JsonObject {
  const directive = patch['$patch'];
  if (directive === 'replace') {
    const replaced = clone(patch);
    delete replaced['$patch'];
    return replaced;
  }
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw badRequest(`Unknown patch type: ${String(directive)}`);
  }
  const merged = { ...target };
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const key of Object.keys(merged)) if (!retained.includes(key)) drop(merged, key);
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key === '__proto__' || key.startsWith(order)) continue;
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
    const name = key.startsWith(order) ? key.slice(order.length) : undefined;
    if (name === undefined || patch[name] !== undefined || !Array.isArray(merged[name])) continue;
    merged[name] = sortAs(merged[name], listAt(patch, key), known?.fields.get(name)?.mergeKey);
  }
  return merged;
}

function mergeLists(current: readonly Json[], patch: readonly Json[], field: Field, parent: JsonObject): Json[] {
  const wanted = parent[order + field.name];
  if (field.mergeKey === true) {
    const gone = listAt(parent, deletions + field.name);
    const kept = current.filter((item) => !gone.some((other) => equal(item, other)));
    const merged = [...kept, ...patch.filter((item) => !kept.some((other) => equal(item, other)))];
    return Array.isArray(wanted) ? sortAs(merged, wanted, true) : merged;
  }
  const key = field.mergeKey ?? '';
  const known = below(itemsOf(field));
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) {
    return patch.filter((item) => !isObject(item) || item['$patch'] === undefined);
  }
  let merged = [...current];
  for (const item of patch) {
    if (!isObject(item)) throw badRequest(`a list that merges by ${key} must hold objects`);
    const value = item[key];
    if (value === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
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
  return Array.isArray(wanted) ? sortAs(merged, wanted, key) : merged;
}

/**
 * Sorts a list as `$setElementOrder` asks. Items that it does not name keep their place relative to the one before them.
 */
function sortAs(list: readonly Json[], wanted: readonly Json[], mergeKey: string | true | undefined): Json[] {
  const idOf = (item: Json): Json => (typeof mergeKey === 'string' && isObject(item) ? (item[mergeKey] ?? null) : item);
  const rank = (item: Json): number => wanted.findIndex((other) => equal(idOf(other), idOf(item)));
  const named = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const result: Json[] = [];
  let next = 0;
  for (const item of list) {
    if (rank(item) < 0) result.push(item);
    else {
      const following = named[next++];
      if (following !== undefined) result.push(following);
    }
  }
  return result;
}

/** Kubernetes' strategic merge patch: like a merge patch, but lists merge by the keys that their definition names. */
export function strategicMergePatch(target: JsonObject, patch: Json, known: Definition): JsonObject {
  if (!isObject(patch)) throw badRequest('a strategic merge patch must be an object');
  return clone(mergeFields(target, patch, known));
}
