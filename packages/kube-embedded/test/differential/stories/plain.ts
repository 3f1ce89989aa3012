import { normalize } from '../normalize.js';

const letters = '[bcdfghjklmnpqrstvwxz2456789]';
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The hashes of templates, which both draw by rules of their own. */
function hashesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) hashesIn(item, found);
  else if (isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      const hash = ['pod-template-hash', 'controller-revision-hash'].includes(key) && typeof item === 'string';
      if (hash) found.add(item.split('-').at(-1) ?? item);
      else if ((key === 'updateRevision' || key === 'currentRevision') && typeof item === 'string') {
        found.add(item.split('-').at(-1) ?? item);
      } else hashesIn(item, found);
    }
  }
  return found;
}

function withoutDrawn(value: unknown, hashes: readonly RegExp[]): unknown {
  if (typeof value === 'string') {
    const text = hashes.reduce((left, hash) => left.replace(hash, '<hash>'), value);
    return text
      .replace(new RegExp(`<hash>-${letters}{5}\\b`, 'g'), '<hash>-<drawn>')
      .replace(/\b(many-times)-\d{8}\b/g, '$1-<minute>')
      .replace(
        new RegExp(`\\b(one|many-times-<minute>|many-times|plain)(-\\d+)?-${letters}{5}\\b`, 'g'),
        '$1$2-<drawn>',
      );
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => withoutDrawn(item, hashes));
    // The order of what was drawn is drawn too.
    return items.every(isPlain) ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      // Who wrote what when is compared in sequences; here that depends on how many writes it took.
      .filter(([key]) => key !== 'managedFields' && key !== 'resourceVersion')
      .map(([key, item]) => [String(withoutDrawn(key, hashes)), withoutDrawn(item, hashes)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What controllers came to, without what is drawn: names, hashes, and the order that follows from them. */
export const plainOutcome = (body: unknown): unknown =>
  withoutDrawn(
    normalize(body),
    [...hashesIn(body)].map((hash) => new RegExp(`\\b${hash}\\b`, 'g')),
  );
