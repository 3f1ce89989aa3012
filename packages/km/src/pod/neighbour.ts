import type { Node, Pod } from '@kmd/kube-client';

/** A pod that runs, or is about to, on a node. */
export interface Neighbour {
  readonly pod: Pod;
  readonly node: Node;
}

/** Who is where, as far as rules about other pods need to know. */
export interface Neighbourhood {
  readonly nodes: readonly Node[];
  /** Pods with a place that have not ended. */
  readonly neighbours: readonly Neighbour[];
  readonly namespaceLabels: (namespace: string) => Readonly<Record<string, string>> | undefined;
}

/** What one of a pod's wishes makes of a node. */
export interface NodeRule {
  /** Why the pod may not run there, in words that are the same for every such node; undefined when it may. */
  readonly forbids?: (node: Node) => string | undefined;
  /** How much is against running there, in the weights of Kubernetes' preferences (1 to 100 each). */
  readonly cost?: (node: Node) => number;
}

export const namespaceOf = ({ metadata }: Pod): string => metadata?.namespace ?? 'default';

/** No value of a label. */
const NO_DOMAIN = '/';

/** The node's domain of a topology key; undefined where it has none. */
export const domainOf = ({ metadata }: Node, topologyKey: string): string | undefined =>
  metadata?.labels?.[topologyKey];

/** How many of the given pods are in the domain of a node; none where it has no domain. */
export function countByDomain(neighbours: readonly Neighbour[], topologyKey: string): (node: Node) => number {
  const counts = new Map<string, number>();
  for (const { node } of neighbours) {
    const domain = domainOf(node, topologyKey);
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return (node) => counts.get(domainOf(node, topologyKey) ?? NO_DOMAIN) ?? 0;
}
