import { signal } from '@preact/signals';
import type { KubeObject } from '../data/collection.js';

/** What is looked for: words that occur in names, and `key=value` or `key=` for labels. */
export const search = signal('');
/** The namespace that lists are of; empty: all. */
export const namespace = signal('');

type Test = (item: KubeObject) => boolean;

/** Reads a search. Every word has to match. */
export function readSearch(text: string): Test {
  const tests = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word): Test => {
      const [key = '', value] = word.split(/=(.*)/s);
      if (value === undefined)
        return ({ metadata = {} }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`.toLowerCase().includes(word);
      return ({ metadata: { labels = {} } = {} }) =>
        Object.entries(labels).some(
          ([name, content]) => name.toLowerCase() === key && (value === '' || content.toLowerCase() === value),
        );
    });
  return (item) => tests.every((test) => test(item));
}

export function filtered<T extends KubeObject>(items: readonly T[]): readonly T[] {
  const test = readSearch(search.value);
  const within = namespace.value;
  if (search.value === '' && within === '') return items;
  return items.filter(
    (item) =>
      (within === '' || item.metadata?.namespace === undefined || item.metadata.namespace === within) && test(item),
  );
}
