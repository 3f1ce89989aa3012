import type { Node, PodSpec } from 'kubernetes-types/core/v1.js';

type NodeTerm = NonNullable<
  NonNullable<
    NonNullable<NonNullable<PodSpec['affinity']>['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
  >['nodeSelectorTerms']
>[number];
type Toleration = NonNullable<PodSpec['tolerations']>[number];
type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/** One expression of a label selector or of a node selector term, without its key. */
export interface Requirement {
  /** `In`, `NotIn`, `Exists`, `DoesNotExist`; node selector terms have `Gt` and `Lt` as well. */
  operator: string;
  values?: readonly string[] | undefined;
}

/** Whether a value, or its absence, meets a requirement. An unknown operator is never met. */
export function meetsRequirement(value: string | undefined, { operator, values = [] }: Requirement): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** Whether a node matches a term of a node selector: all its expressions, and at least one (Kubernetes' NodeSelectorTerm). */
export function matchesNodeTerm(node: Node, { matchExpressions = [], matchFields = [] }: NodeTerm): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const { labels = {}, name } = node.metadata ?? {};
  return (
    matchExpressions.every((item) => meetsRequirement(labels[item.key], item)) &&
    matchFields.every((item) => meetsRequirement(item.key === 'metadata.name' ? name : undefined, item))
  );
}

/** Whether a toleration is one for the taint; an absent effect is for every effect, an absent key with `Exists` for every key. */
export const tolerates = (toleration: Toleration, taint: Taint): boolean =>
  (!toleration.effect || toleration.effect === taint.effect) &&
  (!toleration.key ? toleration.operator === 'Exists' : toleration.key === taint.key) &&
  (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? ''));
