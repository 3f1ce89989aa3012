export * from './annotation.js';
export { crc64, isExecutorId, nameExecutor } from './executor-id.js';
export {
  fitPod,
  needsOf,
  type ExecutorNeeds,
  type Fit,
  type NeedsOptions,
  type Place,
  type PodNeeds,
  type Unfit,
} from './offer/fit.js';
export { explainMisfits, type Lack, type Misfit } from './offer/lack.js';
export { roleOf, Stock, type PortRange } from './offer/stock.js';
export { containerDefaults, measurePod, type ContainerDefaults, type Demand } from './pod/demand.js';
export { forbidsNode } from './pod/placement.js';
export type { MappedPort, PortStrategy, PortWish } from './pod/ports.js';
export { chooseRoles, rolesOf, RolesError, type Roles } from './pod/roles.js';
export type { SchedulerOptions } from './scheduler/options.js';
export type { Placing } from './scheduler/placer.js';
export type { SchedulerHealth } from './scheduler/health.js';
export { startScheduler, type KmScheduler } from './scheduler/start.js';
export type { ListenOptions } from './scheduler/status-server.js';
export { agentNumber, PodAddresses } from './executor/addresses.js';
export { runExecutor, type ExecutorOptions } from './executor/executor.js';
export { hollowRuntime } from './executor/hollow.js';
export type { ContainerLog, LogLine, PodRun, PodRuntime, PodSite } from './executor/pod/runtime.js';
export { inheritedEnvironment } from './executor/process/inherited.js';
export { processRuntime, type ProcessRuntimeOptions } from './executor/process/process-runtime.js';
export { chooseRuntime } from './executor/runtimes.js';
export { StaticPodError } from './static-pod.js';
export { KubeFrameworkStore, type KubeFrameworkStoreOptions } from './framework/kube-framework-store.js';
export { LeaderElection, type ElectionOptions, type Leadership } from './framework/leader-election.js';
export { runFramework, type FrameworkOptions, type FrameworkState } from './framework/run-framework.js';
