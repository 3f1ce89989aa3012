export * from './api.js';
export * from './errors.js';
export * from './resources.js';
export type { Deployment, ReplicaSet } from 'kubernetes-types/apps/v1.js';
export type { Lease } from 'kubernetes-types/coordination/v1.js';
export type {
  ConfigMap,
  Container,
  ContainerStatus,
  Endpoints,
  Event,
  Namespace,
  Node,
  Pod,
  PodCondition,
  PodSpec,
  PodStatus,
  ReplicationController,
  Secret,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1.js';
export type { EndpointSlice } from 'kubernetes-types/discovery/v1.js';
export type { ObjectMeta, OwnerReference } from 'kubernetes-types/meta/v1.js';
