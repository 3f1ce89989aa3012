import { choiceOf } from '../data/choice.js';
import type { KubeObject } from '../data/collection.js';
import { readSearch } from '../model/search.js';

/** What is looked for. */
export const search = choiceOf('search');
/** The namespace that lists of Kubernetes are of; empty: all. */
export const namespace = choiceOf('namespace');

/** Items of a list that match the search, and are of the namespace if they are of any. `as`: what the search looks at, for what is no object of Kubernetes. */
export function filtered<T>(items: readonly T[], as: (item: T) => KubeObject): readonly T[] {
  const [wanted, within] = [search.value, namespace.value];
  if (wanted === '' && within === '') return items;
  const test = readSearch(wanted);
  return items.filter((item) => {
    const object = as(item);
    const space = object.metadata?.namespace;
    return (within === '' || space === undefined || space === within) && test(object);
  });
}
