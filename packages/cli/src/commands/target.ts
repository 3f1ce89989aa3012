import { ClusterError, type KubernetesTarget } from '@kmd/cluster';
import type { Streams } from '../streams.js';

/** Which Kubernetes a command is about. */
export interface TargetFlags {
  name?: string | undefined;
  kubeconfig?: string | undefined;
  context?: string | undefined;
}

/** A cluster of kmd's unless a kubeconfig or a context is named. */
export function targetOf({ name, kubeconfig, context }: TargetFlags, { environment }: Streams): KubernetesTarget {
  const elsewhere = kubeconfig !== undefined || context !== undefined;
  if (elsewhere && name !== undefined)
    throw new ClusterError(
      'InvalidSpec',
      "--name is a cluster of kmd's, --kubeconfig and --context name any other: give one of them",
    );
  return elsewhere ? { kubeconfig, context, environment } : { cluster: name ?? 'local', environment };
}
