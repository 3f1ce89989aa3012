import { matchesNodeTerm, tolerates, type Node, type Pod } from '@kmd/kube-client';

type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/**
 * Why a pod may not run on a node, or undefined when it may: its node name, node selector, required node affinity, and the node's
 * cordon and taints. What other pods run there (pod affinity, spread) is not asked.
 */
export function forbidsNode(pod: Pod, node: Node): string | undefined {
  const { nodeName, nodeSelector = {}, affinity, tolerations = [] } = pod.spec ?? {};
  // Whoever names the node has decided, and cordons and taints do not hold him (as in Kubernetes); NoExecute taints do.
  if (nodeName) return nodeName === node.metadata?.name ? undefined : `the pod names node ${nodeName}`;
  const labels = node.metadata?.labels ?? {};
  for (const [key, value] of Object.entries(nodeSelector))
    if (labels[key] !== value) return `node selector ${key}=${value} wanted, ${labels[key] ?? 'no such label'} found`;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms && !terms.some((term) => matchesNodeTerm(node, term))) return 'required node affinity does not match';
  const taints = [...(node.spec?.taints ?? [])];
  const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  if (node.spec?.unschedulable && !taints.some(({ key }) => key === unschedulable.key)) taints.push(unschedulable);
  for (const taint of taints) {
    if (taint.effect === 'PreferNoSchedule' || tolerations.some((toleration) => tolerates(toleration, taint))) continue;
    if (taint.key === unschedulable.key) return 'the node is cordoned';
    return `taint ${taint.key}${taint.value ? `=${taint.value}` : ''}:${taint.effect} is not tolerated`;
  }
  return undefined;
}
