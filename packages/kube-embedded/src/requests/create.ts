import { KubeError } from '@kmd/kube-client';
import { admitCreate } from '../admission/admit.js';
import { checkEscalation } from '../auth/escalation.js';
import { alreadyExists, forbidden, invalid, methodNotAllowed, notFound, unsorted } from '../errors.js';
import { type JsonObject, drop, ensureObject, textAt } from '../json/tree.js';
import { serve } from '../kinds/conversion.js';
import { applyDefaults } from '../kinds/defaults/index.js';
import { storedKind, findKind } from '../kinds/table.js';
import { strategyOf } from '../kinds/strategy.js';
import { emptyToNull } from '../kinds/zero.js';
import { warningsOfNew } from '../kinds/warnings/index.js';
import { validateMetadata } from '../kinds/validation/metadata.js';
import { admitQuota, chargeQuotas } from '../quota/admit.js';
import { allocateService } from '../services/allocate.js';
import { recordUpdate } from '../patch/managers.js';
import { type Backend, type WriteRequest, keyOf, stamp } from './backend.js';
import { decode, place } from './decode.js';
import { dropRepeatedOwners } from './owners.js';
import type { Target } from './target.js';

/** Letters of generated names: no vowels and nothing that reads like another. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';

function suffix(random: () => number): string {
  let text = '';
  for (let count = 0; count < 5; count++) text += letters[Math.floor(random() * letters.length)] ?? 'x';
  return text;
}

/** Creates an object: decode, default, admit, validate, store. Returns it frozen, in its served form. */
export function createObject(
  backend: Backend,
  target: Target,
  received: unknown,
  request: WriteRequest & {
    /** Writes who manages the object, in place of the usual record. */ record?: (object: JsonObject) => void;
  },
): JsonObject {
  const { kind } = target;
  if (!kind.verbs.includes('create')) throw methodNotAllowed();
  const object = decode(received, target, request);
  dropRepeatedOwners(object, request.warnings);
  const metadata = ensureObject(object, 'metadata');
  const prefix = textAt(metadata, 'generateName') ?? '';
  const generated = (textAt(metadata, 'name') ?? '') === '' && prefix !== '';
  if (generated) metadata['name'] = prefix.slice(0, 58) + suffix(backend.random);
  const { name, namespace } = place(object, target);
  if (textAt(metadata, 'resourceVersion') !== undefined && metadata['resourceVersion'] !== '') {
    throw unsorted('resourceVersion should not be set on objects to be created');
  }
  const stored = storedKind(kind);

  for (const field of ['selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields']) {
    drop(metadata, field);
  }
  metadata['uid'] = backend.uid();
  metadata['creationTimestamp'] = stamp(backend.now());
  if (kind.counted) metadata['generation'] = 1;
  else delete metadata['generation'];
  // A node says its state as it registers; any other object begins without one.
  if (stored.store !== 'nodes' && kind.subresources.some((sub) => sub.name === 'status')) delete object['status'];

  applyDefaults(stored, object);
  checkEscalation(backend, stored, object, undefined, request.user);
  // What admission and the server itself add is nobody's.
  if (request.record) request.record(object);
  else recordUpdate(backend, kind, undefined, object, request.manager, '');
  const strategy = strategyOf(kind);
  strategy.prepareCreate?.(object, request.user, (text) => void request.warnings?.push(text));
  if (kind.namespaced && name !== '') checkNamespace(backend, target, namespace, name);
  admitCreate(backend, stored, object);

  if (stored.store === 'services') allocateService(backend, object, undefined);
  const causes = [...validateMetadata(kind, object), ...(strategy.validateCreate?.(object) ?? [])];
  if (causes.length > 0) throw invalid(stored, name, causes);
  request.warnings?.push(...warningsOfNew(stored, object));
  const charges = admitQuota(backend, stored, object);
  const key = keyOf(namespace, textAt(metadata, 'name') ?? '');
  const taken = (): boolean => backend.store.get(kind.store, key) !== undefined;
  if (generated && taken()) {
    // The suffix met another object's: the caller is told to try again, as the real server does.
    throw new KubeError(
      409,
      'AlreadyExists',
      `${stored.plural} "${name}" already exists, the server was not able to generate a unique name for the object`,
    );
  }
  if (taken()) throw alreadyExists(kind, name);
  strategy.complete?.(object);
  emptyToNull(stored, object);
  if (request.dryRun === true) return serve(object, kind);
  chargeQuotas(backend, charges);
  return serve(backend.store.put(kind.store, key, object), kind);
}

function checkNamespace(backend: Backend, { kind }: Target, namespace: string, name: string): void {
  const found = backend.store.get('namespaces', namespace);
  if (!found) {
    const namespaces = findKind('', 'v1', 'namespaces');
    throw namespaces ? notFound(namespaces, namespace) : notFound(kind, namespace);
  }
  if (textAt(found, 'metadata', 'deletionTimestamp') === undefined) return;
  throw forbidden(kind, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ]);
}
