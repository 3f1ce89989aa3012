import { tryReadRequest } from '../certificates/request.js';
import { userClient } from '../certificates/signers.js';
import { forbidden } from '../errors.js';
import {
  type JsonObject,
  clone,
  ensureObject,
  isObject,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { findKind } from '../kinds/table.js';
import { admitLimits } from '../quota/limit-range.js';
import type { Backend } from '../requests/backend.js';
import { keyOf } from '../requests/backend.js';

/** What the real server's default admission plugins do to new objects before they are validated. Changes the object in place; refuses with 403. */
export function admitCreate(backend: Backend, kind: Kind, object: JsonObject): void {
  if (kind.store === 'persistentvolumeclaims') storageClass(backend, object);
  protect(kind, object);
  if (kind.kind === 'CertificateSigningRequest') restrictSubject(kind, object);
  if (kind.store === 'pods') {
    priority(backend, object);
    addTolerations(object);
    serviceAccount(backend, object);
    runtimeClass(backend, kind, object);
  }
  admitLimits(backend, kind, object);
}

/** Nobody becomes an administrator by a certificate for users. What is no request at all is left to its validation. */
function restrictSubject(kind: Kind, object: JsonObject): void {
  if (textAt(object, 'spec', 'signerName') !== userClient) return;
  const request = tryReadRequest(textAt(object, 'spec', 'request') ?? '');
  if (!request?.organizations.includes('system:masters')) return;
  const why = `use of ${userClient} signer with system:masters group is not allowed`;
  throw forbidden(kind, textAt(object, 'metadata', 'name') ?? '', why);
}

const protections: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
};

/** Storage stays while it is used: its controller takes the finalizer away. */
function protect(kind: Kind, object: JsonObject): void {
  const finalizer = protections[kind.store];
  if (finalizer === undefined) return;
  const metadata = ensureObject(object, 'metadata');
  const finalizers = listAt(metadata, 'finalizers');
  if (!finalizers.includes(finalizer)) metadata['finalizers'] = [...finalizers, finalizer];
}

/** A claim without a class gets the default one, the newest of several. */
function storageClass(backend: Backend, claim: JsonObject): void {
  const spec = ensureObject(claim, 'spec');
  if (spec['storageClassName'] !== undefined) return;
  const [newest] = backend.store
    .list('storageclasses.storage.k8s.io')
    .objects.filter(
      (item) => textAt(item, 'metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class') === 'true',
    )
    .toSorted((a, b) => created(b).localeCompare(created(a)));
  if (newest) spec['storageClassName'] = textAt(newest, 'metadata', 'name') ?? '';
}

const created = (object: JsonObject): string => textAt(object, 'metadata', 'creationTimestamp') ?? '';

export const systemPriorities: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** A pod of a class of runtimes is of one that is there, costs what it costs, and goes to its nodes. */
function runtimeClass(backend: Backend, kind: Kind, pod: JsonObject): void {
  const name = textAt(pod, 'spec', 'runtimeClassName') ?? '';
  if (name === '') return;
  const found = backend.store.get('runtimeclasses.node.k8s.io', name);
  const refuse = (why: string) => forbidden(kind, textAt(pod, 'metadata', 'name') ?? '', `pod rejected: ${why}`);
  if (!found) throw refuse(`RuntimeClass "${name}" not found`);
  const spec = ensureObject(pod, 'spec');
  const overhead = objectAt(found, 'overhead', 'podFixed');
  if (overhead) spec['overhead'] = clone(overhead);
  for (const [label, value] of Object.entries(objectAt(found, 'scheduling', 'nodeSelector') ?? {})) {
    const asked = objectAt(spec, 'nodeSelector')?.[label] ?? value;
    if (asked !== value) throw refuse('conflict: RuntimeClass.scheduling.nodeSelector and Pod.spec.nodeSelector');
    ensureObject(spec, 'nodeSelector')[label] = value;
  }
  const tolerations = objectsAt(found, 'scheduling', 'tolerations');
  if (tolerations.length > 0) {
    spec['tolerations'] = [...listAt(spec, 'tolerations'), ...tolerations.map((item) => clone(item))];
  }
}

