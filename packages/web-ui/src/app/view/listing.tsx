import type { KubeObject } from '../data/collection.js';
import type { Followed } from '../data/problem.js';
import { count, plural } from '../model/format.js';
import { filtered, namespace, search } from './filter.js';
import { Notice } from './pieces.js';
import { Table, type TableProps } from './table.js';

export interface ListingProps<T> extends Omit<TableProps<T>, 'label'> {
  title: string;
  /** `pod`, as the number of them names one. */
  one: string;
  /** Whom the items are from, and his name. */
  source: Followed;
  of: string;
  /** What the search looks at. */
  as: (item: T) => KubeObject;
}

/** A list of all that is of one kind, narrowed by what is looked for. */
export function Listing<T>({
  title,
  one,
  source: { problem, complete },
  of,
  as,
  empty,
  items,
  ...table
}: ListingProps<T>) {
  const shown = filtered(items, as);
  const missing = problem.value ? 'Nothing could be read yet.' : 'Loading…';
  return (
    <>
      <header class="page">
        <h1>{title}</h1>
        <p class="quiet" role="status">
          {complete.value ? plural(shown.length, one) : problem.value ? '' : 'Loading…'}
          {shown.length === items.length ? '' : ` of ${count(items.length)}`}
        </p>
      </header>
      {problem.value && <Notice what={of} problem={problem.value} />}
      <Table
        {...table}
        label={title}
        items={shown}
        empty={!complete.value ? missing : items.length === 0 ? empty : <NoMatch />}
      />
    </>
  );
}

/** What narrows the list so much, and the way back. */
function NoMatch() {
  return (
    <>
      Nothing matches{search.value === '' ? '' : ` “${search.value}”`}
      {namespace.value === '' ? '' : ` in namespace ${namespace.value}`}.{' '}
      <button type="button" onClick={() => (search.value = namespace.value = '')}>
        Show all
      </button>
    </>
  );
}
