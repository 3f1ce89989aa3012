import type { Informer, Namespace, Node, Pod } from '@kmd/kube-client';
import { affinityRules, exclusionRules, isExclusive } from '../pod/affinity.js';
import type { Neighbour, Neighbourhood, NodeRule } from '../pod/neighbour.js';
import { isOver } from '../pod/phase.js';
import { spreadRules } from '../pod/spread.js';
import type { TaskRegistry } from './registry.js';

export interface NeighboursOptions {
  readonly pods: Informer<Pod>;
  readonly namespaces: Informer<Namespace>;
  readonly nodes: () => readonly Node[];
  readonly nodeOf: (hostname: string) => Node | undefined;
  /** Tells where pods are on their way to. */
  readonly registry: TaskRegistry;
}

/** Whether where a pod may go depends on where other pods are. */
export const asksOfOthers = ({ spec }: Pod): boolean =>
  spec?.affinity?.podAffinity !== undefined ||
  spec?.affinity?.podAntiAffinity !== undefined ||
  (spec?.topologySpreadConstraints?.length ?? 0) > 0;

/** Rules of pods about other pods. Pods that have none, while nobody minds them, cost nothing. */
export class Neighbours {
  readonly #options: NeighboursOptions;
  /** Pods that want others kept away, by uid. */
  readonly #exclusive = new Map<string, Pod>();

  constructor(options: NeighboursOptions) {
    this.#options = options;
    const see = (pod: Pod): void => {
      const uid = pod.metadata?.uid ?? '';
      if (isExclusive(pod) && !isOver(pod)) this.#exclusive.set(uid, pod);
      else this.#exclusive.delete(uid);
    };
    options.pods.subscribe({
      added: see,
      updated: see,
      deleted: ({ metadata }) => void this.#exclusive.delete(metadata?.uid ?? ''),
    });
  }

  /** The rules for a pod that is to be placed now; none for one that names its node, which has been decided. */
  rulesFor(pod: Pod): NodeRule[] {
    if (pod.spec?.nodeName) return [];
    const rules = exclusionRules(pod, this.#locate([...this.#exclusive.values()]), this.#namespaceLabels);
    if (!asksOfOthers(pod)) return rules;
    const neighbourhood: Neighbourhood = {
      nodes: this.#options.nodes(),
      neighbours: this.#locate(this.#options.pods.list()),
      namespaceLabels: this.#namespaceLabels,
    };
    return [...rules, ...affinityRules(pod, neighbourhood), ...spreadRules(pod, neighbourhood)];
  }

  #locate(candidates: readonly Pod[]): Neighbour[] {
    const { registry, nodeOf } = this.#options;
    return candidates.flatMap((pod) => {
      const hostname = pod.spec?.nodeName ?? registry.ofPod(pod.metadata?.uid ?? '')?.hostname;
      const node = hostname === undefined || isOver(pod) ? undefined : nodeOf(hostname);
      return node ? [{ pod, node }] : [];
    });
  }

  readonly #namespaceLabels = (name: string): Readonly<Record<string, string>> | undefined =>
    this.#options.namespaces.get(undefined, name)?.metadata?.labels;
}
