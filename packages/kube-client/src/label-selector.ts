import { meetsRequirement } from './node-terms.js';

/** A `LabelSelector` of the API: all of `matchLabels` and all of `matchExpressions`. */
export interface LabelSelector {
  matchLabels?: Readonly<Record<string, string>>;
  matchExpressions?: readonly { key: string; operator: string; values?: readonly string[] }[];
}

/** Whether a label selector matches: an empty one everything, an absent one nothing (Kubernetes' `LabelSelectorAsSelector`). */
export function matchesLabelSelector(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  if (!selector) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels?.[key] === value) &&
    matchExpressions.every((expression) => meetsRequirement(labels?.[expression.key], expression))
  );
}
