import type { Pod } from '@kmd/kube-client';

/** The uid of the controller whose pod this is; undefined for a pod that somebody made by hand. */
export const controllerOf = ({ metadata }: Pod): string | undefined =>
  metadata?.ownerReferences?.find(({ controller }) => controller)?.uid;

/**
 * Pods with the same key ask for the same things: where one has found no place, the next need not look. Undefined for a pod that names its node.
 */
export function kinOf({ metadata, spec }: Pod): string | undefined {
  if (!spec || spec.nodeName) return undefined;
  return JSON.stringify([
    metadata?.namespace,
    metadata?.labels,
    metadata?.annotations,
    spec.containers.map(({ resources, ports }) => [resources, ports]),
    spec.initContainers,
    spec.hostNetwork,
    spec.nodeSelector,
    spec.tolerations,
    spec.affinity,
    spec.topologySpreadConstraints,
  ]);
}
