import { KubeError } from '@kmd/kube-client';
import { badRequest, type Cause, unsorted } from '../errors.js';
import {
  type Json,
  type JsonObject,
  clone,
  drop,
  ensureObject,
  equal,
  isObject,
  textAt,
  objectAt,
} from '../json/tree.js';
import { serve } from '../kinds/conversion.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import { storedKind } from '../kinds/table.js';
import { fillZeros } from '../kinds/zero.js';
import { type Backend, keyOf, stamp } from '../requests/backend.js';
import { createObject } from '../requests/create.js';
import { conform } from '../schema/conform.js';
import { decode, place } from '../requests/decode.js';
import { afterAdmission, dropRepeatedOwners } from '../requests/owners.js';
import type { PatchRequest } from '../requests/patch.js';
import type { NamedTarget } from '../requests/target.js';
import { replaceObject } from '../requests/update.js';
import { type Definition, type Field, type Type, definition, definitionFor } from '../schema/definition.js';
import { type Comparison, type FieldPath, fieldsOf, isInside, keyStep, showPath, stepsOf } from './field-set.js';
import { type Manager, comparer, isStatus, readManagers, writeManagers } from './managers.js';

/**
 * Server-side apply: the configuration's fields become the manager's, fields that it applied before and no longer names go
 * (unless another manager has them), and fields that another manager set to something else are a conflict, or taken by force.
 */
export function applyObject(
  backend: Backend,
  target: NamedTarget,
  subresource: string,
  patch: Json,
  request: PatchRequest,
): { object: JsonObject; created: boolean } {
  const { kind, namespace, name } = target;
  const manager = request.manager ?? '';
  if (manager === '')
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  if (!isObject(patch)) throw badRequest('an apply configuration must be an object');
  const said = textAt(patch, 'kind') ?? '';
  const version = textAt(patch, 'apiVersion') ?? '';
  if (said === '' || version === '')
    throw badRequest(`invalid object type: ${version.includes('/') ? version : `/${version}`}, Kind=${said}`);
  const meta = ensureObject(patch, 'metadata');
  const givenName = textAt(meta, 'name') ?? '';
  if ((textAt(meta, 'name') ?? '') === '') meta['name'] = name;
  const managed = isObject(patch['metadata']) ? patch['metadata']['managedFields'] : undefined;
  if (Array.isArray(managed) && managed.length > 0) throw badRequest('metadata.managedFields must be nil');
  const stored = storedKind(kind);
  const known = definitionFor(stored);
  if (!known) throw badRequest(`${stored.kind} has no schema to apply by`);
  // Managers speak of fields as they sent them: in their version, without what is filled in.
  const sent = definitionFor(kind) ?? known;
  const [strange] = kind.custom ? [] : conform(patch, sent, kind.kind, kind.version).unknown;
  if (strange !== undefined) {
    const said = `${textAt(patch, 'metadata', 'namespace') ?? ''}/${givenName}; ${kind.group}/${kind.version}, Kind=${kind.kind}`;
    throw unsorted(`failed to create typed patch object (${said}): .${strange}: field not declared in schema`);
  }
  // A zero that is applied has to meet what it is to replace.
  const config = decode(patch, target, request, { zeros: true });
  place(config, target);
  restrict(config, stored, subresource);
  const about = clone(patch);
  restrict(about, stored, subresource);
  const fields = fieldsOf(about, sent);
  const old = backend.store.get(stored.store, keyOf(namespace, name));
  const entry: Manager = {
    manager,
    operation: 'Apply',
    apiVersion: groupVersion(kind),
    subresource,
    time: stamp(backend.now()),
    fields,
  };
  if (!old) {
    if (subresource !== '') throw new KubeError(404, 'NotFound', `${stored.plural} "${name}" not found`);
    const record = (object: JsonObject): void => writeManagers(object, [entry]);
    return { object: createObject(backend, target, serve(config, kind), { ...request, record }), created: true };
  }
  const before = readManagers(old);
  if (before.length === 0) before.push(unrecorded(kind, old, subresource, entry.time));
  const own = before.find((other) => isSame(other, entry));
  const others = before.filter((other) => !isSame(other, entry));
  const merged = mergeDefinition(clone(old), config, known);
  removeFields(merged, known, own, entry, others);
  const next = conform(merged, known, stored.kind, stored.version, { custom: stored.custom }).object;
  fillZeros(stored, next);
  const compare = comparer(kind, old, next);
  const taken = conflicts(others, compare);
  if (taken.length > 0 && request.force !== true) throw conflictOf(taken);
  const kept = others.map((other): Manager => {
    const seen = compare(other.apiVersion);
    const lost = (path: FieldPath): boolean => seen?.changed.has(path) === true || seen?.removed.has(path) === true;
    return { ...other, fields: new Set([...other.fields].filter((path) => !lost(path))) };
  });
  // Who applies what is there already leaves no time.
  const comparison = compare(groupVersion(kind));
  const idle = comparison !== undefined && comparison.changed.size + comparison.removed.size === 0;
  writeManagers(next, [{ ...entry, time: idle ? (own?.time ?? '') : entry.time }, ...kept]);
  if (manager === 'kubectl') updateLastApplied(next, patch);
  dropRepeatedOwners(next, request.warnings, afterAdmission);
  ensureObject(next, 'metadata')['resourceVersion'] = textAt(config, 'metadata', 'resourceVersion') ?? '';
  return {
    object: replaceObject(backend, target, subresource, old, next, { ...request, applied: true }),
    created: false,
  };
}

