/**
 * A value in a form whose text is equal for equal API values: keys sorted, and `undefined`, `null`, empty lists and empty maps left out, for
 * the API treats them as absent.
 */
export function canonicalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => canonicalize(item) ?? null);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const entries = Object.entries(value)
    .map(([key, item]): [string, unknown] => [key, canonicalize(item)])
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export const canonicalText = (value: unknown): string => JSON.stringify(canonicalize(value)) ?? '';

/** Equal as the API means it (see `canonicalize`). */
export const isEquivalent = (a: unknown, b: unknown): boolean => a === b || canonicalText(a) === canonicalText(b);
