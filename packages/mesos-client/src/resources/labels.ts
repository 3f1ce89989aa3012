import type { Label, Labels } from '../types/ids.js';

/** Labels have no order, but may repeat. */
export function equalLabels(left: Labels | undefined, right: Labels | undefined): boolean {
  const a = (left?.labels ?? []).map(keyOf).sort();
  const b = (right?.labels ?? []).map(keyOf).sort();
  return a.length === b.length && a.every((key, i) => key === b[i]);
}

/** `{key: value, key}`. */
export function printLabels(labels: Labels | undefined): string {
  const entries = (labels?.labels ?? []).map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`));
  return `{${entries.join(', ')}}`;
}

function keyOf({ key, value }: Label): string {
  return JSON.stringify([key, value]);
}
