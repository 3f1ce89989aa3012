import { addTolerations } from '../admission/admit.js';
import { checkEscalation } from '../auth/escalation.js';
import { checkSigner } from '../auth/signers.js';
import { conflict, invalid, methodNotAllowed, modified, notFound } from '../errors.js';
import {
  type JsonObject,
  clone,
  drop,
  ensureObject,
  equal,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
} from '../json/tree.js';
import { serve } from '../kinds/conversion.js';
import { applyDefaults } from '../kinds/defaults/index.js';
import { type Kind } from '../kinds/kind.js';
import { storedKind } from '../kinds/table.js';
import { type Strategy, strategyOf } from '../kinds/strategy.js';
import { emptyToNull } from '../kinds/zero.js';
import { invalidShown, invalidValue } from '../kinds/validation/field.js';
import { warningsOfChange } from '../kinds/warnings/index.js';
import { identityCauses, validateMetadata, validateMetadataUpdate } from '../kinds/validation/metadata.js';
import { recordUpdate } from '../patch/managers.js';
import { qualityOfService } from '../pods/quality.js';
import { admitQuota, chargeQuotas } from '../quota/admit.js';
import { allocateService } from '../services/allocate.js';
import { type Backend, type WriteRequest, keyOf, stamp } from './backend.js';
import { createObject } from './create.js';
import { decode, place } from './decode.js';
import { dropRepeatedOwners } from './owners.js';
import { type NamedTarget, type Target, named } from './target.js';

/** Metadata that only the server writes. */
const kept = ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'selfLink'];

/** PUT of an object, of its `status`, or of a namespace's `finalize`. Returns it frozen, in its served form. */
export function updateObject(
  backend: Backend,
  target: Target,
  subresource: string,
  received: unknown,
  request: WriteRequest,
): { object: JsonObject; created: boolean } {
  if (!target.kind.verbs.includes('update')) throw methodNotAllowed();
  const object = decode(received, target, request);
  place(object, target);
  dropRepeatedOwners(object, request.warnings);
  const at = named(target);
  const old = backend.store.get(at.kind.store, keyOf(at.namespace, at.name));
  if (!old) {
    if (subresource !== '' || !madeByUpdate.has(storedKind(at.kind).store)) throw notFound(at.kind, at.name);
    return {
      object: createObject(backend, { kind: at.kind, namespace: at.namespace }, received, request),
      created: true,
    };
  }
  checkUid(at, old, object);
  checkVersion(at, object);
  return { object: replaceObject(backend, at, subresource, old, object, request), created: false };
}

/** The last part of every change to an object that exists: `next` (the caller's own copy, in its stored form) takes the place of `old`. */
export function replaceObject(
  backend: Backend,
  target: NamedTarget,
  subresource: string,
  old: JsonObject,
  next: JsonObject,
  request: WriteRequest & { applied?: true; scale?: true },
): JsonObject {
  const kind = storedKind(target.kind);
  const { namespace, name } = target;
  checkIdentity(target.kind, name, old, next);
  if (kind.store === 'pods' && subresource === '') addTolerations(next);
  if (subresource === '') checkEscalation(backend, kind, next, old, request.user);
  const identity = identityCauses(target.kind, old, next);
  const prepared = prepare(kind, subresource, old, next, stamp(backend.now()), (object) => {
    if (request.applied === true) return;
    recordUpdate(backend, target.kind, old, object, request.manager, request.scale === true ? 'scale' : subresource);
  });
  const metadata = ensureObject(prepared, 'metadata');
  const strategy = strategyOf(target.kind);

  const rules: Readonly<Record<string, Strategy['validateUpdate']>> = {
    '': strategy.validateUpdate,
    status: strategy.validateStatus,
    approval: strategy.validateApproval,
  };
  const causes = [
    ...identity,
    ...validateMetadata(target.kind, prepared),
    ...validateMetadataUpdate(target.kind, old, prepared),
    ...(rules[subresource]?.(prepared, old, (text) => void request.warnings?.push(text)) ?? []),
    ...(subresource === 'resize' && qualityOfService(prepared) !== textAt(old, 'status', 'qosClass')
      ? [
          invalidValue(
            'spec',
            textAt(old, 'status', 'qosClass') ?? '',
            'Pod QOS Class may not change as a result of resizing',
          ),
        ]
      : []),
  ];
  if (causes.length > 0) throw invalid(kind, name, causes);
  checkSigner(backend, kind, subresource, prepared, old, request.user);
  request.warnings?.push(...warningsOfChange(kind, subresource, prepared, old));
  const charges = admitQuota(backend, kind, prepared, { old, subresource });
  if (kind.store === 'services' && subresource === '') allocateService(backend, prepared, old);

  strategy.complete?.(prepared);
  emptyToNull(kind, prepared);
  metadata['resourceVersion'] = textAt(old, 'metadata', 'resourceVersion') ?? '';
  if (equal(withoutTimes(prepared), withoutTimes(old))) return serve(old, target.kind);
  if (request.dryRun === true) return serve(prepared, target.kind);
  const key = keyOf(namespace, name);
  chargeQuotas(backend, charges);
  const stored = backend.store.put(kind.store, key, prepared);
  if (released(stored)) return serve(backend.store.remove(kind.store, key) ?? stored, target.kind);
  return serve(stored, target.kind);
}

