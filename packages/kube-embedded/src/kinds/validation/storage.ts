import { parseQuantity } from '@kmd/kube-client';
import type { Cause } from '../../errors.js';
import { type JsonObject, equal, listAt, objectAt, textAt } from '../../json/tree.js';
import { forbiddenField, invalidValue, required, unsupported, unsupportedShown } from './field.js';
import { dnsSubdomain } from './name.js';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];

function modesOf(spec: JsonObject, empty: string): Cause[] {
  const modes = listAt(spec, 'accessModes');
  if (modes.length === 0) return [required('spec.accessModes', empty)];
  return modes
    .filter((mode) => !accessModes.includes(String(mode)))
    .map((mode) => unsupported('spec.accessModes', mode, accessModes));
}

function classOf(spec: JsonObject): Cause[] {
  const name = textAt(spec, 'storageClassName') ?? '';
  return name === '' ? [] : dnsSubdomain(name).map((problem) => invalidValue('spec.storageClassName', name, problem));
}

function volumeMode(spec: JsonObject): Cause[] {
  const mode = textAt(spec, 'volumeMode');
  return mode === undefined || volumeModes.includes(mode) ? [] : [unsupported('spec.volumeMode', mode, volumeModes)];
}

export function validateClaim(claim: JsonObject): Cause[] {
  const spec = objectAt(claim, 'spec') ?? {};
  const causes = modesOf(spec, 'at least 1 access mode is required');
  const size = objectAt(spec, 'resources', 'requests')?.['storage'];
  if (size === undefined) causes.push(required('spec.resources[storage]'));
  else if (parseQuantity(String(size)) <= 0) {
    causes.push(invalidValue('spec.resources[storage]', size, 'must be greater than zero'));
  }
  return [...causes, ...classOf(spec), ...volumeMode(spec)];
}

/** Kinds of volumes, in the order in which they are looked at. */
const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

export function validateVolume(volume: JsonObject): Cause[] {
  const spec = objectAt(volume, 'spec') ?? {};
  const causes = modesOf(spec, '');
  const capacity = objectAt(spec, 'capacity');
  if (capacity === undefined || Object.keys(capacity).length === 0) causes.push(required('spec.capacity'));
  if (capacity?.['storage'] === undefined || Object.keys(capacity).length > 1) {
    const shown = capacity === undefined ? 'core.ResourceList(nil)' : 'core.ResourceList{}';
    causes.push(unsupportedShown('spec.capacity', shown, ['storage']));
  }
  const policies = ['Delete', 'Recycle', 'Retain'];
  const policy = textAt(spec, 'persistentVolumeReclaimPolicy') ?? '';
  if (policy !== '' && !policies.includes(policy)) {
    causes.push(unsupported('spec.persistentVolumeReclaimPolicy', policy, policies));
  }
  const given = sources.filter((source) => spec[source] !== undefined);
  if (given.length === 0) causes.push(required('spec', 'must specify a volume type'));
  for (const source of given.slice(1)) {
    causes.push(forbiddenField(`spec.${source}`, 'may not specify more than 1 volume type'));
  }
  const path = textAt(spec, 'hostPath', 'path');
  if (path === '') causes.push(required('spec.hostPath.path'));
  else if (path?.split('/').includes('..') === true) {
    causes.push(invalidValue('spec.hostPath.path', path, "must not contain '..'"));
  }
  return [...causes, ...classOf(spec), ...volumeMode(spec)];
}

export function validateStorageClass(object: JsonObject): Cause[] {
  const causes: Cause[] = [];
  if ((textAt(object, 'provisioner') ?? '') === '') causes.push(required('provisioner'));
  for (const [field, known] of [
    ['reclaimPolicy', ['Delete', 'Retain']],
    ['volumeBindingMode', ['Immediate', 'WaitForFirstConsumer']],
  ] as const) {
    const value = textAt(object, field) ?? '';
    if (!known.some((one) => one === value)) causes.push(unsupported(field, value, known));
  }
  return causes;
}

/** What makes a storage class what it is stays. */
export const validateStorageClassUpdate = (object: JsonObject, old: JsonObject): Cause[] => [
  ...validateStorageClass(object),
  ...(equal(object['parameters'], old['parameters'])
    ? []
    : [forbiddenField('parameters', 'updates to parameters are forbidden.')]),
  ...['provisioner', 'reclaimPolicy', 'volumeBindingMode']
    .filter((field) => object[field] !== old[field])
    .map((field) => forbiddenField(field, `updates to ${field} are forbidden.`)),
];

export function validateAttachment(attachment: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const attacher = textAt(attachment, 'spec', 'attacher') ?? '';
  const node = textAt(attachment, 'spec', 'nodeName') ?? '';
  if (attacher === '') causes.push(required('spec.attacher'));
  const given = ['persistentVolumeName', 'inlineVolumeSpec'].filter(
    (field) => objectAt(attachment, 'spec', 'source')?.[field] !== undefined,
  );
  if (given.length !== 1) {
    causes.push(required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'));
  }
  for (const problem of dnsSubdomain(node)) causes.push(invalidValue('spec.nodeName', node, problem));
  // Its name is looked at as that of a driver, too.
  if (attacher === '') causes.push(required('spec.attacher'));
  for (const problem of dnsSubdomain(attacher)) causes.push(invalidValue('spec.attacher', attacher, problem));
  return causes;
}

export function validateCapacity(capacity: JsonObject): Cause[] {
  const name = textAt(capacity, 'storageClassName') ?? '';
  return dnsSubdomain(name).map((problem) => invalidValue('storageClassName', name, problem));
}

export function validateDriver(driver: JsonObject): Cause[] {
  const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
  const policy = textAt(driver, 'spec', 'fsGroupPolicy') ?? '';
  return policies.includes(policy) ? [] : [unsupported('spec.fsGroupPolicy', policy, policies)];
}
