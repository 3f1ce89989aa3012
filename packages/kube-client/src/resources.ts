import type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1.js';
import type { TokenReview } from 'kubernetes-types/authentication/v1.js';
import type { SubjectAccessReview } from 'kubernetes-types/authorization/v1.js';
import type { Lease } from 'kubernetes-types/coordination/v1.js';
import type {
  ConfigMap,
  Endpoints,
  Event,
  Namespace,
  Node,
  Pod,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1.js';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1.js';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-types/rbac/v1.js';
import type { KubeObject, Resource } from './api.js';

const core = <T extends KubeObject>(plural: string, kind: string, namespaced = true): Resource<T> => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});
const inGroup = <T extends KubeObject>(
  group: string,
  plural: string,
  kind: string,
  namespaced = true,
): Resource<T> => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced,
});

export const configMaps = core<ConfigMap>('configmaps', 'ConfigMap');
export const endpoints = core<Endpoints>('endpoints', 'Endpoints');
export const events = core<Event>('events', 'Event');
export const namespaces = core<Namespace>('namespaces', 'Namespace', false);
export const nodes = core<Node>('nodes', 'Node', false);
export const pods = core<Pod>('pods', 'Pod');
export const replicationControllers = core<ReplicationController>('replicationcontrollers', 'ReplicationController');
export const secrets = core<Secret>('secrets', 'Secret');
export const serviceAccounts = core<ServiceAccount>('serviceaccounts', 'ServiceAccount');
export const services = core<Service>('services', 'Service');
export const deployments = inGroup<Deployment>('apps', 'deployments', 'Deployment');
export const replicaSets = inGroup<ReplicaSet>('apps', 'replicasets', 'ReplicaSet');
export const leases = inGroup<Lease>('coordination.k8s.io', 'leases', 'Lease');
export const endpointSlices = inGroup<EndpointSlice>('discovery.k8s.io', 'endpointslices', 'EndpointSlice');

/** As much of a definition of custom resources as names them and tells whether they are served; schemas and columns are not typed. */
export interface CustomResourceDefinition extends KubeObject {
  spec?: {
    group: string;
    scope: string;
    names: { plural: string; kind: string };
    versions: { name: string; served: boolean; storage: boolean; schema?: object; subresources?: object }[];
  };
  status?: { conditions?: { type: string; status: string }[] };
}
export const customResourceDefinitions = inGroup<CustomResourceDefinition>(
  'apiextensions.k8s.io',
  'customresourcedefinitions',
  'CustomResourceDefinition',
  false,
);

const rbac = 'rbac.authorization.k8s.io';
export const clusterRoles = inGroup<ClusterRole>(rbac, 'clusterroles', 'ClusterRole', false);
export const clusterRoleBindings = inGroup<ClusterRoleBinding>(
  rbac,
  'clusterrolebindings',
  'ClusterRoleBinding',
  false,
);
export const roles = inGroup<Role>(rbac, 'roles', 'Role');
export const roleBindings = inGroup<RoleBinding>(rbac, 'rolebindings', 'RoleBinding');

/** Questions: what `create` answers has the answer in its status, and nothing is kept. */
export const tokenReviews = inGroup<TokenReview>('authentication.k8s.io', 'tokenreviews', 'TokenReview', false);
export const subjectAccessReviews = inGroup<SubjectAccessReview>(
  'authorization.k8s.io',
  'subjectaccessreviews',
  'SubjectAccessReview',
  false,
);
