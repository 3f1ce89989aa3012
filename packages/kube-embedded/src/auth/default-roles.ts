import type { JsonObject } from '../json/tree.js';

/** A cluster role that is there from the beginning. */
export interface DefaultRole {
  /** None of its own where it is put together from others. */
  readonly rules?: readonly JsonObject[];
  /** The roles `admin`, `edit` and `view` are put together from those that say so by a label. */
  readonly partOf?: Aggregated;
  readonly aggregated?: Aggregated;
}
type Aggregated = 'admin' | 'edit' | 'view';

const rule = (apiGroups: string[], resources: string[], verbs: string[]): JsonObject => ({
  apiGroups,
  resources: resources.toSorted(),
  verbs,
});
const gets = (...nonResourceURLs: string[]): JsonObject => ({ nonResourceURLs, verbs: ['get'] });
const reading = ['get', 'list', 'watch'];
const writing = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const everything = [...reading, ...writing].sort();
const statusOf = (...resources: string[]): string[] => resources.flatMap((name) => [name, `${name}/status`]);
const scalesOf = (...resources: string[]): string[] => resources.flatMap((name) => [name, `${name}/scale`]);

/** What is kept in a namespace without letting anybody become more than he is. */
const coreObjects = ['configmaps', 'persistentvolumeclaims', 'serviceaccounts', 'services'];
const scaledCoreObjects = scalesOf('replicationcontrollers');
const connections = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'];
const scaledApps = ['deployments', 'replicasets', 'statefulsets'];
const scaledExtensions = ['deployments', 'replicasets'];

const view: readonly JsonObject[] = [
  rule(
    [''],
    [...coreObjects, ...scaledCoreObjects, 'endpoints', 'persistentvolumeclaims/status', 'pods', 'services/status'],
    reading,
  ),
  rule(
    [''],
    [
      ...['bindings', 'events', 'limitranges', 'namespaces/status', 'pods/log', 'pods/status'],
      ...['replicationcontrollers/status', ...statusOf('resourcequotas')],
    ],
    reading,
  ),
  rule([''], ['namespaces'], reading),
  rule(['discovery.k8s.io'], ['endpointslices'], reading),
  rule(
    ['apps'],
    [
      ...['controllerrevisions', ...statusOf('daemonsets', ...scaledApps)],
      ...scaledApps.map((name) => `${name}/scale`),
    ],
    reading,
  ),
  rule(['autoscaling'], statusOf('horizontalpodautoscalers'), reading),
  rule(['batch'], statusOf('cronjobs', 'jobs'), reading),
  rule(
    ['extensions'],
    [
      ...statusOf('daemonsets', 'ingresses', ...scaledExtensions),
      ...scaledExtensions.map((name) => `${name}/scale`),
      ...['networkpolicies', 'replicationcontrollers/scale'],
    ],
    reading,
  ),
  rule(['policy'], statusOf('poddisruptionbudgets'), reading),
  rule(['networking.k8s.io'], [...statusOf('ingresses'), 'networkpolicies'], reading),
];
const edit: readonly JsonObject[] = [
  rule([''], [...connections, 'secrets', 'services/proxy'], reading),
  rule([''], ['serviceaccounts'], ['impersonate']),
  rule([''], ['pods', ...connections], writing),
  rule([''], ['pods/eviction'], ['create']),
  rule([''], [...coreObjects, ...scaledCoreObjects, 'events', 'secrets', 'services/proxy'], writing),
  rule([''], ['serviceaccounts/token'], ['create']),
  rule(['apps'], ['daemonsets', 'deployments/rollback', ...scalesOf(...scaledApps)], writing),
  rule(['autoscaling'], ['horizontalpodautoscalers'], writing),
  rule(['batch'], ['cronjobs', 'jobs'], writing),
  rule(
    ['extensions'],
    [
      ...['daemonsets', 'deployments/rollback', 'ingresses', 'networkpolicies', 'replicationcontrollers/scale'],
      ...scalesOf(...scaledExtensions),
    ],
    writing,
  ),
  rule(['policy'], ['poddisruptionbudgets'], writing),
  rule(['networking.k8s.io'], ['ingresses', 'networkpolicies'], writing),
  rule(['coordination.k8s.io'], ['leases'], everything),
];
const admin: readonly JsonObject[] = [
  rule(['authorization.k8s.io'], ['localsubjectaccessreviews'], ['create']),
  rule(['rbac.authorization.k8s.io'], ['rolebindings', 'roles'], everything),
];

/** The cluster roles for people that every cluster with RBAC has, by name. */
export const defaultClusterRoles: Readonly<Record<string, DefaultRole>> = {
  'cluster-admin': { rules: [rule(['*'], ['*'], ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }] },
  admin: { aggregated: 'admin' },
  edit: { aggregated: 'edit', partOf: 'admin' },
  view: { aggregated: 'view', partOf: 'edit' },
  'system:aggregate-to-admin': { rules: admin, partOf: 'admin' },
  'system:aggregate-to-edit': { rules: edit, partOf: 'edit' },
  'system:aggregate-to-view': { rules: view, partOf: 'view' },
  'system:basic-user': {
    rules: [
      rule(['authorization.k8s.io'], ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], ['create']),
      rule(['authentication.k8s.io'], ['selfsubjectreviews'], ['create']),
    ],
  },
  'system:discovery': {
    rules: [
      gets(
        ...['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz'],
        ...['/version', '/version/'],
      ),
    ],
  },
  'system:monitoring': {
    rules: [gets('/healthz', '/healthz/*', '/livez', '/livez/*', '/metrics', '/metrics/slis', '/readyz', '/readyz/*')],
  },
  'system:public-info-viewer': { rules: [gets('/healthz', '/livez', '/readyz', '/version', '/version/')] },
  'system:service-account-issuer-discovery': {
    rules: [
      gets(
        ...['/.well-known/openid-configuration', '/.well-known/openid-configuration/'],
        ...['/openid/v1/jwks', '/openid/v1/jwks/'],
      ),
    ],
  },
};

/** Which groups the roles are bound to from the beginning. */
export const defaultBindings: Readonly<Record<string, readonly string[]>> = {
  'cluster-admin': ['system:masters'],
  'system:basic-user': ['system:authenticated'],
  'system:discovery': ['system:authenticated'],
  'system:monitoring': ['system:monitoring'],
  'system:public-info-viewer': ['system:authenticated', 'system:unauthenticated'],
  'system:service-account-issuer-discovery': ['system:serviceaccounts'],
};
