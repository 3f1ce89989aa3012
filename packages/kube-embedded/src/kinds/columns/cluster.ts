import { type JsonObject, at, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { type Column, ageColumn, count, createdColumn, nameColumn, text, truth, wide } from './column.js';
import { ageOf } from './duration.js';

const orUnknown = (value: string | undefined): string => (value === undefined || value === '' ? '<unknown>' : value);

function nodeStatus(node: JsonObject): string {
  const ready = objectsAt(node, 'status', 'conditions').find((item) => item['type'] === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady'];
  if (objectAt(node, 'spec')?.['unschedulable'] === true) words.push('SchedulingDisabled');
  return words.join(',');
}

function nodeRoles(node: JsonObject): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(objectAt(node, 'metadata', 'labels') ?? {})) {
    const role = /^node-role\.kubernetes\.io\/(.+)$/.exec(key)?.[1];
    if (role !== undefined) roles.add(role);
    else if (key === 'kubernetes.io/role' && typeof value === 'string' && value !== '') roles.add(value);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

const nodeAddress = (type: string) => (node: JsonObject) =>
  textAt(
    objectsAt(node, 'status', 'addresses').find((item) => item['type'] === type),
    'address',
  ) ?? '<none>';

const firstSeen = (event: JsonObject, now: Date): string =>
  ageOf(textAt(event, 'firstTimestamp') ?? textAt(event, 'eventTime'), now);

function lastSeen(event: JsonObject, now: Date): string {
  const series = textAt(event, 'series', 'lastObservedTime');
  if (series !== undefined) return ageOf(series, now);
  const last = textAt(event, 'lastTimestamp');
  return last === undefined ? firstSeen(event, now) : ageOf(last, now);
}

function eventSource(event: JsonObject): string {
  const first = (a: string | undefined, b: string | undefined): string => (a !== undefined && a !== '' ? a : (b ?? ''));
  const component = first(textAt(event, 'source', 'component'), textAt(event, 'reportingComponent'));
  const instance = first(textAt(event, 'source', 'host'), textAt(event, 'reportingInstance'));
  return instance === '' ? component : `${component}, ${instance}`;
}

function eventObject(event: JsonObject): string {
  const kind = (textAt(event, 'involvedObject', 'kind') ?? '').toLowerCase();
  const name = textAt(event, 'involvedObject', 'name') ?? '';
  return name === '' ? kind : `${kind}/${name}`;
}

const accessModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const modes = (object: JsonObject, ...path: string[]): string =>
  listAt(object, ...path)
    .map((mode) => accessModes[String(mode)] ?? '')
    .join(',');

const volumePhase = (object: JsonObject): string =>
  textAt(object, 'metadata', 'deletionTimestamp') === undefined
    ? (textAt(object, 'status', 'phase') ?? '')
    : 'Terminating';

/** Used and hard amounts of a quota; those of `limits.` stand apart. */
const quota = (limits: boolean) => (object: JsonObject) =>
  Object.entries(objectAt(object, 'status', 'hard') ?? {})
    .filter(([name]) => name.startsWith('limits.') === limits)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hard]) => `${name}: ${textAt(object, 'status', 'used', name) ?? '0'}/${String(hard)}`)
    .join(', ');

const healthy = (object: JsonObject): JsonObject | undefined =>
  objectsAt(object, 'conditions').find((item) => item['type'] === 'Healthy');

const subjects = (kind: string) => (object: JsonObject) =>
  objectsAt(object, 'subjects')
    .filter((subject) => subject['kind'] === kind)
    .map((subject) =>
      kind === 'ServiceAccount'
        ? `${textAt(subject, 'namespace') ?? ''}/${textAt(subject, 'name') ?? ''}`
        : (textAt(subject, 'name') ?? ''),
    )
    .join(', ');

