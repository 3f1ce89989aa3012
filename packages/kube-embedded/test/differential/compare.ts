import { isDeepStrictEqual } from 'node:util';

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where two values differ, a line each: `body.spec.replicas: 1, the real one says 2`. */
export function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (isDeepStrictEqual(ours, theirs)) return [];
  if (isPlain(ours) && isPlain(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...keys].sort().flatMap((key) => differences(ours[key], theirs[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((item, index) => differences(item, theirs[index], `${path}[${index}]`));
  }
  const lines = [ours, theirs].map((list) =>
    Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [],
  );
  const [left = [], right = []] = lines;
  if (Array.isArray(ours) && left.length > 0 && right.length > 0) {
    const only = (some: readonly string[], others: readonly string[]): string[] =>
      some.filter((item) => !others.includes(item));
    return [`${path}: only here ${short(only(left, right))}, only from the real one ${short(only(right, left))}`];
  }
  return [`${path}: ${short(ours)}, the real one says ${short(theirs)}`];
}
