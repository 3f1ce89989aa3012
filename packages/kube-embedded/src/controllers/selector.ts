import { matchesLabelSelector, type LabelSelector } from '@kmd/kube-client';

export type { LabelSelector };

export type Labels = Readonly<Record<string, string>>;

/** Whether the labels carry every pair of the map. An empty map selects nothing: every caller here would otherwise take a whole namespace. */
export function matchesMap(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const pairs = Object.entries(selector ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => labels?.[key] === value);
}

/** Whether a label selector matches; an absent or empty one selects nothing (see `matchesMap`), an unknown operator neither. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length + matchExpressions.length > 0 && matchesLabelSelector(selector, labels);
}
