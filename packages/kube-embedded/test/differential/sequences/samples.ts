/** A kind, and an object of it that the real server takes. */
export interface Sample {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly cluster?: true;
  readonly scale?: true;
  readonly status?: unknown;
  /** All but `metadata`. */
  readonly rest: Readonly<Record<string, unknown>>;
  /** A change that the kind allows, as a merge patch. */
  readonly change?: Readonly<Record<string, unknown>>;
}

export const container = { name: 'main', image: 'nginx' };
export const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };
export const selector = { matchLabels: { app: 'web' } };
const onFailure = { spec: { containers: [container], restartPolicy: 'OnFailure' } };
const condition = {
  type: 'Known',
  status: 'True',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  reason: 'Told',
  message: 'said',
};

export const samples: readonly Sample[] = [
  {
    group: '',
    version: 'v1',
    plural: 'configmaps',
    kind: 'ConfigMap',
    rest: { data: { a: '1' }, binaryData: { b: 'AAE=' } },
    change: { data: { a: '2', c: '3' } },
  },
  {
    group: '',
    version: 'v1',
    plural: 'secrets',
    kind: 'Secret',
    rest: { stringData: { a: 'text' }, data: { b: 'AAE=' } },
    change: { stringData: { a: 'other' } },
  },
  {
    group: '',
    version: 'v1',
    plural: 'serviceaccounts',
    kind: 'ServiceAccount',
    rest: {},
    change: { automountServiceAccountToken: false },
  },
  {
    group: '',
    version: 'v1',
    plural: 'services',
    kind: 'Service',
    rest: { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
    change: { spec: { selector: { app: 'other' } } },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } },
  },
  {
    group: '',
    version: 'v1',
    plural: 'endpoints',
    kind: 'Endpoints',
    rest: { subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }] },
  },
  {
    group: '',
    version: 'v1',
    plural: 'pods',
    kind: 'Pod',
    rest: { spec: { containers: [container] } },
    change: { spec: { activeDeadlineSeconds: 60 } },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      podIP: '10.1.2.3',
      podIPs: [{ ip: '10.1.2.3' }],
    },
  },
  { group: '', version: 'v1', plural: 'podtemplates', kind: 'PodTemplate', rest: { template } },
  {
    group: '',
    version: 'v1',
    plural: 'replicationcontrollers',
    kind: 'ReplicationController',
    scale: true,
    rest: { spec: { template } },
    change: { spec: { replicas: 3 } },
    status: { replicas: 1, observedGeneration: 1 },
  },
  {
    group: '',
    version: 'v1',
    plural: 'limitranges',
    kind: 'LimitRange',
    rest: { spec: { limits: [{ type: 'Container', default: { cpu: '1' }, defaultRequest: { cpu: '100m' } }] } },
  },
  {
    group: '',
    version: 'v1',
    plural: 'resourcequotas',
    kind: 'ResourceQuota',
    rest: { spec: { hard: { pods: '10', 'requests.cpu': '2' } } },
    change: { spec: { hard: { pods: '5' } } },
    status: { hard: { pods: '10' }, used: { pods: '0' } },
  },
  {
    group: '',
    version: 'v1',
    plural: 'events',
    kind: 'Event',
    rest: {
      involvedObject: { kind: 'Pod', name: 'x', namespace: '{ns}' },
      reason: 'Made',
      message: 'it was made',
      type: 'Normal',
      source: { component: 'test' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 1,
    },
  },
  {
    group: '',
    version: 'v1',
    plural: 'persistentvolumeclaims',
    kind: 'PersistentVolumeClaim',
    rest: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
    status: { phase: 'Lost' },
  },
  {
    group: '',
    version: 'v1',
    plural: 'persistentvolumes',
    kind: 'PersistentVolume',
    cluster: true,
    rest: { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/tmp/x' } } },
    change: { spec: { capacity: { storage: '2Gi' } } },
    status: { phase: 'Available' },
  },
  {
    group: '',
    version: 'v1',
    plural: 'nodes',
    kind: 'Node',
    cluster: true,
    rest: {},
    change: { spec: { unschedulable: true } },
    status: { capacity: { cpu: '4', memory: '8Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    kind: 'Deployment',
    scale: true,
    rest: { spec: { selector, template } },
    change: { spec: { replicas: 3 } },
    status: { replicas: 1, observedGeneration: 1, conditions: [condition] },
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'replicasets',
    kind: 'ReplicaSet',
    scale: true,
    rest: { spec: { selector, template } },
    change: { spec: { replicas: 3 } },
    status: { replicas: 1, observedGeneration: 1 },
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'statefulsets',
    kind: 'StatefulSet',
    scale: true,
    rest: { spec: { serviceName: 'web', selector, template } },
    change: { spec: { replicas: 3 } },
    status: { replicas: 1, observedGeneration: 1 },
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'daemonsets',
    kind: 'DaemonSet',
    rest: { spec: { selector, template } },
    change: { spec: { minReadySeconds: 3 } },
    status: { currentNumberScheduled: 1, numberMisscheduled: 0, desiredNumberScheduled: 1, numberReady: 1 },
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'controllerrevisions',
    kind: 'ControllerRevision',
    rest: { revision: 1, data: { some: 'thing' } },
    change: { revision: 2 },
  },
  {
    group: 'batch',
    version: 'v1',
    plural: 'jobs',
    kind: 'Job',
    rest: { spec: { template: onFailure } },
    change: { spec: { parallelism: 2 } },
    status: { active: 1, startTime: '2026-01-01T00:00:00Z', ready: 0, terminating: 0, uncountedTerminatedPods: {} },
  },
  {
    group: 'batch',
    version: 'v1',
    plural: 'cronjobs',
    kind: 'CronJob',
    rest: { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: onFailure } } } },
    change: { spec: { suspend: true } },
    status: { lastScheduleTime: '2026-01-01T00:00:00Z' },
  },
  {
    group: 'autoscaling',
    version: 'v1',
    plural: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    rest: {
      spec: {
        maxReplicas: 5,
        targetCPUUtilizationPercentage: 50,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      },
    },
    change: { spec: { maxReplicas: 6 } },
    status: { currentReplicas: 1, desiredReplicas: 2 },
  },
  {
    group: 'autoscaling',
    version: 'v2',
    plural: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    rest: { spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } },
    change: { spec: { minReplicas: 2 } },
    status: { currentReplicas: 1, desiredReplicas: 2, currentMetrics: null },
  },
  {
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'ingresses',
    kind: 'Ingress',
    rest: {
      spec: {
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
    change: { spec: { ingressClassName: 'some' } },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } },
  },
  {
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'ingressclasses',
    kind: 'IngressClass',
    cluster: true,
    rest: { spec: { controller: 'example.com/x' } },
  },
  {
    group: 'networking.k8s.io',
    version: 'v1',
    plural: 'networkpolicies',
    kind: 'NetworkPolicy',
    rest: { spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } },
    change: { spec: { egress: [{}] } },
  },
  {
    group: 'policy',
    version: 'v1',
    plural: 'poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    rest: { spec: { minAvailable: 1, selector } },
    change: { spec: { minAvailable: 2 } },
    status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2, observedGeneration: 1 },
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural: 'roles',
    kind: 'Role',
    rest: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
    change: { rules: [] },
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural: 'rolebindings',
    kind: 'RoleBinding',
    rest: {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'ServiceAccount', name: 'default' },
        { kind: 'User', name: 'u' },
      ],
    },
    change: { subjects: [] },
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural: 'clusterroles',
    kind: 'ClusterRole',
    cluster: true,
    rest: { rules: [{ nonResourceURLs: ['/x'], verbs: ['get'] }] },
    change: { rules: [] },
  },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    plural: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    cluster: true,
    rest: {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'Group', name: 'g' }],
    },
    change: { subjects: [] },
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    plural: 'storageclasses',
    kind: 'StorageClass',
    cluster: true,
    rest: { provisioner: 'example.com/x' },
    change: { allowVolumeExpansion: true },
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    plural: 'csidrivers',
    kind: 'CSIDriver',
    cluster: true,
    rest: { spec: {} },
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    plural: 'csinodes',
    kind: 'CSINode',
    cluster: true,
    rest: { spec: { drivers: [] } },
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    plural: 'csistoragecapacities',
    kind: 'CSIStorageCapacity',
    rest: { storageClassName: 'some', capacity: '1Gi' },
    change: { capacity: '2Gi' },
  },
  {
    group: 'storage.k8s.io',
    version: 'v1',
    plural: 'volumeattachments',
    kind: 'VolumeAttachment',
    cluster: true,
    rest: { spec: { attacher: 'example.com', nodeName: 'n', source: { persistentVolumeName: 'pv' } } },
    status: { attached: true },
  },
  {
    group: 'scheduling.k8s.io',
    version: 'v1',
    plural: 'priorityclasses',
    kind: 'PriorityClass',
    cluster: true,
    rest: { value: 10 },
    change: { description: 'told' },
  },
  {
    group: 'coordination.k8s.io',
    version: 'v1',
    plural: 'leases',
    kind: 'Lease',
    rest: { spec: { holderIdentity: 'me', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' } },
    change: { spec: { holderIdentity: 'you' } },
  },
  {
    group: 'discovery.k8s.io',
    version: 'v1',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    rest: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.2.3'] }], ports: [{ port: 80 }] },
  },
  {
    group: 'events.k8s.io',
    version: 'v1',
    plural: 'events',
    kind: 'Event',
    rest: {
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/c',
      reportingInstance: 'i',
      action: 'Do',
      reason: 'Made',
      regarding: { kind: 'Pod', name: 'x', namespace: '{ns}' },
      note: 'it was made',
      type: 'Normal',
    },
  },
];

export const apiVersionOf = ({ group, version }: Pick<Sample, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `/apis/apps/v1/namespaces/{ns}/deployments` */
export function collection(sample: Sample): string {
  const root = sample.group === '' ? `/api/${sample.version}` : `/apis/${sample.group}/${sample.version}`;
  return sample.cluster ? `${root}/${sample.plural}` : `${root}/namespaces/{ns}/${sample.plural}`;
}

/** Objects of the whole cluster are told apart by the sequence's namespace. */
export const nameIn = (sample: Sample, name: string): string => (sample.cluster ? `${name}-{ns}` : name);

export const object = (
  sample: Sample,
  name: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  apiVersion: apiVersionOf(sample),
  kind: sample.kind,
  metadata: { name: nameIn(sample, name), ...metadata },
  ...sample.rest,
});
