import { matchesNodeTerm, tolerates, type Node, type Pod } from '@kmd/kube-client';
import type { NodeRule } from './neighbour.js';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
/** What a taint weighs that only asks to be avoided: as much as the strongest preference. */
const AVOIDED = 100;

/** Why a node is not one of those that the pod asks for, by its selector and required node affinity. */
export function misplaces(pod: Pod, node: Node): string | undefined {
  const { nodeSelector = {}, affinity } = pod.spec ?? {};
  const labels = node.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(nodeSelector))
    if (labels[key] !== value) return `without label ${key}=${value} (node selector)`;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms && !terms.some((term) => matchesNodeTerm(node, term)))
    return 'other than the required node affinity asks for';
  return undefined;
}

const isTolerated = (taint: Taint, { spec }: Pod): boolean =>
  (spec?.tolerations ?? []).some((toleration) => tolerates(toleration, taint));

/** Why a node does not want the pod: its cordon and taints. */
export function repels(pod: Pod, node: Node): string | undefined {
  const taints = [...(node.spec?.taints ?? [])];
  if (node.spec?.unschedulable && !taints.some(({ key }) => key === UNSCHEDULABLE.key)) taints.push(UNSCHEDULABLE);
  for (const taint of taints) {
    if (taint.effect === 'PreferNoSchedule' || isTolerated(taint, pod)) continue;
    if (taint.key === UNSCHEDULABLE.key) return 'cordoned';
    return `with taint ${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect} that is not tolerated`;
  }
  return undefined;
}

/** Why a pod may not run on a node whatever else runs there, or undefined when it may: its node name, selector and affinity, the node's cordon and taints. */
export function forbidsNode(pod: Pod, node: Node): string | undefined {
  const { nodeName } = pod.spec ?? {};
  // Whoever names the node has decided, and cordons and taints do not hold him (as in Kubernetes); NoExecute taints do.
  if (nodeName) return nodeName === node.metadata?.name ? undefined : `other than node ${nodeName} that the pod names`;
  return misplaces(pod, node) ?? repels(pod, node);
}

/** What the pod, and the node by its taints, would rather have. */
export function nodePreference(pod: Pod): NodeRule {
  const terms = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    cost(node) {
      let cost = 0;
      for (const { weight, preference } of terms) if (!matchesNodeTerm(node, preference)) cost += weight;
      for (const taint of node.spec?.taints ?? [])
        if (taint.effect === 'PreferNoSchedule' && !isTolerated(taint, pod)) cost += AVOIDED;
      return cost;
    },
  };
}
