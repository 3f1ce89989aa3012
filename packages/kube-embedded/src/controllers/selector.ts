import { meetsRequirement } from '@kmd/kube-client';

/** A `LabelSelector` of the API: all of `matchLabels` and all of `matchExpressions`. */
export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export type Labels = Readonly<Record<string, string>>;

/** Whether the labels carry every pair of the map. An empty map selects nothing: every caller here would otherwise take a whole namespace. */
export function matchesMap(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}

/** Whether a label selector matches; an absent or empty one selects nothing (see `matchesMap`), an unknown operator neither. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  const pairs = Object.entries(selector?.matchLabels ?? {});
  const expressions = selector?.matchExpressions ?? [];
  if (pairs.length + expressions.length === 0) return false;
  return (
    pairs.every(([key, value]) => labels?.[key] === value) &&
    expressions.every((expression) => meetsRequirement(labels?.[expression.key], expression))
  );
}
