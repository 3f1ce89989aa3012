import type { KubeError } from '@kmd/kube-client';
import { type Cause, conflict, forbidden, invalidOptions, methodNotAllowed, notFound, unsorted } from '../errors.js';
import { type JsonObject, clone, ensureObject, listAt, numberAt, textAt } from '../json/tree.js';
import { goTexts } from '../json/go.js';
import { serve } from '../kinds/conversion.js';
import { jsonName } from '../schema/conform.js';
import { strategyOf } from '../kinds/strategy.js';
import { storedKind } from '../kinds/table.js';
import { invalidValue, unsupported } from '../kinds/validation/field.js';
import { type Backend, keyOf, stamp } from './backend.js';
import { type ListRequest, listObjects } from './read.js';
import { type NamedTarget, type Target, named } from './target.js';
import { released } from './update.js';

export interface DeleteRequest {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: string | undefined;
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly dryRun?: boolean | undefined;
}

/** Reads `DeleteOptions` as a body or a query gives them. Throws 500, as the real server does not sort what is wrong with them. */
export function readDeleteOptions(body: JsonObject | undefined): DeleteRequest {
  if (body === undefined) return {};
  const kind = textAt(body, 'kind') ?? 'DeleteOptions';
  if (kind !== 'DeleteOptions') {
    const version = textAt(body, 'apiVersion') ?? 'meta.k8s.io/v1';
    throw unsorted(`no kind "${kind}" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:110"`);
  }
  const grace = body['gracePeriodSeconds'];
  if (grace !== undefined && grace !== null && !Number.isInteger(grace)) {
    const found = typeof grace === 'number' ? `number ${grace}` : jsonName(grace);
    throw unsorted(
      `json: cannot unmarshal ${found} into Go struct field DeleteOptions.gracePeriodSeconds of type int64`,
    );
  }
  const policy = textAt(body, 'propagationPolicy');
  const orphan = body['orphanDependents'];
  const uid = textAt(body, 'preconditions', 'uid');
  const version = textAt(body, 'preconditions', 'resourceVersion');
  return {
    gracePeriodSeconds: numberAt(body, 'gracePeriodSeconds'),
    propagationPolicy: policy,
    ...(typeof orphan === 'boolean' ? { orphanDependents: orphan } : {}),
    preconditions: {
      ...(uid === undefined ? {} : { uid }),
      ...(version === undefined ? {} : { resourceVersion: version }),
    },
    dryRun: listAt(body, 'dryRun').includes('All'),
  };
}

/** What a delete came to: the object is gone, or it is marked and stays for now. */
export interface DeleteAnswer {
  readonly object: JsonObject;
  readonly gone: boolean;
}

/** Kinds whose dependents stay when nothing else is asked, from the days before garbage collection. */
const orphaning = new Set(['replicationcontrollers', 'jobs.batch']);

/** Namespaces that a cluster cannot be without. */
const immortal = new Set(['default', 'kube-public', 'kube-system']);

export function deleteObject(backend: Backend, target: Target, request: DeleteRequest): DeleteAnswer {
  if (!target.kind.verbs.includes('delete')) throw methodNotAllowed();
  const at = named(target);
  const kind = storedKind(at.kind);
  const key = keyOf(at.namespace, at.name);
  const old = backend.store.get(kind.store, key);
  checkOptions(request);
  if (!old) throw notFound(at.kind, at.name);
  checkPreconditions({ ...at, kind }, old, request);
  if (kind.store === 'namespaces' && immortal.has(at.name)) {
    throw forbidden(kind, at.name, 'this namespace may not be deleted');
  }
  const next = clone(old);
  const metadata = ensureObject(next, 'metadata');
  const marked = textAt(old, 'metadata', 'deletionTimestamp') !== undefined;
  setFinalizers(metadata, kind.store, request);
  const grace = kind.store === 'pods' ? podGrace(old, request) : 0;
  const before = numberAt(old, 'metadata', 'deletionGracePeriodSeconds');
  // A deletion under way can be hurried, never slowed.
  const seconds = marked && before !== undefined ? Math.min(before, grace) : grace;
  if (!marked || seconds !== before) {
    const start =
      marked && before !== undefined
        ? Date.parse(textAt(old, 'metadata', 'deletionTimestamp') ?? '') - before * 1000
        : backend.now().getTime();
    metadata['deletionTimestamp'] = stamp(new Date(start + seconds * 1000));
    metadata['deletionGracePeriodSeconds'] = seconds;
    if (kind.counted && !marked) metadata['generation'] = (numberAt(old, 'metadata', 'generation') ?? 0) + 1;
    if (!marked) strategyOf(kind).prepareDelete?.(next, old, stamp(backend.now()));
  }
  if (kind.store === 'namespaces') {
    delete metadata['deletionGracePeriodSeconds'];
    ensureObject(next, 'status')['phase'] = 'Terminating';
  }
  if (request.dryRun === true) return { object: serve(old, at.kind), gone: released(next) };
  if (released(next)) {
    // A pod is marked before it goes, so that its watchers see it go.
    if (kind.store === 'pods') backend.store.put(kind.store, key, next);
    const gone = backend.store.remove(kind.store, key);
    return { object: serve(gone ?? old, at.kind), gone: true };
  }
  const unchanged =
    marked &&
    seconds === before &&
    listAt(old, 'metadata', 'finalizers').length === listAt(metadata, 'finalizers').length;
  const stored = unchanged ? old : backend.store.put(kind.store, key, next);
  return { object: serve(stored, at.kind), gone: false };
}