function priority(backend: Backend, pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec');
  const name = textAt(spec, 'priorityClassName') ?? '';
  if (name === '') {
    const classes = backend.store.list('priorityclasses.scheduling.k8s.io').objects;
    const standard = classes.find((item) => item['globalDefault'] === true);
    if (standard) spec['priorityClassName'] = textAt(standard, 'metadata', 'name') ?? '';
    spec['priority'] = numberAt(standard, 'value') ?? 0;
    setDefault(spec, 'preemptionPolicy', textAt(standard, 'preemptionPolicy') ?? 'PreemptLowerPriority');
    return;
  }
  const found = backend.store.get('priorityclasses.scheduling.k8s.io', name);
  const value = numberAt(found, 'value') ?? systemPriorities[name];
  const pods = findKind('', 'v1', 'pods');
  if (value === undefined && pods) {
    throw forbidden(pods, textAt(pod, 'metadata', 'name') ?? '', `no PriorityClass with name ${name} was found`);
  }
  const given = numberAt(spec, 'priority');
  if (given !== undefined && given !== value && pods) {
    throw forbidden(
      pods,
      textAt(pod, 'metadata', 'name') ?? '',
      `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${String(value)} from the given PriorityClass name`,
    );
  }
  spec['priority'] = value ?? 0;
  setDefault(spec, 'preemptionPolicy', textAt(found, 'preemptionPolicy') ?? 'PreemptLowerPriority');
}

/** A pod stays five minutes on a node that went away, unless it says otherwise. */
export function addTolerations(pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec');
  const present = objectsAt(spec, 'tolerations');
  const list = [...listAt(spec, 'tolerations')];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerated = present.some(
      (item) =>
        ((textAt(item, 'key') ?? '') === '' || item['key'] === key) &&
        ['', 'NoExecute'].includes(textAt(item, 'effect') ?? ''),
    );
    if (!tolerated) list.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 });
  }
  spec['tolerations'] = list;
}

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

function serviceAccount(backend: Backend, pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec');
  if (textAt(pod, 'metadata', 'annotations', 'kubernetes.io/config.mirror') !== undefined) return;
  const name = textAt(spec, 'serviceAccountName') ?? '';
  const account = name === '' ? 'default' : name;
  spec['serviceAccountName'] = account;
  spec['serviceAccount'] = account;
  const namespace = textAt(pod, 'metadata', 'namespace') ?? '';
  const found = backend.store.get('serviceaccounts', keyOf(namespace, account));
  // `default` is about to be made by its controller; nothing here depends on its having been made.
  const pods = findKind('', 'v1', 'pods');
  if (!found && account !== 'default' && pods) {
    throw forbidden(
      pods,
      textAt(pod, 'metadata', 'name') ?? '',
      `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  }
  if (spec['automountServiceAccountToken'] === false) return;
  if (spec['automountServiceAccountToken'] === undefined && found?.['automountServiceAccountToken'] === false) return;
  mountToken(backend, spec);
}

/** The projected volume with the token, the cluster's certificate and the namespace, as the real server names and fills it. */
function mountToken(backend: Backend, spec: JsonObject): void {
  const containers = [...objectsAt(spec, 'initContainers'), ...objectsAt(spec, 'containers')].filter(
    (container) => !objectsAt(container, 'volumeMounts').some((mount) => mount['mountPath'] === tokenPath),
  );
  if (containers.length === 0) return;
  const existing = objectsAt(spec, 'volumes').find((volume) =>
    (textAt(volume, 'name') ?? '').startsWith('kube-api-access-'),
  );
  let name = textAt(existing, 'name');
  if (name === undefined) {
    name = 'kube-api-access-';
    for (let count = 0; count < 5; count++) {
      name += 'bcdfghjklmnpqrstvwxz2456789'[Math.floor(backend.random() * 27)] ?? 'x';
    }
    const volumes = Array.isArray(spec['volumes']) ? spec['volumes'] : [];
    volumes.push({
      name,
      projected: {
        sources: [
          { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          {
            downwardAPI: {
              items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
            },
          },
        ],
        defaultMode: 420,
      },
    });
    spec['volumes'] = volumes;
  }
  for (const container of containers) {
    const mounts = Array.isArray(container['volumeMounts']) ? container['volumeMounts'] : [];
    mounts.push({ name, readOnly: true, mountPath: tokenPath });
    if (isObject(container)) container['volumeMounts'] = mounts;
  }
}
