import { KubeError } from '@kmd/kube-client';
import { badRequest, conflict, notFound, resourceNotServed } from '../errors.js';
import { type JsonObject, clone, ensureObject, isObject, objectAt, objectsAt, textAt } from '../json/tree.js';
import { findKind } from '../kinds/table.js';
import { type Backend, type WriteRequest, keyOf, stamp } from '../requests/backend.js';
import { type Target, named } from '../requests/target.js';

/** What actions answer that leave nothing to show. */
export const success: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** A `Binding` sent to its own collection: the pod is the one of its name. */
export function bindByName(backend: Backend, target: Target, received: JsonObject, request: WriteRequest): JsonObject {
  const pods = findKind('', 'v1', 'pods');
  if (!pods) throw resourceNotServed();
  const name = textAt(received, 'metadata', 'name');
  return bindPod(backend, { kind: pods, namespace: target.namespace, name }, received, request);
}

/** Binds a pod to the node that a `Binding` names: once, and together with the binding's labels and annotations. */
export function bindPod(backend: Backend, target: Target, received: unknown, request: WriteRequest): JsonObject {
  const { kind, namespace, name } = named(target);
  if (!isObject(received)) throw badRequest('a Binding must be a JSON object');
  const key = keyOf(namespace, name);
  const old = backend.store.get(kind.store, key);
  if (!old) throw notFound(kind, name);
  const node = textAt(received, 'target', 'name') ?? '';
  const targetKind = textAt(received, 'target', 'kind') ?? 'Node';
  if (node === '') throw badRequest('Binding "": target.name: Required value');
  if (targetKind !== 'Node' && targetKind !== '') {
    throw badRequest(
      `Binding "${name}": target.kind: Unsupported value: "${targetKind}": supported values: "Node", "<empty>"`,
    );
  }
  const uid = textAt(received, 'metadata', 'uid') ?? '';
  const current = textAt(old, 'metadata', 'uid') ?? '';
  if (uid !== '' && uid !== current) {
    throw conflict(kind, name, `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current}`);
  }
  const refuse = (why: string): KubeError =>
    new KubeError(409, 'Conflict', `Operation cannot be fulfilled on pods/binding "${name}": ${why}`, {
      details: { name, kind: 'pods/binding' },
    });
  if (textAt(old, 'metadata', 'deletionTimestamp') !== undefined) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const bound = textAt(old, 'spec', 'nodeName') ?? '';
  if (bound !== '') throw refuse(`pod ${name} is already assigned to node "${bound}"`);
  if (request.dryRun === true) return success;
  const next = clone(old);
  ensureObject(next, 'spec')['nodeName'] = node;
  const metadata = ensureObject(next, 'metadata');
  for (const field of ['annotations', 'labels']) {
    for (const [item, value] of Object.entries(objectAt(received, 'metadata', field) ?? {})) {
      if (field === 'annotations' || objectAt(metadata, 'labels')?.[item] === undefined) {
        ensureObject(metadata, field)[item] = value;
      }
    }
  }
  const status = ensureObject(next, 'status');
  const others = objectsAt(status, 'conditions').filter((condition) => condition['type'] !== 'PodScheduled');
  status['conditions'] = [
    ...others.map((condition) => clone(condition)),
    { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: stamp(backend.now()) },
  ];
  backend.store.put(kind.store, key, next);
  return success;
}
