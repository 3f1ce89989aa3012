import {
  type JsonObject,
  drop,
  ensureObject,
  isObject,
  listAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../../json/tree.js';

/** `Always` for an image without a tag or with `latest`, else `IfNotPresent`. */
export function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function httpDefaults(handler: JsonObject | undefined): void {
  const get = objectAt(handler, 'httpGet');
  if (!get) return;
  setDefault(get, 'path', '/');
  setDefault(get, 'scheme', 'HTTP');
}

function probeDefaults(probe: JsonObject | undefined): void {
  if (!probe) return;
  httpDefaults(probe);
  for (const [field, value] of [
    ['timeoutSeconds', 1],
    ['periodSeconds', 10],
    ['successThreshold', 1],
    ['failureThreshold', 3],
  ] as const) {
    if (probe[field] === 0) drop(probe, field);
    setDefault(probe, field, value);
  }
  const grpc = objectAt(probe, 'grpc');
  if (grpc) setDefault(grpc, 'service', '');
}

function containerDefaults(container: JsonObject): void {
  setDefault(container, 'resources', {});
  for (const port of objectsAt(container, 'ports')) setDefault(port, 'protocol', 'TCP');
  for (const variable of objectsAt(container, 'env')) {
    const reference = objectAt(variable, 'valueFrom', 'fieldRef');
    if (reference) setDefault(reference, 'apiVersion', 'v1');
    const resource = objectAt(variable, 'valueFrom', 'resourceFieldRef');
    if (resource) setDefault(resource, 'divisor', '0');
  }
  probeDefaults(objectAt(container, 'livenessProbe'));
  probeDefaults(objectAt(container, 'readinessProbe'));
  probeDefaults(objectAt(container, 'startupProbe'));
  httpDefaults(objectAt(container, 'lifecycle', 'postStart'));
  httpDefaults(objectAt(container, 'lifecycle', 'preStop'));
  setDefault(container, 'terminationMessagePath', '/dev/termination-log');
  setDefault(container, 'terminationMessagePolicy', 'File');
  if (container['imagePullPolicy'] === '') delete container['imagePullPolicy'];
  setDefault(container, 'imagePullPolicy', pullPolicy(textAt(container, 'image') ?? ''));
}

function volumeDefaults(volume: JsonObject): void {
  if (Object.keys(volume).length === 1 && 'name' in volume) volume['emptyDir'] = {};
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const found = objectAt(volume, source);
    if (found) setDefault(found, 'defaultMode', 420);
  }
  for (const item of objectsAt(volume, 'downwardAPI', 'items')) {
    const reference = objectAt(item, 'fieldRef');
    if (reference) setDefault(reference, 'apiVersion', 'v1');
  }
  for (const source of objectsAt(volume, 'projected', 'sources')) {
    const token = objectAt(source, 'serviceAccountToken');
    if (token) setDefault(token, 'expirationSeconds', 3600);
    for (const item of objectsAt(source, 'downwardAPI', 'items')) {
      const reference = objectAt(item, 'fieldRef');
      if (reference) setDefault(reference, 'apiVersion', 'v1');
    }
  }
  const path = objectAt(volume, 'hostPath');
  if (path) setDefault(path, 'type', '');
  const claim = objectAt(volume, 'ephemeral', 'volumeClaimTemplate', 'spec');
  if (claim) setDefault(claim, 'volumeMode', 'Filesystem');
}

/** Defaults of a pod's specification wherever it stands: in a pod or in a template. */
export function podSpecDefaults(spec: JsonObject): void {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const container of objectsAt(spec, list)) containerDefaults(container);
  }
  for (const volume of objectsAt(spec, 'volumes')) volumeDefaults(volume);
  setDefault(spec, 'restartPolicy', 'Always');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  // Less than nothing is as little as there is.
  if (Number(spec['terminationGracePeriodSeconds']) < 0) spec['terminationGracePeriodSeconds'] = 1;
  setDefault(spec, 'dnsPolicy', 'ClusterFirst');
  setDefault(spec, 'securityContext', {});
  setDefault(spec, 'schedulerName', 'default-scheduler');
  // The two names of one field: each is filled from the other.
  const account = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount');
  if (account !== undefined && account !== '') {
    spec['serviceAccountName'] = account;
    spec['serviceAccount'] = account;
  }
}

/** Defaults of the template in a workload's `spec`. */
export function templateDefaults(owner: JsonObject): void {
  const spec = objectAt(owner, 'spec');
  // Replication controllers alone may do without one.
  if (!spec || (owner['kind'] === 'ReplicationController' && spec['template'] === undefined)) return;
  const template = ensureObject(spec, 'template');
  const metadata = ensureObject(template, 'metadata');
  setNullTimestamp(metadata);
  podSpecDefaults(ensureObject(template, 'spec'));
}

/** Templates show a null `creationTimestamp`, which the real server writes for every metadata of its own types. */
function setNullTimestamp(metadata: JsonObject): void {
  if (metadata['creationTimestamp'] === undefined) metadata['creationTimestamp'] = null;
}

function podOnly(pod: JsonObject): void {
  const spec = ensureObject(pod, 'spec');
  podSpecDefaults(spec);
  for (const container of [...objectsAt(spec, 'containers'), ...objectsAt(spec, 'initContainers')]) {
    const limits = objectAt(container, 'resources', 'limits');
    if (limits) {
      const requests = ensureObject(ensureObject(container, 'resources'), 'requests');
      for (const [name, value] of Object.entries(limits)) setDefault(requests, name, value);
    }
    if (spec['hostNetwork'] === true) {
      for (const port of objectsAt(container, 'ports')) {
        const number = port['containerPort'];
        if (number !== undefined) setDefault(port, 'hostPort', number);
      }
    }
  }
  setDefault(spec, 'enableServiceLinks', true);
  if (!isObject(pod['status'])) return;
  if (listAt(pod, 'status', 'conditions').length === 0) delete pod['status']['conditions'];
}

export const podDefaults: Readonly<Record<string, (object: JsonObject) => void>> = {
  pods: podOnly,
  podtemplates: (object) => {
    podSpecDefaults(ensureObject(ensureObject(object, 'template'), 'spec'));
  },
};
