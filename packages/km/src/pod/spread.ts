import { matchesLabelSelector, type LabelSelector, type Node, type Pod, type PodSpec } from '@kmd/kube-client';
import { countByDomain, domainOf, namespaceOf, type Neighbourhood, type NodeRule } from './neighbour.js';
import { misplaces, repels } from './placement.js';

type Constraint = NonNullable<PodSpec['topologySpreadConstraints']>[number];

/** What a constraint that may be broken (`ScheduleAnyway`) weighs, for each pod too many: as much as the strongest preference. */
const WEIGHT = 100;

/** The constraint's pods: its selector, and the pod's own values of `matchLabelKeys`. */
function selectorOf({ labelSelector, matchLabelKeys = [] }: Constraint, { metadata }: Pod): LabelSelector | undefined {
  const own = matchLabelKeys.flatMap((key) => {
    const value = metadata?.labels?.[key];
    return value === undefined ? [] : [{ key, operator: 'In', values: [value] }];
  });
  return labelSelector && { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...own] };
}

/** Whether the pods on a node count: by default on nodes of the pod's selector and affinity, tainted or not. */
function counts(node: Node, pod: Pod, { topologyKey, nodeAffinityPolicy, nodeTaintsPolicy }: Constraint): boolean {
  if (domainOf(node, topologyKey) === undefined) return false;
  if (nodeAffinityPolicy !== 'Ignore' && misplaces(pod, node) !== undefined) return false;
  return nodeTaintsPolicy !== 'Honor' || repels(pod, node) === undefined;
}

/** The pod's topology spread constraints: how many of its like are in each domain, and how far one may have more than another. */
export function spreadRules(pod: Pod, neighbourhood: Neighbourhood): NodeRule[] {
  return (pod.spec?.topologySpreadConstraints ?? []).map((constraint) => spreadRule(constraint, pod, neighbourhood));
}

function spreadRule(constraint: Constraint, pod: Pod, { nodes, neighbours }: Neighbourhood): NodeRule {
  const { topologyKey, maxSkew, minDomains = 1, whenUnsatisfiable } = constraint;
  const selector = selectorOf(constraint, pod);
  const like = neighbours.filter(
    (other) =>
      other.pod.metadata?.deletionTimestamp === undefined &&
      namespaceOf(other.pod) === namespaceOf(pod) &&
      matchesLabelSelector(selector, other.pod.metadata?.labels) &&
      counts(other.node, pod, constraint),
  );
  const count = countByDomain(like, topologyKey);
  const eligible = nodes.filter((node) => counts(node, pod, constraint));
  const domains = new Set(eligible.map((node) => domainOf(node, topologyKey)));
  const least = domains.size < minDomains || domains.size === 0 ? 0 : Math.min(...eligible.map(count));
  const itself = matchesLabelSelector(selector, pod.metadata?.labels) ? 1 : 0;
  const excess = (node: Node): number =>
    domainOf(node, topologyKey) === undefined ? Infinity : count(node) + itself - least - maxSkew;
  if (whenUnsatisfiable === 'ScheduleAnyway')
    return { cost: (node) => WEIGHT * Math.min(Math.max(excess(node), 0), nodes.length) };
  return {
    forbids(node) {
      const over = excess(node);
      if (over <= 0) return undefined;
      return over === Infinity
        ? `without label ${topologyKey} (topology spread)`
        : `with more pods of its like than the topology spread allows (${topologyKey}, max skew ${maxSkew})`;
    },
  };
}
