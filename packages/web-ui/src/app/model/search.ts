import type { KubeObject } from '../data/collection.js';

type Test = (item: KubeObject) => boolean;

/** Reads a search: words that occur in names, and `key=value` or `key=` for labels. Every word has to match. */
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
