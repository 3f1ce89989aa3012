import type { JsonObject } from '../json/tree.js';

const rule = (apiGroups: string[], resources: string[], verbs: string[]): JsonObject => ({
  apiGroups,
  resources,
  verbs,
});
const reading = ['get', 'list', 'watch'];
const writing = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const workloads: readonly (readonly [string, string[]])[] = [
  [
    'apps',
    [
      'daemonsets',
      'deployments',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  ],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['batch', ['cronjobs', 'jobs']],
  ['policy', ['poddisruptionbudgets']],
  ['networking.k8s.io', ['ingresses', 'networkpolicies']],
];
const coreObjects = [
  'configmaps',
  'endpoints',
  'events',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'replicationcontrollers/scale',
  'serviceaccounts',
  'services',
];

const view: JsonObject[] = [
  rule(
    [''],
    [...coreObjects, 'bindings', 'limitranges', 'namespaces', 'pods/log', 'pods/status', 'resourcequotas'],
    reading,
  ),
  rule(['discovery.k8s.io'], ['endpointslices'], reading),
  ...workloads.map(([group, resources]) => rule([group], resources, reading)),
];
const edit: JsonObject[] = [
  ...view,
  rule(
    [''],
    ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'],
    [...reading, ...writing],
  ),
  rule([''], ['pods/eviction', 'serviceaccounts/token'], ['create']),
  rule([''], ['serviceaccounts'], ['impersonate']),
  rule([''], coreObjects, writing),
  ...workloads.map(([group, resources]) => rule([group], resources, writing)),
  rule(['coordination.k8s.io'], ['leases'], [...reading, ...writing]),
];
const admin: JsonObject[] = [
  ...edit,
  rule(['authorization.k8s.io'], ['localsubjectaccessreviews'], ['create']),
  rule(['rbac.authorization.k8s.io'], ['rolebindings', 'roles'], [...reading, ...writing]),
];

/** Cluster roles that every cluster with RBAC has, by name. The real server puts `admin`, `edit` and `view` together by aggregation. */
export const defaultClusterRoles: Readonly<Record<string, readonly JsonObject[]>> = {
  'cluster-admin': [rule(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }],
  admin,
  edit,
  view,
  'system:basic-user': [
    rule(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
    rule(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
  ],
  'system:discovery': [
    {
      nonResourceURLs: [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
      verbs: ['get'],
    },
  ],
  'system:public-info-viewer': [
    { nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'], verbs: ['get'] },
  ],
};

/** Which groups the roles are bound to from the beginning. */
export const defaultBindings: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
};