const policies = ['Foreground', 'Background', 'Orphan'];

/** `All` is the only dry run there is. */
export const dryRunCauses = (dryRun: readonly string[]): Cause[] =>
  dryRun.every((value) => value === 'All')
    ? []
    : [
        {
          reason: 'FieldValueNotSupported',
          field: 'dryRun',
          message: `Unsupported value: ${goTexts(dryRun)}: supported values: "All"`,
        },
      ];

function checkOptions({ propagationPolicy: policy, orphanDependents }: DeleteRequest): void {
  const causes: Cause[] = [];
  if (policy !== undefined && orphanDependents !== undefined) {
    causes.push(
      invalidValue('propagationPolicy', policy, 'orphanDependents and deletionPropagation cannot be both set'),
    );
  }
  if (policy !== undefined && !policies.includes(policy)) {
    causes.push(unsupported('propagationPolicy', policy, [...policies, 'nil']));
  }
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
}

function checkPreconditions({ kind, name }: NamedTarget, old: JsonObject, { preconditions }: DeleteRequest): void {
  const uid = textAt(old, 'metadata', 'uid') ?? '';
  const version = textAt(old, 'metadata', 'resourceVersion') ?? '';
  const refuse = (what: string, asked: string, found: string, why: string): KubeError =>
    conflict(
      { group: kind.group, plural: kind.kind },
      name,
      `the ${what} in the precondition (${asked}) does not match the ${what} in record (${found}). The object might have been ${why}`,
    );
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    throw refuse('UID', preconditions.uid, uid, 'deleted and then recreated');
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== version) {
    throw refuse('ResourceVersion', preconditions.resourceVersion, version, 'modified');
  }
}

/** The garbage collector's finalizers, which it takes away when dependents are orphaned or gone. */
function setFinalizers(metadata: JsonObject, store: string, request: DeleteRequest): void {
  const orphan =
    request.propagationPolicy === 'Orphan' ||
    (request.propagationPolicy === undefined &&
      (request.orphanDependents === true || (request.orphanDependents === undefined && orphaning.has(store))));
  const foreground = request.propagationPolicy === 'Foreground';
  const background = request.propagationPolicy === 'Background' || request.orphanDependents === false;
  const present = listAt(metadata, 'finalizers');
  const others = present.filter((item) => item !== 'orphan' && item !== 'foregroundDeletion');
  // Unasked, what the object carries already stays.
  const wanted = orphan
    ? [...others, 'orphan']
    : foreground
      ? [...others, 'foregroundDeletion']
      : background
        ? others
        : [...present];
  const left = store === 'events' ? others : wanted;
  if (left.length === 0) delete metadata['finalizers'];
  else metadata['finalizers'] = left;
}

/** Seconds that a pod is given: none when no kubelet has it, or when its containers ended. */
function podGrace(pod: JsonObject, request: DeleteRequest): number {
  const phase = textAt(pod, 'status', 'phase');
  const bound = (textAt(pod, 'spec', 'nodeName') ?? '') !== '';
  if (!bound || phase === 'Succeeded' || phase === 'Failed') return 0;
  const asked = request.gracePeriodSeconds ?? numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 30;
  return asked < 0 ? 1 : asked;
}

/** Deletes every object that the selectors match; returns them as the list that was matched. */
export function deleteCollection(
  backend: Backend,
  target: Target,
  list: ListRequest,
  request: DeleteRequest,
): readonly JsonObject[] {
  if (!target.kind.verbs.includes('deletecollection')) throw methodNotAllowed();
  const { items } = listObjects(backend, target, list);
  for (const item of items) {
    deleteObject(
      backend,
      {
        kind: target.kind,
        namespace: textAt(item, 'metadata', 'namespace'),
        name: textAt(item, 'metadata', 'name') ?? '',
      },
      request,
    );
  }
  return items;
}
