export {
  type Cluster,
  type ClusterHandle,
  type ClusterSummary,
  createCluster,
  listClusters,
  openCluster,
} from './cluster.js';
export type { RuntimeStatus, ServiceStatus } from './control/protocol.js';
export { type Check, diagnose } from './doctor.js';
export { ClusterError, type ClusterErrorCode } from './errors.js';
export { findKubectl, requireCluster } from './kubectl.js';
export type { LogLine, LogOptions } from './logs.js';
export type { ClusterOptions, RuntimeName } from './options.js';
export type { ProgressEvent, ProgressListener } from './progress.js';
export type { ClusterPaths } from './state/paths.js';
export type { ClusterRecord } from './state/record.js';
export type { AddonStatus, AgentStatus, ClusterStatus, NodeStatus } from './status.js';
export { versions } from './versions.js';
