import { type Json, type JsonObject, clone, isObject } from '../json/tree.js';
import type { Kind } from './kind.js';

const metadata = { creationTimestamp: null };
const template: JsonObject = { metadata, spec: { containers: null } };
const scaleTarget: JsonObject = { kind: '', name: '' };
const role: JsonObject = { apiGroup: '', kind: '', name: '' };
const counts = (...names: string[]): JsonObject => Object.fromEntries(names.map((name) => [name, 0]));
const texts = (...names: string[]): JsonObject => Object.fromEntries(names.map((name) => [name, '']));

/**
 * What the real server writes of an object that says nothing: parts that its types hold by value and fields that they do not omit. They are there
 * before anybody sets them, so nobody is their manager.
 */
const zeros: Readonly<Record<string, JsonObject>> = {
  endpoints: {},
  events: {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    ...texts('reportingComponent', 'reportingInstance'),
  },
  limitranges: { spec: { limits: null } },
  namespaces: { spec: {}, status: {} },
  nodes: {
    spec: {},
    status: {
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: texts(
        'machineID',
        'systemUUID',
        'bootID',
        'kernelVersion',
        'osImage',
        'containerRuntimeVersion',
        'kubeletVersion',
        'kubeProxyVersion',
        'operatingSystem',
        'architecture',
      ),
    },
  },
  persistentvolumeclaims: { spec: { resources: {} }, status: {} },
  persistentvolumes: { spec: {}, status: {} },
  pods: { spec: { containers: null }, status: {} },
  podtemplates: { template },
  replicationcontrollers: { spec: {}, status: counts('replicas') },
  resourcequotas: { spec: {}, status: {} },
  services: { spec: {}, status: { loadBalancer: {} } },
  'controllerrevisions.apps': counts('revision'),
  'daemonsets.apps': {
    spec: { selector: null, template, updateStrategy: {} },
    status: counts('currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady'),
  },
  'deployments.apps': { spec: { selector: null, template, strategy: {} }, status: {} },
  'replicasets.apps': { spec: { selector: null, template }, status: counts('replicas') },
  'statefulsets.apps': {
    spec: { selector: null, template, serviceName: '', updateStrategy: {} },
    status: counts('replicas', 'availableReplicas'),
  },
  'cronjobs.batch': { spec: { schedule: '', jobTemplate: { metadata, spec: { template } } }, status: {} },
  'jobs.batch': { spec: { template }, status: {} },
  'horizontalpodautoscalers.autoscaling': {
    spec: { scaleTargetRef: scaleTarget, maxReplicas: 0 },
    status: { desiredReplicas: 0, currentMetrics: null },
  },
  'ingressclasses.networking.k8s.io': { spec: {} },
  'ingresses.networking.k8s.io': { spec: {}, status: { loadBalancer: {} } },
  'networkpolicies.networking.k8s.io': { spec: { podSelector: {} } },
  'poddisruptionbudgets.policy': {
    spec: {},
    status: counts('disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'),
  },
  'clusterrolebindings.rbac.authorization.k8s.io': { roleRef: role },
  'clusterroles.rbac.authorization.k8s.io': { rules: null },
  'rolebindings.rbac.authorization.k8s.io': { roleRef: role },
  'roles.rbac.authorization.k8s.io': { rules: null },
  'csidrivers.storage.k8s.io': { spec: {} },
  'csinodes.storage.k8s.io': { spec: { drivers: null } },
  'csistoragecapacities.storage.k8s.io': texts('storageClassName'),
  'storageclasses.storage.k8s.io': texts('provisioner'),
  'volumeattachments.storage.k8s.io': {
    spec: { ...texts('attacher', 'nodeName'), source: {} },
    status: { attached: false },
  },
  'priorityclasses.scheduling.k8s.io': counts('value'),
  'leases.coordination.k8s.io': { spec: {} },
  'endpointslices.discovery.k8s.io': { addressType: '', endpoints: null, ports: null },
  'customresourcedefinitions.apiextensions.k8s.io': {
    spec: { group: '', names: texts('plural', 'kind'), scope: '', versions: null },
    status: { conditions: null, acceptedNames: texts('plural', 'kind'), storedVersions: null },
  },
};

const nothing: JsonObject = {};

/** An object of a stored kind that says nothing. Shared: copy before changing. */
export const zeroOf = (kind: Kind): JsonObject => zeros[kind.store] ?? nothing;

/** Lists that are written even when they hold nothing are kept as `null`: the real server's storage knows no empty list. Changes `object`. */
export function emptyToNull(kind: Kind, object: JsonObject): void {
  const walk = (value: JsonObject, zero: JsonObject): void => {
    for (const [key, wanted] of Object.entries<Json>(zero)) {
      const found = value[key];
      if (wanted === null && Array.isArray(found) && found.length === 0) value[key] = null;
      else if (isObject(found) && isObject(wanted)) walk(found, wanted);
    }
  };
  walk(object, zeroOf(kind));
}

/** Adds what the real server writes although nobody said it. Changes `object`. */
export function fillZeros(kind: Kind, object: JsonObject): void {
  const fill = (value: JsonObject, zero: JsonObject): void => {
    for (const [key, wanted] of Object.entries<Json>(zero)) {
      const found = value[key];
      if (found === undefined) value[key] = clone(wanted);
      else if (isObject(found) && isObject(wanted)) fill(found, wanted);
    }
  };
  fill(object, zeroOf(kind));
}
