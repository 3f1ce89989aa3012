import {
  type JsonObject,
  clone,
  ensureObject,
  listAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../../json/tree.js';

export const clusterDefaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  namespaces: (object) => {
    const metadata = ensureObject(object, 'metadata');
    const name = textAt(metadata, 'name') ?? '';
    if (name !== '') ensureObject(metadata, 'labels')['kubernetes.io/metadata.name'] = name;
    setDefault(ensureObject(object, 'status'), 'phase', 'Active');
  },
  nodes: (object) => {
    const status = ensureObject(object, 'status');
    const capacity = objectAt(status, 'capacity');
    if (capacity && status['allocatable'] === undefined) status['allocatable'] = clone(capacity);
    // The old field holds the first of the new one.
    const spec = ensureObject(object, 'spec');
    const range = textAt(spec, 'podCIDR') ?? '';
    if (range !== '' && listAt(spec, 'podCIDRs').length === 0) spec['podCIDRs'] = [range];
  },
  secrets: (object) => {
    if (object['type'] === '') delete object['type'];
    setDefault(object, 'type', 'Opaque');
    // Written as text, kept as base64.
    const text = objectAt(object, 'stringData');
    if (text) {
      const data = ensureObject(object, 'data');
      for (const [key, value] of Object.entries(text)) {
        if (typeof value === 'string') data[key] = Buffer.from(value, 'utf8').toString('base64');
      }
      delete object['stringData'];
    }
  },
  limitranges: (object) => {
    for (const item of objectsAt(object, 'spec', 'limits')) {
      if (item['type'] !== 'Container') continue;
      const max = objectAt(item, 'max') ?? {};
      const min = objectAt(item, 'min') ?? {};
      const limit = ensureObject(item, 'default');
      for (const [name, value] of Object.entries(max)) setDefault(limit, name, value);
      const request = ensureObject(item, 'defaultRequest');
      for (const [name, value] of Object.entries(limit)) setDefault(request, name, value);
      for (const [name, value] of Object.entries(min)) setDefault(request, name, value);
    }
  },
  'storageclasses.storage.k8s.io': (object) => {
    setDefault(object, 'reclaimPolicy', 'Delete');
    setDefault(object, 'volumeBindingMode', 'Immediate');
  },
  'csidrivers.storage.k8s.io': (object) => {
    const spec = ensureObject(object, 'spec');
    setDefault(spec, 'attachRequired', true);
    setDefault(spec, 'podInfoOnMount', false);
    setDefault(spec, 'storageCapacity', false);
    setDefault(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
    setDefault(spec, 'requiresRepublish', false);
    setDefault(spec, 'seLinuxMount', false);
    if (listAt(spec, 'volumeLifecycleModes').length === 0) spec['volumeLifecycleModes'] = ['Persistent'];
  },
  'priorityclasses.scheduling.k8s.io': (object) => {
    setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority');
  },
  'rolebindings.rbac.authorization.k8s.io': bindingDefaults,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingDefaults,
};

function bindingDefaults(object: JsonObject): void {
  const group = 'rbac.authorization.k8s.io';
  const role = ensureObject(object, 'roleRef');
  if ((textAt(role, 'apiGroup') ?? '') === '') role['apiGroup'] = group;
  for (const subject of objectsAt(object, 'subjects')) {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') setDefault(subject, 'apiGroup', group);
  }
}
