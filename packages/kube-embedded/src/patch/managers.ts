import { type Json, type JsonObject, ensureObject, equal, isObject, listAt, textAt } from '../json/tree.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { type Backend, stamp } from '../requests/backend.js';
import { definitionFor } from '../schema/definition.js';
import { type FieldPath, fieldsOf, readFields, writeFields } from './field-set.js';

/** One entry of `metadata.managedFields`. */
export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string;
  readonly fields: ReadonlySet<FieldPath>;
}

export function readManagers(object: JsonObject | undefined): Manager[] {
  return listAt(object, 'metadata', 'managedFields')
    .filter(isObject)
    .map((entry) => ({
      manager: textAt(entry, 'manager') ?? '',
      operation: textAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
      apiVersion: textAt(entry, 'apiVersion') ?? '',
      subresource: textAt(entry, 'subresource') ?? '',
      time: textAt(entry, 'time') ?? '',
      fields: readFields(entry['fieldsV1']),
    }));
}

export function writeManagers(object: JsonObject, managers: readonly Manager[]): void {
  const metadata = ensureObject(object, 'metadata');
  const entries = managers
    .filter((entry) => entry.fields.size > 0)
    .map((entry): Json => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(entry.time === '' ? {} : { time: entry.time }),
      fieldsType: 'FieldsV1',
      fieldsV1: writeFields(entry.fields),
      ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
    }));
  if (entries.length === 0) delete metadata['managedFields'];
  else metadata['managedFields'] = entries;
}

const same = (entry: Manager, manager: string, operation: string, apiVersion: string, subresource: string): boolean =>
  entry.manager === manager &&
  entry.operation === operation &&
  entry.apiVersion === apiVersion &&
  entry.subresource === subresource;

/**
 * Records a create, an update or a patch in `managedFields`: what it changed is its manager's from now on and nobody else's.
 * A write without a manager (a part of this process) takes fields from their managers and is not recorded itself.
 */
export function recordUpdate(
  backend: Backend,
  kind: Kind,
  old: JsonObject | undefined,
  next: JsonObject,
  manager: string | undefined,
  subresource: string,
): void {
  const before = readManagers(next);
  if (manager === undefined && before.length === 0) return;
  const known = definitionFor(kind);
  // Events are written once and thrown away: the real server tracks them too, at a cost nobody here has a use for.
  if (!known || kind.store === 'events') return;
  const was: ReadonlyMap<FieldPath, Json> = old ? fieldsOf(old, known) : new Map<FieldPath, Json>();
  const is = fieldsOf(next, known);
  const changed = new Set<FieldPath>();
  for (const [path, value] of is) {
    // Only a status request manages the status, only others the rest; what the server defaulted there is nobody's.
    if (subresource === '' && path.startsWith('f:status') && kind.subresources.some((sub) => sub.name === 'status'))
      continue;
    if (!equal(was.get(path), value)) changed.add(path);
  }
  const gone = [...was.keys()].filter((path) => !is.has(path));
  if (changed.size === 0 && gone.length === 0) return;
  const version = groupVersion(kind);
  const kept: Manager[] = before.map((entry) => {
    const own = manager !== undefined && same(entry, manager, 'Update', version, subresource);
    const fields = new Set(entry.fields);
    for (const path of gone) fields.delete(path);
    if (own) return { ...entry, time: stamp(backend.now()), fields: new Set([...fields, ...changed]) };
    for (const path of changed) fields.delete(path);
    return { ...entry, fields };
  });
  if (
    manager !== undefined &&
    changed.size > 0 &&
    !before.some((entry) => same(entry, manager, 'Update', version, subresource))
  ) {
    kept.push({
      manager,
      operation: 'Update',
      apiVersion: version,
      subresource,
      time: stamp(backend.now()),
      fields: changed,
    });
  }
  writeManagers(next, kept);
}
