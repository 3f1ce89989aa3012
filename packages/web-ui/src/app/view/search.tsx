import { useCollection } from '../data/collection.js';
import { namespaceKind } from '../model/kinds.js';
import { namespace, search } from './filter.js';

/** What narrows every list: the search, and the namespace. */
export function Search() {
  const spaces = useCollection(namespaceKind.collection).all.map(({ metadata }) => metadata?.name ?? '');
  // One that is chosen by the address is there before the list has come.
  const names = new Set([...spaces, ...(namespace.value === '' ? [] : [namespace.value])]);
  return (
    <div class="filters" role="search">
      <input
        type="search"
        id="search"
        aria-label="Search names, or labels as key=value"
        placeholder="Search names, label=value"
        value={search.value}
        onInput={({ currentTarget }) => (search.value = currentTarget.value)}
      />
      <select
        aria-label="Namespace"
        value={namespace.value}
        onChange={({ currentTarget }) => (namespace.value = currentTarget.value)}
      >
        <option value="">All namespaces</option>
        {[...names].sort().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
