/** Items of both, in order, without doubles. */
export function addSets(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])];
}

/** Items of `left` that are not in `right`, in order. */
export function subtractSets(left: readonly string[], right: readonly string[]): string[] {
  const removed = new Set(right);
  return left.filter((item) => !removed.has(item));
}

/** Whether every item of `part` is in `whole`. */
export function containsSet(whole: readonly string[], part: readonly string[]): boolean {
  const items = new Set(whole);
  return part.every((item) => items.has(item));
}

/** Sets have no order. (Mesos' own comparison of sets does look at it, by a slip of an index: src/v1/values.cpp.) */
export function equalSets(left: readonly string[], right: readonly string[]): boolean {
  return new Set(left).size === new Set(right).size && containsSet(left, right);
}

/** Order by inclusion: 0 equal, -1 if `left` is a proper part of `right`, else 1. */
export function compareSets(left: readonly string[], right: readonly string[]): -1 | 0 | 1 {
  if (equalSets(left, right)) return 0;
  return containsSet(right, left) ? -1 : 1;
}

/** `{a, b}`. */
export function printSet(items: readonly string[]): string {
  return `{${items.join(', ')}}`;
}
