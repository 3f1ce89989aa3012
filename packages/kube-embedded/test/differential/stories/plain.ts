import { normalize } from '../normalize.js';

const letters = '[bcdfghjklmnpqrstvwxz2456789]';
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Labels that tell the hash of a template, which both count in ways of their own. */
const hashed = new Set(['pod-template-hash', 'controller-revision-hash', 'controller.kubernetes.io/hash']);
/** How soon a change was passed on is of each run. */
const latency = 'endpoints.kubernetes.io/last-change-trigger-time';
/** So is how often a slice was written. */
const isOfSlice = (metadata: Record<string, unknown>): boolean =>
  JSON.stringify(metadata['labels'] ?? '').includes('endpointslice.kubernetes.io/managed-by');

function withoutDrawn(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    if (hashed.has(key)) return value.replace(/[a-z0-9]+$/, '<hash>');
    return value
      .replace(new RegExp(`\\bone-${letters}{8,10}\\b`, 'g'), 'one-<hash>')
      .replace(new RegExp(`<hash>-${letters}{5}\\b`, 'g'), '<hash>-<drawn>')
      .replace(/\b(many-times)-\d{8}\b/g, '$1-<minute>')
      .replace(
        new RegExp(`\\b(one|many-times-<minute>|many-times|plain)(-\\d+)?-${letters}{5}\\b`, 'g'),
        '$1$2-<drawn>',
      );
  }
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => withoutDrawn(item));
    // The order of what was drawn is drawn too.
    return items.every(isPlain) ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      // Who wrote what when is compared in sequences; here that depends on how many writes it took.
      .filter(([name]) => name !== 'managedFields' && name !== 'resourceVersion' && name !== latency)
      .filter(([name]) => name !== 'generation' || !isOfSlice(value))
      .map(([name, item]) => [name, withoutDrawn(item, name)] as const)
      .filter(([name, item]) => !(name === 'annotations' && isPlain(item) && Object.keys(item).length === 0))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What controllers came to, without what is drawn: names, hashes, and the order that follows from them. */
export const plainOutcome = (body: unknown): unknown => withoutDrawn(normalize(body));
