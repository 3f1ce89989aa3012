import type { Environment } from './environment.js';

/** Which Kubernetes: a cluster of kmd's by its name, or any other by a context of a kubeconfig. */
export type KubernetesTarget =
  | { cluster: string; environment?: Environment | undefined }
  | { kubeconfig?: string | undefined; context?: string | undefined; environment?: Environment | undefined };
