import { matchesNodeTerm, tolerates, type Node, type Pod } from '@kmd/kube-client';
import type { PodTemplate } from '../replication/kinds.js';

type PodSpec = NonNullable<Pod['spec']>;
type Toleration = NonNullable<PodSpec['tolerations']>[number];

const tolerate = (key: string, effect: string): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
});

/** What every daemon pod tolerates, as the real controller adds it. */
export const daemonTolerations: readonly Toleration[] = [
  tolerate('not-ready', 'NoExecute'),
  tolerate('unreachable', 'NoExecute'),
  tolerate('disk-pressure', 'NoSchedule'),
  tolerate('memory-pressure', 'NoSchedule'),
  tolerate('pid-pressure', 'NoSchedule'),
  tolerate('unschedulable', 'NoSchedule'),
];
const networkToleration = tolerate('network-unavailable', 'NoSchedule');

/** The template's pod spec for one node: bound to it by affinity to its name, so that the scheduler accounts for it. */
export function specForNode(template: PodTemplate, node: string): PodSpec | undefined {
  const { spec } = template;
  if (!spec) return undefined;
  const { affinity } = spec;
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }];
  const added = spec.hostNetwork === true ? [...daemonTolerations, networkToleration] : daemonTolerations;
  const present = spec.tolerations ?? [];
  const missing = added.filter(
    ({ key, effect }) =>
      !present.some((other) => other.key === key && other.effect === effect && other.operator === 'Exists'),
  );
  return {
    ...spec,
    affinity: {
      ...affinity,
      nodeAffinity: {
        ...affinity?.nodeAffinity,
        // Whether the node fits the template's own terms was judged before: the name alone decides now.
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
      },
    },
    tolerations: [...present, ...missing],
  };
}

/** The node that a daemon pod runs on or is meant for. */
export function nodeOf(pod: Pod): string | undefined {
  const { nodeName, affinity } = pod.spec ?? {};
  if (nodeName !== undefined && nodeName !== '') return nodeName;
  for (const term of affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    const field = term.matchFields?.find(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (field?.values?.length === 1) return field.values[0];
  }
  return undefined;
}

export interface Verdict {
  /** A pod is to be made there. */
  run: boolean;
  /** A pod that is there may stay. */
  stay: boolean;
}

/** Whether daemon pods of the template belong on the node. */
export function judgeNode(template: PodTemplate, node: Node): Verdict {
  const never = { run: false, stay: false };
  const labels = node.metadata?.labels ?? {};
  const { nodeName, nodeSelector = {}, affinity, tolerations = [], hostNetwork } = template.spec ?? {};
  if (nodeName !== undefined && nodeName !== '' && nodeName !== node.metadata?.name) return never;
  if (Object.entries(nodeSelector).some(([key, value]) => labels[key] !== value)) return never;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms !== undefined && !terms.some((term) => matchesNodeTerm(node, term))) return never;
  const all = [...tolerations, ...daemonTolerations, ...(hostNetwork === true ? [networkToleration] : [])];
  const open = (node.spec?.taints ?? []).filter((taint) => !all.some((toleration) => tolerates(toleration, taint)));
  const stay = !open.some(({ effect }) => effect === 'NoExecute');
  return { run: stay && !open.some(({ effect }) => effect === 'NoSchedule'), stay };
}
