export * from './api.js';
export { createBackoff, type Backoff, type BackoffOptions } from './backoff.js';
export { createKubeClient, type KubeClient, type KubeClientOptions, type RawRequestOptions } from './client.js';
export { systemClock, type Clock } from './clock.js';
export * from './errors.js';
export {
  createEventRecorder,
  type EventDescription,
  type EventRecorder,
  type EventRecorderOptions,
} from './event-recorder.js';
export { createInformer, type Informer, type InformerHandlers, type InformerOptions } from './informer.js';
export { jsonLogger, silentLogger, type Logger } from './logger.js';
export { listAll } from './pages.js';
export * from './resources.js';
export { apiVersionOf, resourcePath, withKind, type RequestTarget } from './url.js';
export { waitForOutcome, type Outcome, type OutcomeOptions } from './outcome.js';
export { waitFor, WaitTimeoutError, type Selector, type WaitOptions } from './wait.js';
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
  ObjectReference,
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
export type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-types/rbac/v1.js';
export { parseQuantity, printCpu, printMebibytes, QuantityError } from './quantity.js';
export { matchesLabelSelector, type LabelSelector } from './label-selector.js';
export { matchesNodeTerm, meetsRequirement, tolerates, type Requirement } from './node-terms.js';