function checkIdentity(kind: Kind, name: string, old: JsonObject, next: JsonObject): void {
  const metadata = objectAt(next, 'metadata');
  const version = textAt(metadata, 'resourceVersion');
  if (version !== undefined && version !== '' && version !== textAt(old, 'metadata', 'resourceVersion')) {
    throw modified(kind, name);
  }
}

/** Kinds of which an update makes the object that is not there. */
const madeByUpdate = new Set([
  'endpoints',
  'events',
  'limitranges',
  'services',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'leases.coordination.k8s.io',
]);

/** Where the real server keeps kinds, where that is not their plural. */
const places: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  'ingresses.networking.k8s.io': 'ingress',
  nodes: 'minions',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
};

/** An object sent whole must be the one that is there, if it says which it is. */
function checkUid({ kind, namespace, name }: NamedTarget, old: JsonObject, next: JsonObject): void {
  const uid = textAt(next, 'metadata', 'uid') ?? '';
  const current = textAt(old, 'metadata', 'uid') ?? '';
  if (uid === '' || uid === current) return;
  const stored = storedKind(kind);
  const key = `/registry/${places[stored.store] ?? (kind.custom ? `${kind.group}/${kind.plural}` : kind.plural)}/${keyOf(namespace, name)}`;
  throw conflict(
    kind,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current}`,
  );
}

/** Metadata that a write of the status leaves alone. */
function keptByStatus(kind: Kind): readonly string[] {
  const all = ['labels', 'annotations', 'finalizers', 'ownerReferences'];
  if (kind.custom || kind.group === 'apiextensions.k8s.io' || kind.store === 'volumeattachments.storage.k8s.io')
    return all;
  if (kind.store === 'pods') return ['ownerReferences'];
  return kind.store === 'deployments.apps' ? ['labels'] : [];
}

/** Kinds that are only updated by those who say which version they saw. */
const conditional = new Set([
  'leases.coordination.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'poddisruptionbudgets.policy',
  'volumeattachments.storage.k8s.io',
]);

function checkVersion({ kind, name }: NamedTarget, next: JsonObject): void {
  if ((textAt(next, 'metadata', 'resourceVersion') ?? '') !== '') return;
  if (!kind.custom && !conditional.has(storedKind(kind).store)) return;
  const cause = invalidShown('metadata.resourceVersion', '0x0', 'must be specified for an update');
  throw invalid({ group: kind.group, kind: kind.plural }, name, [cause]);
}

/**
 * `next` with everything that this request may not write taken from `old`. `record` is called before what the kind itself does to it, which is nobody's
 * doing.
 */
function prepare(
  kind: Kind,
  subresource: string,
  old: JsonObject,
  next: JsonObject,
  time: string,
  record: (object: JsonObject) => void,
): JsonObject {
  const hasStatus = kind.subresources.some((sub) => sub.name === 'status');
  const oldMetadata = objectAt(old, 'metadata') ?? {};
  let prepared = next;
  if (subresource === 'status') {
    prepared = { ...clone(old), metadata: next['metadata'] ?? {} };
    if (next['status'] === undefined) delete prepared['status'];
    else prepared['status'] = next['status'];
    const metadata = ensureObject(prepared, 'metadata');
    for (const field of keptByStatus(kind)) {
      if (oldMetadata[field] === undefined) drop(metadata, field);
      else metadata[field] = clone(oldMetadata[field]);
    }
  } else if (subresource === 'ephemeralcontainers') {
    prepared = clone(old);
    const containers = objectAt(next, 'spec')?.['ephemeralContainers'];
    if (containers !== undefined) ensureObject(prepared, 'spec')['ephemeralContainers'] = containers;
  } else if (subresource === 'resize') {
    prepared = clone(old);
    for (const container of objectsAt(prepared, 'spec', 'containers')) {
      const wanted = objectsAt(next, 'spec', 'containers').find(({ name }) => name === container['name']);
      if (wanted?.['resources'] !== undefined) container['resources'] = wanted['resources'];
    }
  } else if (subresource === 'approval') {
    prepared = clone(old);
    const conditions = objectsAt(next, 'status', 'conditions').map((condition) => clone(condition));
    for (const condition of conditions) {
      for (const field of ['lastUpdateTime', 'lastTransitionTime']) condition[field] ??= time;
    }
    ensureObject(prepared, 'status')['conditions'] = conditions;
  } else if (subresource === 'finalize') {
    prepared = clone(old);
    const finalizers = listAt(next, 'spec', 'finalizers');
    ensureObject(prepared, 'spec')['finalizers'] = [...finalizers];
    if (finalizers.length === 0) delete ensureObject(prepared, 'spec')['finalizers'];
  } else if (hasStatus) {
    if (old['status'] === undefined) delete prepared['status'];
    else prepared['status'] = clone(old['status']);
  }
  const metadata = ensureObject(prepared, 'metadata');
  for (const field of kept) {
    const value = oldMetadata[field];
    if (value === undefined) drop(metadata, field);
    else metadata[field] = value;
  }
  if (metadata['managedFields'] === undefined && oldMetadata['managedFields'] !== undefined) {
    metadata['managedFields'] = clone(oldMetadata['managedFields']);
  }
  if (Array.isArray(metadata['managedFields']) && metadata['managedFields'].length === 0)
    delete metadata['managedFields'];
  if (Array.isArray(metadata['finalizers']) && metadata['finalizers'].length === 0) delete metadata['finalizers'];
  if (subresource !== 'finalize') applyDefaults(kind, prepared);
  record(prepared);
  if (subresource === 'status') strategyOf(kind).prepareStatus?.(prepared, old, time);
  if (subresource === 'status' || subresource === 'finalize') return prepared;
  if (subresource === '') strategyOf(kind).prepareUpdate?.(prepared, old);
  if (kind.counted && kind.store !== 'priorityclasses.scheduling.k8s.io' && !equal(desired(prepared), desired(old))) {
    metadata['generation'] = (numberAt(old, 'metadata', 'generation') ?? 0) + 1;
  }
  return prepared;
}

/** What an object asks for: all but its metadata and its status. */
function desired(object: JsonObject): JsonObject {
  const copy = { ...object };
  delete copy['metadata'];
  delete copy['status'];
  // Labels say what a slice is of.
  if (object['kind'] === 'EndpointSlice') copy['labels'] = objectAt(object, 'metadata', 'labels') ?? {};
  return copy;
}

/** For telling a change from none: the times in `managedFields` move with every request. */
function withoutTimes(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata');
  const managers = metadata?.['managedFields'];
  if (!metadata || !Array.isArray(managers)) return object;
  const still = managers.map((entry) => {
    const copy = { ...Object(entry) };
    delete copy.time;
    return copy;
  });
  return { ...object, metadata: { ...metadata, managedFields: still } };
}

/** Nothing holds an object any longer that is marked for deletion. */
export function released(object: JsonObject): boolean {
  return (
    textAt(object, 'metadata', 'deletionTimestamp') !== undefined &&
    (numberAt(object, 'metadata', 'deletionGracePeriodSeconds') ?? 0) === 0 &&
    listAt(object, 'metadata', 'finalizers').length === 0 &&
    (object['kind'] !== 'Namespace' || listAt(object, 'spec', 'finalizers').length === 0)
  );
}