/** What an object that nobody is recorded for has is somebody's from before: of the status or of the rest, as is applied now. */
function unrecorded(kind: Kind, old: JsonObject, subresource: string, time: string): Manager {
  const apiVersion = groupVersion(kind);
  const changed = comparer(kind, undefined, old)(apiVersion)?.changed ?? [];
  const fields = new Set([...changed].filter((path) => isStatus(path) === (subresource === 'status')));
  return { manager: 'before-first-apply', operation: 'Update', apiVersion, subresource, time, fields };
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` remembers of its own follows `kubectl apply --server-side`, so that one may go back. */
function updateLastApplied(next: JsonObject, patch: JsonObject): void {
  const annotations = objectAt(next, 'metadata', 'annotations');
  if (annotations?.[lastApplied] === undefined) return;
  const applied = clone(patch);
  const own = objectAt(applied, 'metadata', 'annotations');
  if (own) drop(own, lastApplied);
  annotations[lastApplied] = `${JSON.stringify(sorted(applied))}\n`;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

const isSame = (a: Manager, b: Manager): boolean =>
  a.operation === 'Apply' && a.manager === b.manager && a.subresource === b.subresource;

/** An apply of the status leaves the rest alone, and any other apply leaves the status alone. */
function restrict(config: JsonObject, kind: Kind, subresource: string): void {
  if (subresource === 'status') {
    for (const key of Object.keys(config)) {
      if (!['kind', 'apiVersion', 'metadata', 'status'].includes(key)) drop(config, key);
    }
  } else if (kind.subresources.some((sub) => sub.name === 'status')) delete config['status'];
}

interface Taken {
  readonly by: Manager;
  readonly paths: readonly FieldPath[];
}

/** Fields of others that this apply would set to something else. */
function conflicts(others: readonly Manager[], compare: (apiVersion: string) => Comparison | undefined): Taken[] {
  return others
    .map((by) => {
      const changed = compare(by.apiVersion)?.changed;
      return { by, paths: [...by.fields].filter((path) => changed?.has(path) === true).sort() };
    })
    .filter(({ paths }) => paths.length > 0);
}

function conflictOf(taken: readonly Taken[]): KubeError {
  const nameOf = ({ manager, apiVersion, operation, subresource }: Manager): string =>
    `"${manager}"${subresource === '' ? '' : ` with subresource "${subresource}"`}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
  const causes: Cause[] = taken.flatMap(({ by, paths }) =>
    paths.map((path) => ({
      reason: 'FieldManagerConflict' as const,
      message: `conflict with ${nameOf(by)}`,
      field: showPath(path),
    })),
  );
  const [first] = causes;
  const said =
    causes.length === 1
      ? `1 conflict: ${first?.message ?? ''}: ${first?.field ?? ''}`
      : `${causes.length} conflicts: ${taken
          .flatMap(({ by, paths }) => [`conflicts with ${nameOf(by)}:`, ...paths.map((path) => `- ${showPath(path)}`)])
          .join('\n')}`;
  return new KubeError(409, 'Conflict', `Apply failed with ${said}`, { details: { causes } });
}

