import type { Pod } from '@kmd/kube-client';

/** The uid of the controller whose pod this is; undefined for a pod that somebody made by hand. */
export const controllerOf = ({ metadata }: Pod): string | undefined =>
  metadata?.ownerReferences?.find(({ controller }) => controller)?.uid;

/** Pods with the same key ask for the same things: those of one controller that name no node, while its template is the same. */
export function kinOf({ metadata, spec }: Pod): string | undefined {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller);
  if (!owner || !spec || spec.nodeName) return undefined;
  const shares = spec.containers.map(({ resources, ports }) => [resources, ports]);
  return JSON.stringify([
    owner.uid,
    shares,
    spec.nodeSelector,
    spec.tolerations,
    spec.affinity,
    spec.topologySpreadConstraints,
    metadata?.annotations,
    metadata?.labels,
  ]);
}
