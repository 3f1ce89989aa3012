import { invalid, notFound } from '../errors.js';
import {
  type JsonObject,
  clone,
  ensureObject,
  isObject,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
} from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { invalidValue } from '../kinds/validation/field.js';
import { conform } from '../schema/conform.js';
import { definition } from '../schema/definition.js';
import { badRequest } from '../errors.js';
import { type Backend, type WriteRequest, keyOf } from './backend.js';
import { type Target, named } from './target.js';
import { replaceObject } from './update.js';

/** A selector object in its written form. */
function write(selector: JsonObject | undefined, plain: boolean): string {
  const labels = plain ? selector : objectAt(selector, 'matchLabels');
  const parts = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${String(value)}`);
  for (const expression of plain ? [] : objectsAt(selector, 'matchExpressions')) {
    const key = textAt(expression, 'key') ?? '';
    const values = listAt(expression, 'values').join(',');
    const forms: Record<string, string> = {
      In: `${key} in (${values})`,
      NotIn: `${key} notin (${values})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    parts.push(forms[textAt(expression, 'operator') ?? ''] ?? key);
  }
  return parts.sort().join(',');
}

export function scaleOf(object: JsonObject, kind: Kind): JsonObject {
  const metadata = objectAt(object, 'metadata') ?? {};
  const kept = ['name', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp'];
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => kept.includes(key))),
    spec: { replicas: numberAt(object, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: numberAt(object, 'status', 'replicas') ?? 0,
      selector: write(objectAt(object, 'spec', 'selector'), kind.store === 'replicationcontrollers'),
    },
  };
}

function stored(backend: Backend, target: Target): JsonObject {
  const { kind, namespace, name } = named(target);
  const found = backend.store.get(kind.store, keyOf(namespace, name));
  if (!found) throw notFound(kind, name);
  return found;
}

export const getScale = (backend: Backend, target: Target): JsonObject => scaleOf(stored(backend, target), target.kind);

/** Sets the number of replicas as a `Scale` says it. */
export function updateScale(backend: Backend, target: Target, received: unknown, request: WriteRequest): JsonObject {
  const at = named(target);
  const old = stored(backend, target);
  const known = definition('autoscaling.v1.Scale');
  if (!isObject(received) || !known) throw badRequest('a Scale must be a JSON object');
  const scale = conform(received, known, 'Scale', 'v1').object;
  const given = textAt(scale, 'metadata', 'name') ?? '';
  if (given !== '' && given !== at.name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${at.name})`);
  }
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0;
  if (replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, at.name, [
      invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const next = clone(old);
  ensureObject(next, 'spec')['replicas'] = replicas;
  const metadata = ensureObject(next, 'metadata');
  metadata['resourceVersion'] = textAt(scale, 'metadata', 'resourceVersion') ?? '';
  const uid = textAt(scale, 'metadata', 'uid');
  if (uid !== undefined && uid !== '') metadata['uid'] = uid;
  return scaleOf(replaceObject(backend, at, '', old, next, { ...request, scale: true }), at.kind);
}