/** The type of what stands under keys of which none is known. */
const valuesOf = (type: Type): Type | undefined =>
  type.form === 'map' ? type.values : type.form === 'any' ? type : undefined;

const below = (type: Type | undefined): Definition | undefined =>
  type?.form === 'definition' ? definition(type.name) : undefined;

function mergeDefinition(
  live: JsonObject,
  config: JsonObject,
  known: Definition | undefined,
  values?: Type,
): JsonObject {
  for (const [key, value] of Object.entries(config)) {
    const field = known?.fields.get(key);
    live[key] = mergeValue(live[key], value, field?.type ?? known?.others ?? values, field);
  }
  return live;
}

function mergeValue(live: Json | undefined, value: Json, type: Type | undefined, field: Field | undefined): Json {
  const next = below(type);
  if (live === undefined || type === undefined || field?.atomic === true || next?.atomic === true) return clone(value);
  if (isObject(value) && isObject(live) && (next !== undefined || type.form === 'map' || type.form === 'any')) {
    return mergeDefinition(live, value, next, valuesOf(type));
  }
  if (!Array.isArray(value) || !Array.isArray(live) || type.form !== 'list') return clone(value);
  if (field?.set === true) return [...live, ...value.filter((item) => !live.some((other) => equal(item, other)))];
  const keys = field?.mapKeys;
  if (!keys) return clone(value);
  const merged = [...live];
  for (const item of value) {
    if (!isObject(item)) continue;
    const step = keyStep(item, keys, type.items);
    const found = merged.findIndex((other) => isObject(other) && keyStep(other, keys, type.items) === step);
    const existing = merged[found];
    if (existing === undefined) merged.push(clone(item));
    else merged[found] = mergeValue(existing, item, type.items, undefined);
  }
  return merged;
}

/** Takes away what this manager applied before and does not apply any more, and nobody else has. */
function removeFields(
  next: JsonObject,
  known: Definition,
  own: Manager | undefined,
  entry: Manager,
  others: readonly Manager[],
): void {
  if (!own) return;
  const all = [...others.flatMap(({ fields }) => [...fields]), ...entry.fields];
  const owned = (path: FieldPath): boolean => all.some((other) => other === path || isInside(other, path));
  const dropped = [...own.fields].filter((path) => !owned(path)).sort();
  for (const path of dropped) removeAt(next, { form: 'definition', name: known.name }, undefined, stepsOf(path));
}

/** Removes what a path leads to. Objects and lists that it empties go too. True when the value it was called on is now empty. */
function removeAt(value: Json | undefined, type: Type, field: Field | undefined, steps: readonly string[]): boolean {
  const [step = '', ...rest] = steps;
  if (step.startsWith('f:') && isObject(value)) {
    const name = step.slice(2);
    const known = below(type);
    const next = known?.fields.get(name);
    const nextType = valuesOf(type) ?? next?.type ?? known?.others;
    if (rest.length === 0) drop(value, name);
    else if (nextType && removeAt(value[name], nextType, next, rest)) drop(value, name);
    return Object.keys(value).length === 0;
  }
  if (!Array.isArray(value) || type.form !== 'list') return false;
  const index = value.findIndex((item) =>
    step.startsWith('v:')
      ? JSON.stringify(item) === step.slice(2)
      : isObject(item) && keyStep(item, field?.mapKeys ?? [], type.items) === step,
  );
  if (index < 0) return false;
  if (rest.length === 0) value.splice(index, 1);
  else removeAt(value[index], type.items, undefined, rest);
  return value.length === 0;
}
