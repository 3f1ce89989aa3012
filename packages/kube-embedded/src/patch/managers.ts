import { type Json, type JsonObject, ensureObject, isObject, listAt, textAt } from '../json/tree.js';
import { serve } from '../kinds/conversion.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { findKind, storedKind } from '../kinds/table.js';
import { zeroOf } from '../kinds/zero.js';
import { type Backend, stamp } from '../requests/backend.js';
import { definitionFor } from '../schema/definition.js';
import {
  type Comparison,
  type FieldPath,
  compareFields,
  isInside,
  pathOf,
  readFields,
  writeFields,
} from './field-set.js';

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

/** Those who apply before those who update, then by time, then by name. */
function inOrder(a: Manager, b: Manager): number {
  const rank = ({ operation, time, manager, apiVersion, subresource }: Manager): readonly string[] => [
    operation,
    time,
    manager,
    apiVersion,
    subresource,
  ];
  const others = rank(b);
  for (const [index, text] of rank(a).entries()) {
    const other = others[index] ?? '';
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

export function writeManagers(object: JsonObject, managers: readonly Manager[]): void {
  const metadata = ensureObject(object, 'metadata');
  const entries = managers
    .filter((entry) => entry.fields.size > 0)
    .sort(inOrder)
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

const same = (a: Manager, b: Omit<Manager, 'fields' | 'time'>): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  // Who applies is one manager in all versions.
  (a.operation === 'Apply' || a.apiVersion === b.apiVersion);

/** What changed between two stored forms of an object, as it looks in each version that managers speak of. */
export function comparer(
  kind: Kind,
  old: JsonObject | undefined,
  next: JsonObject,
): (apiVersion: string) => Comparison | undefined {
  const known = new Map<string, Comparison | undefined>();
  const compare = (apiVersion: string): Comparison | undefined => {
    const view = viewOf(kind, apiVersion);
    const definition = view && definitionFor(view);
    if (!view || !definition) return undefined;
    const before = serve(old ?? zeroOf(storedKind(kind)), view);
    return compareFields(before, serve(next, view), definition);
  };
  return (apiVersion) => {
    if (!known.has(apiVersion)) known.set(apiVersion, compare(apiVersion));
    return known.get(apiVersion);
  };
}

/** A stored object's kind in another version, if it is served so. */
function viewOf(kind: Kind, apiVersion: string): Kind | undefined {
  if (groupVersion(kind) === apiVersion || kind.custom) return kind;
  const parts = apiVersion.split('/');
  return findKind(parts.length === 1 ? '' : (parts[0] ?? ''), parts.at(-1) ?? '', kind.plural);
}

const replicas = pathOf(['f:spec', 'f:replicas']);

/** Kinds of which the real server fails to record who manages them. */
const unrecorded: ReadonlySet<string> = new Set(['certificatesigningrequests.certificates.k8s.io']);

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
  if (unrecorded.has(kind.store)) return;
  const before = readManagers(next);
  // Who scales is only told where somebody is told to have set the number.
  if (subresource === 'scale' && !before.some(({ fields }) => fields.has(replicas))) return;
  // What nobody was recorded for when it was made stays so.
  if (before.length === 0 && (manager === undefined || old !== undefined)) return;
  const compare = comparer(kind, old, next);
  // Who scales leaves no time.
  const time = subresource === 'scale' ? '' : stamp(backend.now());
  const version = groupVersion(kind);
  const comparison = compare(version);
  if (!comparison) return;
  // Only a status request manages the status, only others the rest.
  const hasStatus = kind.subresources.some((sub) => sub.name === 'status');
  const ofStatus = subresource === 'status' || subresource === 'approval';
  const own = (path: FieldPath): boolean => !hasStatus || ofStatus || !isStatus(path);
  const changed = [...comparison.changed].filter(own);
  const self = { manager: manager ?? '', operation: 'Update', apiVersion: version, subresource } as const;
  const kept = before.map((entry): Manager => {
    const seen = compare(entry.apiVersion);
    if (!seen) return entry;
    const fields = new Set([...entry.fields].filter((path) => !seen.removed.has(path)));
    if (manager !== undefined && same(entry, self)) {
      if (changed.length === 0) return { ...entry, fields };
      return { ...entry, time, fields: new Set([...fields, ...changed]) };
    }
    for (const path of seen.changed) if (own(path)) fields.delete(path);
    return { ...entry, fields };
  });
  if (manager !== undefined && changed.length > 0 && !before.some((entry) => same(entry, self))) {
    kept.push({ ...self, time, fields: new Set(changed) });
  }
  writeManagers(next, kept);
}

/** Whether a path leads to the status or into it. */
export const isStatus = (path: FieldPath): boolean => path === 'f:status' || isInside(path, 'f:status');
