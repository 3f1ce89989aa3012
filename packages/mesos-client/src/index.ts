export type * from './types/agent.js';
export type * from './types/container.js';
export type * from './types/executor.js';
export type * from './types/ids.js';
export type * from './types/master.js';
export type * from './types/node.js';
export type * from './types/offer.js';
export type * from './types/operator.js';
export type * from './types/resource.js';
export type * from './types/scheduler.js';
export type * from './types/statistics.js';
export type * from './types/task.js';
export * from './errors.js';
export { RecordIoDecoder, type RecordIoOptions } from './recordio/decoder.js';
export { encodeRecord } from './recordio/encoder.js';
export * from './resources/algebra.js';
export { equalAttributes, parseAttributes } from './resources/attributes.js';
export { ResourceCollection } from './resources/collection.js';
export { findResources } from './resources/find.js';
export { equalLabels } from './resources/labels.js';
export { applyOperation } from './resources/operations.js';
export { parseResources, type ParseResourcesOptions } from './resources/parse.js';
export { printResource, printResources, printValue } from './resources/print.js';
export * from './resources/quantities.js';
export * from './resources/ranges.js';
export * from './resources/reservations.js';
export { isEmptyResource, isPersistentVolume, isRevocable, isShared, upgradeResource } from './resources/resource.js';
export { ancestorsOfRole, isStrictSubroleOf, validateRole } from './resources/roles.js';
export { addScalars, compareScalars, printScalar, roundScalar, subtractScalars } from './resources/scalar.js';
export { addSets, compareSets, containsSet, equalSets, printSet, subtractSets } from './resources/string-set.js';
export { validateResource } from './resources/validate.js';
export type { Logger, LogMethod } from './logger.js';
export { Backoff, type BackoffOptions } from './backoff.js';
export { parseDuration, printDuration } from './duration.js';
export type { Transport, TransportRequest, TransportResponse } from './http/transport.js';
export { createNodeTransport, type NodeTransportOptions, type TlsOptions } from './http/node-transport.js';
export { CredentialsError, type Credentials } from './http/credentials.js';
export type { LeaderDetector } from './http/leader-detector.js';
export type { EndpointOptions } from './http/endpoint.js';
export { MesosHttpError, ProtocolError, UnreachableError } from './http/errors.js';
export { loadCodec, type Codec, type CodecOptions, type ContentType } from './codec/codec.js';
export { parseExactJson, printJson } from './codec/json.js';
export { validateCall, type CallKind } from './schema/validate-call.js';
export * from './scheduler/calls.js';
export { createSchedulerClient, type SchedulerClient } from './scheduler/client.js';
export {
  FencedError,
  FrameworkRemovedError,
  FrameworkStoreError,
  InvalidCallError,
  NotSubscribedError,
  SubscriptionRefusedError,
} from './scheduler/errors.js';
export { printMetrics, type MetricsOptions } from './scheduler/metrics.js';
export type { SchedulerMiddleware } from './scheduler/middleware.js';
export { acknowledgementOf, createAcknowledger, type AcknowledgerOptions } from './scheduler/acknowledger.js';
export { OfferStore, type OfferSource, type OfferStoreOptions } from './offers/offer-store.js';
export { Reconciler, type Reconciliation, type ReconcilerOptions } from './reconciliation/reconciler.js';
export { TaskStoreError } from './tasks/errors.js';
export { FileTaskStore } from './tasks/file-task-store.js';
export { isTerminal } from './tasks/task-state.js';
export { MemoryTaskStore, type TaskRecord, type TaskStore } from './tasks/task-store.js';
export { TaskTracker, type TaskTrackerOptions } from './tasks/task-tracker.js';
export { FileFrameworkStore, MemoryFrameworkStore, type FrameworkStore } from './scheduler/framework-store.js';
export type {
  Disconnected,
  SchedulerClientEvent,
  SchedulerClientOptions,
  SchedulerCounters,
} from './scheduler/options.js';
export {
  createExecutorClient,
  type ExecutorClient,
  type ExecutorClientOptions,
  type ExecutorEnd,
} from './executor/client.js';
export { EnvironmentError, parseExecutorEnvironment, type ExecutorEnvironment } from './executor/environment.js';
export type { AttachInputOptions, ContainerInput, ContainerOutput } from './operator/attach.js';
export type { CallOptions } from './operator/client.js';
export { createAgentClient, type AgentAnswer, type AgentClient, type AgentClientOptions } from './operator/agent.js';
export { createMasterClient, type MasterAnswer, type MasterClient } from './operator/master.js';
