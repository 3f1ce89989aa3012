export {
  ensureCredentials,
  type CertificatePair,
  type Credentials,
  type CredentialsOptions,
} from './certificates/credentials.js';
export { CredentialsError, type CredentialsErrorCode } from './certificates/errors.js';
export { parseUsers, type UserLine } from './certificates/users-file.js';
export { firstServiceAddress } from './certificates/service-address.js';
export { readKubeContext, type KubeClientLocation, type KubeContext } from './kubeconfig/client-options.js';
export { renderKubeconfig, type KubeconfigEntry } from './kubeconfig/entry.js';
export { KubeconfigError, type KubeconfigErrorCode } from './kubeconfig/errors.js';
export {
  mergeKubeconfig,
  removeKubeconfig,
  type MergeOptions,
  type MergeResult,
  type RemoveOptions,
  type RemoveResult,
} from './kubeconfig/merge.js';
export { kubeconfigPaths, type KubeconfigLocation } from './kubeconfig/paths.js';
export type { LockOptions } from './kubeconfig/lock.js';
export { AddonError, type Addon, type AddonErrorCode, type Readiness } from './addons/addon.js';
export { deployAddons } from './addons/deploy.js';
export type { AddonProgress, DeployOptions } from './addons/progress.js';
export { dnsAddon, type DnsOptions } from './addons/dns.js';
export { readAddonFolder, type FolderOptions } from './addons/folder.js';
export { findAddons, listAddons, type InstalledAddon } from './addons/list.js';
export { describeState, lookAtAddon, type AddonState } from './addons/look.js';
export { removeAddon } from './addons/remove.js';
export { uiAddon, type UiOptions } from './addons/ui.js';
export { waitForAddon, type AddonWaitOptions, type AddonWaitProgress } from './addons/wait.js';
export type { Check } from './validation/check.js';
export type { TestPod } from './validation/test-pod.js';
export { validateCluster, type ValidationOptions } from './validation/validate.js';
