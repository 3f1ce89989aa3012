import type { Check, TestPod } from '@kmd/kube-bootstrap';
import type { KubernetesTarget } from './target.js';

export interface ValidateOptions {
  /** Nodes that have to be ready, at least. Default: as many as the cluster has agents; elsewhere all that there are. */
  nodes?: number | undefined;
  /** The pod that is run to see whether pods run; `false`: none. */
  pod?: TestPod | false | undefined;
  signal?: AbortSignal | undefined;
}

export interface Validation {
  ok: boolean;
  checks: Check[];
}

/**
 * Looks once whether a Kubernetes works: its components, nodes and addons, of a cluster of kmd's its services and agents too, and whether a pod is run. What
 * fails is a check that is not `ok`.
 * @throws ClusterError `NotRunning` for a cluster that there is not, `InvalidSpec` for a kubeconfig that names none
 */
export async function validateKubernetes(target: KubernetesTarget, options?: ValidateOptions): Promise<Validation> {
  // Loaded here: no other command shall wait for it.
  const { validate } = await import('./kubernetes/validation.js');
  return validate(target, options);
}
