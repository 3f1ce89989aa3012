export {
  disableAddon,
  enableAddon,
  listAddonStates,
  type AddonChangeOptions,
  type AddonListing,
  type EnableOptions,
} from './addons.js';
export type { KubernetesTarget } from './target.js';
export type { AddonStatus } from './addons/state.js';
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
export { jsonLogger } from '@kmd/kube-client';
export { attachFramework } from './framework/attach.js';
export type { AttachOptions, Found } from './framework/options.js';
export { ClusterError, type ClusterErrorCode } from './errors.js';
export { findKubectl, requireCluster } from './kubectl.js';
export type { ScaleOptions, ScaleResult } from './life/scale.js';
export type { StopResult } from './life/stop.js';
export { buildImages, type BuildImagesOptions, type ImageResult } from './images/build-images.js';
export { cleanUp, type CleanupOptions, type Leftover } from './life/clean-up.js';
export { imageNames, type ImageName } from './images/recipe.js';
export type { LogLine, LogOptions } from './logs.js';
export type { ClusterOptions, RuntimeName } from './options.js';
export type { ProgressEvent, ProgressListener } from './progress.js';
export type { ClusterPaths } from './state/paths.js';
export type { ClusterRecord, DockerRecord, EmbeddedRecord } from './state/record.js';
export type { AgentStatus, ClusterStatus, NodeStatus } from './status.js';
export { validateKubernetes, type ValidateOptions, type Validation } from './validate.js';
export { versions } from './versions.js';
export type { LoadedImage, LoadImagesOptions } from './life/load-images.js';
