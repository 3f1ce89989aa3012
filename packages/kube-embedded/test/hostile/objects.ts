const container = {
  name: 'c',
  image: 'i',
  ports: [{ containerPort: 80 }],
  env: [{ name: 'A', value: 'b' }],
  resources: { requests: { cpu: '1' } },
};
const template = {
  metadata: { labels: { app: 'a' } },
  spec: { containers: [container], volumes: [{ name: 'v', emptyDir: {} }] },
};
const selector = { matchLabels: { app: 'a' } };
const meta = {
  name: 'a',
  namespace: 'fuzz',
  labels: { app: 'a' },
  annotations: { a: 'b' },
  ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' }],
  managedFields: [
    {
      manager: 'm',
      operation: 'Apply',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    },
  ],
};
const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: { size: { type: 'integer', default: 1, minimum: 0 }, name: { type: 'string', pattern: '^(a+)+$' } },
    },
  },
};

/** Objects of many kinds, all of their fields worth changing. */
export const objects: readonly unknown[] = [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: meta,
    data: { a: 'b' },
    binaryData: { c: 'aGk=' },
    immutable: false,
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta,
    spec: template.spec,
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta,
    spec: { replicas: 1, selector, template, strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta,
    spec: {
      serviceName: 'a',
      selector,
      template,
      volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'] } }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { type: 'NodePort', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30001 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'a' },
    spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
    status: { capacity: { cpu: '1' } },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fuzz' }, spec: { finalizers: ['kubernetes'] } },
  {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: meta,
    spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } }, completions: 1 },
  },
  {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: meta,
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: { spec: { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } } },
    },
  },
  {
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta,
    spec: { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'a' }, targetCPUUtilizationPercentage: 50 },
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.fuzz.example.com' },
    spec: {
      group: 'fuzz.example.com',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
          additionalPrinterColumns: [{ name: 'S', type: 'integer', jsonPath: '.spec.size' }],
        },
      ],
    },
  },
  {
    apiVersion: 'fuzz.example.com/v1',
    kind: 'Thing',
    metadata: meta,
    spec: { size: 2, name: 'aaaa' },
    status: { size: 1 },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: meta,
    type: 'kubernetes.io/basic-auth',
    data: { username: 'YQ==' },
    stringData: { password: 'b' },
  },
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: meta,
    // Nothing is to be asked at it.
    subsets: [{ notReadyAddresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }],
  },
  {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: meta,
    deleteOptions: { gracePeriodSeconds: 0, preconditions: { uid: 'a' } },
  },
  { apiVersion: 'v1', kind: 'Binding', metadata: meta, target: { kind: 'Node', name: 'a' } },
  { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: meta, spec: { replicas: 3 } },
  {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Foreground',
    preconditions: { resourceVersion: '1' },
    gracePeriodSeconds: 0,
  },
  {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { audiences: ['a'], expirationSeconds: 600, boundObjectRef: { kind: 'Pod', name: 'a' } },
  },
  {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user: 'a', groups: ['b'], resourceAttributes: { verb: 'get', resource: 'pods' } },
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'a' },
    rules: [{ verbs: ['*'], resources: ['*'], apiGroups: ['*'] }],
    aggregationRule: { clusterRoleSelectors: [selector] },
  },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: meta,
    spec: { hard: { pods: '5' }, scopes: ['BestEffort'] },
  },
  {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: meta,
    spec: { limits: [{ type: 'Container', max: { cpu: '2' }, default: { cpu: '1' } }] },
  },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: meta, spec: { minAvailable: '50%', selector } },
  {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: meta,
    eventTime: '2026-11-23T10:00:00.000000Z',
    action: 'a',
    reason: 'b',
    reportingController: 'c/d',
    reportingInstance: 'e',
    type: 'Normal',
    regarding: { kind: 'Pod', name: 'a', namespace: 'fuzz' },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta,
    spec: {
      rules: [
        {
          host: 'a.b',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
  [
    { op: 'add', path: '/data/x', value: 'y' },
    { op: 'copy', from: '/data', path: '/metadata/annotations/z' },
    { op: 'remove', path: '/metadata/labels/app' },
    { op: 'move', from: '/spec', path: '/status' },
    { op: 'test', path: '/spec/containers/0/name', value: 'c' },
    { op: 'replace', path: '', value: null },
  ],
];

/** Where a kind's objects are; of those that are left out anywhere will do. */
export const places: Readonly<Record<string, string>> = {
  ConfigMap: '/api/v1/namespaces/fuzz/configmaps',
  Pod: '/api/v1/namespaces/fuzz/pods',
  Deployment: '/apis/apps/v1/namespaces/fuzz/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/fuzz/statefulsets',
  Service: '/api/v1/namespaces/fuzz/services',
  Node: '/api/v1/nodes',
  Job: '/apis/batch/v1/namespaces/fuzz/jobs',
  CronJob: '/apis/batch/v1/namespaces/fuzz/cronjobs',
  CustomResourceDefinition: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  Thing: '/apis/fuzz.example.com/v1/namespaces/fuzz/things',
  Secret: '/api/v1/namespaces/fuzz/secrets',
  ResourceQuota: '/api/v1/namespaces/fuzz/resourcequotas',
  LimitRange: '/api/v1/namespaces/fuzz/limitranges',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/fuzz/ingresses',
};