const bindingColumns: readonly Column[] = [
  nameColumn,
  text('Role', (object) => `${textAt(object, 'roleRef', 'kind') ?? ''}/${textAt(object, 'roleRef', 'name') ?? ''}`),
  ageColumn,
  wide(text('Users', subjects('User'))),
  wide(text('Groups', subjects('Group'))),
  wide(text('ServiceAccounts', subjects('ServiceAccount'))),
];

const entries = (object: JsonObject, ...fields: string[]): number =>
  fields.reduce((sum, field) => sum + Object.keys(objectAt(object, field) ?? {}).length, 0);

export const clusterColumns: Readonly<Record<string, readonly Column[]>> = {
  namespaces: [nameColumn, text('Status', (object) => textAt(object, 'status', 'phase') ?? ''), ageColumn],
  nodes: [
    nameColumn,
    text('Status', nodeStatus),
    text('Roles', nodeRoles),
    ageColumn,
    text('Version', (node) => textAt(node, 'status', 'nodeInfo', 'kubeletVersion') ?? ''),
    wide(text('Internal-IP', nodeAddress('InternalIP'))),
    wide(text('External-IP', nodeAddress('ExternalIP'))),
    wide(text('OS-Image', (node) => orUnknown(textAt(node, 'status', 'nodeInfo', 'osImage')))),
    wide(text('Kernel-Version', (node) => orUnknown(textAt(node, 'status', 'nodeInfo', 'kernelVersion')))),
    wide(text('Container-Runtime', (node) => orUnknown(textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion')))),
  ],
  events: [
    text('Last Seen', lastSeen),
    text('Type', (event) => textAt(event, 'type') ?? ''),
    text('Reason', (event) => textAt(event, 'reason') ?? ''),
    text('Object', eventObject),
    wide(text('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath') ?? '')),
    wide(text('Source', eventSource)),
    text('Message', (event) => (textAt(event, 'message') ?? '').trim()),
    wide(text('First Seen', firstSeen)),
    wide(text('Count', (event) => numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1)),
    { ...nameColumn, priority: 1 },
  ],
  configmaps: [nameColumn, text('Data', (object) => entries(object, 'data', 'binaryData')), ageColumn],
  secrets: [
    nameColumn,
    text('Type', (object) => textAt(object, 'type') ?? ''),
    text('Data', (object) => entries(object, 'data')),
    ageColumn,
  ],
  serviceaccounts: [nameColumn, text('Secrets', (object) => listAt(object, 'secrets').length), ageColumn],
  limitranges: [nameColumn, createdColumn],
  resourcequotas: [nameColumn, text('Request', quota(false)), text('Limit', quota(true)), ageColumn],
  componentstatuses: [
    nameColumn,
    text('Status', (object) => {
      const found = healthy(object);
      return found === undefined ? 'Unknown' : found['status'] === 'True' ? 'Healthy' : 'Unhealthy';
    }),
    text('Message', (object) => textAt(healthy(object), 'message') ?? ''),
    text('Error', (object) => textAt(healthy(object), 'error') ?? ''),
  ],
  persistentvolumes: [
    nameColumn,
    text('Capacity', (object) => textAt(object, 'spec', 'capacity', 'storage') ?? ''),
    text('Access Modes', (object) => modes(object, 'spec', 'accessModes')),
    text('Reclaim Policy', (object) => textAt(object, 'spec', 'persistentVolumeReclaimPolicy') ?? ''),
    text('Status', volumePhase),
    text('Claim', (object) => {
      const claim = objectAt(object, 'spec', 'claimRef');
      return claim ? `${textAt(claim, 'namespace') ?? ''}/${textAt(claim, 'name') ?? ''}` : '';
    }),
    text('StorageClass', (object) => textAt(object, 'spec', 'storageClassName') ?? ''),
    text('VolumeAttributesClass', (object) => textAt(object, 'spec', 'volumeAttributesClassName') ?? '<unset>'),
    text('Reason', (object) => textAt(object, 'status', 'reason') ?? ''),
    ageColumn,
    wide(text('VolumeMode', (object) => textAt(object, 'spec', 'volumeMode') ?? '<unset>')),
  ],
  persistentvolumeclaims: [
    nameColumn,
    text('Status', volumePhase),
    text('Volume', (object) => textAt(object, 'spec', 'volumeName') ?? ''),
    text('Capacity', (object) =>
      textAt(object, 'spec', 'volumeName') === undefined ? '' : (textAt(object, 'status', 'capacity', 'storage') ?? ''),
    ),
    text('Access Modes', (object) =>
      textAt(object, 'spec', 'volumeName') === undefined ? '' : modes(object, 'status', 'accessModes'),
    ),
    text('StorageClass', (object) => textAt(object, 'spec', 'storageClassName') ?? ''),
    text('VolumeAttributesClass', (object) => textAt(object, 'spec', 'volumeAttributesClassName') ?? '<unset>'),
    ageColumn,
    wide(text('VolumeMode', (object) => textAt(object, 'spec', 'volumeMode') ?? '<unset>')),
  ],
  'rolebindings.rbac.authorization.k8s.io': bindingColumns,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingColumns,
  'roles.rbac.authorization.k8s.io': [nameColumn, createdColumn],
  'clusterroles.rbac.authorization.k8s.io': [nameColumn, createdColumn],
  'csidrivers.storage.k8s.io': [
    nameColumn,
    truth('AttachRequired', (object) => at(object, 'spec', 'attachRequired') ?? true),
    truth('PodInfoOnMount', (object) => at(object, 'spec', 'podInfoOnMount') ?? false),
    truth('StorageCapacity', (object) => at(object, 'spec', 'storageCapacity') ?? false),
    text('TokenRequests', (object) => {
      const audiences = objectsAt(object, 'spec', 'tokenRequests').map((item) => textAt(item, 'audience') ?? '');
      return audiences.length === 0 ? '<unset>' : audiences.join(',');
    }),
    truth('RequiresRepublish', (object) => at(object, 'spec', 'requiresRepublish') ?? false),
    text('Modes', (object) => listAt(object, 'spec', 'volumeLifecycleModes').join(',') || '<none>'),
    ageColumn,
  ],
  'csinodes.storage.k8s.io': [
    nameColumn,
    count('Drivers', (object) => listAt(object, 'spec', 'drivers').length),
    ageColumn,
  ],
  'volumeattachments.storage.k8s.io': [
    nameColumn,
    { ...text('Attacher', (object) => textAt(object, 'spec', 'attacher') ?? ''), format: 'name' },
    text('PV', (object) => textAt(object, 'spec', 'source', 'persistentVolumeName') ?? ''),
    text('Node', (object) => textAt(object, 'spec', 'nodeName') ?? ''),
    truth('Attached', (object) => at(object, 'status', 'attached') ?? false),
    ageColumn,
  ],
  'storageclasses.storage.k8s.io': [
    {
      ...nameColumn,
      cell: (object) => {
        const standard =
          textAt(object, 'metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class') === 'true';
        return `${textAt(object, 'metadata', 'name') ?? ''}${standard ? ' (default)' : ''}`;
      },
    },
    text('Provisioner', (object) => textAt(object, 'provisioner') ?? ''),
    text('ReclaimPolicy', (object) => textAt(object, 'reclaimPolicy') ?? 'Delete'),
    text('VolumeBindingMode', (object) => textAt(object, 'volumeBindingMode') ?? 'Immediate'),
    text('AllowVolumeExpansion', (object) => object['allowVolumeExpansion'] === true),
    ageColumn,
  ],
  'priorityclasses.scheduling.k8s.io': [
    nameColumn,
    count('Value', (object) => numberAt(object, 'value') ?? 0),
    { name: 'Global-Default', type: 'boolean', cell: (object) => object['globalDefault'] === true },
    ageColumn,
    text('PreemptionPolicy', (object) => textAt(object, 'preemptionPolicy') ?? ''),
  ],
  'leases.coordination.k8s.io': [
    nameColumn,
    text('Holder', (object) => textAt(object, 'spec', 'holderIdentity') ?? ''),
    ageColumn,
  ],
};
