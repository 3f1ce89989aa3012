import { matchesLabelSelector, type Pod, type PodSpec } from '@kmd/kube-client';
import {
  countByDomain,
  domainOf,
  namespaceOf,
  type Neighbour,
  type Neighbourhood,
  type NodeRule,
} from './neighbour.js';

type Affinity = NonNullable<PodSpec['affinity']>;
type Term = NonNullable<NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']>[number];
type WeightedTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['preferredDuringSchedulingIgnoredDuringExecution']
>[number];
type NamespaceLabels = Neighbourhood['namespaceLabels'];

/** Whether a term of `owner` speaks of the pod `other`: by its labels, in the owner's namespace if the term names no others. */
function speaksOf(term: Term, owner: Pod, other: Pod, namespaceLabels: NamespaceLabels): boolean {
  if (!matchesLabelSelector(term.labelSelector, other.metadata?.labels)) return false;
  const { namespaces = [], namespaceSelector } = term;
  const namespace = namespaceOf(other);
  if (namespaces.length === 0 && !namespaceSelector) return namespace === namespaceOf(owner);
  return namespaces.includes(namespace) || matchesLabelSelector(namespaceSelector, namespaceLabels(namespace));
}

const keepsAway = ({ spec }: Pod): readonly Term[] =>
  spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** Whether a pod wants certain others kept away from it, those that come later too. */
export const isExclusive = (pod: Pod): boolean => keepsAway(pod).length > 0;

/**
 * The pod's affinity and anti-affinity to other pods. Against Kubernetes, what running pods would *prefer* to have beside them is not
 * asked; what they require is, by {@link exclusionRules}.
 */
export function affinityRules(pod: Pod, { neighbours, namespaceLabels }: Neighbourhood): NodeRule[] {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  const othersOf = (term: Term): Neighbour[] =>
    neighbours.filter((other) => speaksOf(term, pod, other.pod, namespaceLabels));
  const near = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const prefer = ({ weight, podAffinityTerm: term }: WeightedTerm, wanted: boolean): NodeRule => {
    const count = countByDomain(othersOf(term), term.topologyKey);
    return { cost: (node) => (count(node) > 0 === wanted ? 0 : weight) };
  };
  return [
    ...(near.length > 0 ? [requireNear(near, pod, { neighbours, namespaceLabels })] : []),
    ...keepsAway(pod).map((term): NodeRule => {
      const count = countByDomain(othersOf(term), term.topologyKey);
      return { forbids: (node) => excluded(count(node) > 0, term) };
    }),
    ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => prefer(term, true)),
    ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => prefer(term, false)),
  ];
}

/** All terms speak of the same pods. Where there is none anywhere and the pod is one of them itself, it is the first (as in Kubernetes). */
function requireNear(
  terms: readonly Term[],
  pod: Pod,
  { neighbours, namespaceLabels }: Omit<Neighbourhood, 'nodes'>,
): NodeRule {
  const isWanted = (other: Pod): boolean => terms.every((term) => speaksOf(term, pod, other, namespaceLabels));
  const wanted = neighbours.filter((other) => isWanted(other.pod));
  const isFirst = wanted.length === 0 && isWanted(pod);
  const counts = terms.map(({ topologyKey }) => ({ topologyKey, count: countByDomain(wanted, topologyKey) }));
  return {
    forbids(node) {
      const lacking = counts.find(({ topologyKey, count }) =>
        isFirst ? domainOf(node, topologyKey) === undefined : count(node) === 0,
      );
      return lacking && `without a pod that the pod affinity asks for (${lacking.topologyKey})`;
    },
  };
}

const excluded = (is: boolean, { topologyKey }: Term): string | undefined =>
  is ? `with a pod that anti-affinity keeps apart (${topologyKey})` : undefined;

/** What pods that run already require to have kept away from them. */
export function exclusionRules(
  pod: Pod,
  exclusive: readonly Neighbour[],
  namespaceLabels: NamespaceLabels,
): NodeRule[] {
  return exclusive.flatMap(({ pod: other, node: there }) =>
    keepsAway(other)
      .filter((term) => speaksOf(term, other, pod, namespaceLabels))
      .map((term): NodeRule => {
        const domain = domainOf(there, term.topologyKey);
        return {
          forbids: (node) => excluded(domain !== undefined && domainOf(node, term.topologyKey) === domain, term),
        };
      }),
  );
}
