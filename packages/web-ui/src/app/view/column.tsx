import { Link } from 'wouter-preact';
import type { ComponentChildren } from 'preact';
import type { KubeObject } from '../data/collection.js';
import { useMesos } from '../data/mesos.js';
import { plural } from '../model/format.js';
import { readSearch, search } from './filter.js';
import { Notice } from './pieces.js';
import { Table, type TableColumn } from './table.js';

export const textColumn = <T,>(title: string, width: number, read: (item: T) => string): TableColumn<T> => ({
  title,
  width,
  cell: (item) => <span title={read(item)}>{read(item)}</span>,
  sort: read,
});

export const linkColumn = <T,>(
  title: string,
  width: number,
  read: (item: T) => string,
  hrefOf: (item: T) => string | undefined,
): TableColumn<T> => ({
  title,
  width,
  cell: (item) => {
    const href = hrefOf(item);
    return href === undefined ? read(item) : <Link href={href}>{read(item)}</Link>;
  },
  sort: read,
});

export const amountColumn = <T,>(
  title: string,
  read: (item: T) => number,
  print: (value: number) => string,
): TableColumn<T> => ({ title, width: 1.2, number: true, cell: (item) => print(read(item)), sort: read });

/** A list of what Mesos has, narrowed by the search. */
export function MesosList<T>(props: {
  title: string;
  one: string;
  items: readonly T[];
  columns: readonly TableColumn<T>[];
  keyOf: (item: T) => string;
  hrefOf?: (item: T) => string;
  /** What the search looks at. */
  as: (item: T) => KubeObject;
  empty: string;
}) {
  const { problem, complete } = useMesos();
  const test = readSearch(search.value);
  const items = search.value === '' ? props.items : props.items.filter((item) => test(props.as(item)));
  return (
    <>
      <header class="page">
        <h1>{props.title}</h1>
        <p class="quiet" role="status">
          {complete.value ? plural(items.length, props.one) : problem.value ? '' : 'Loading…'}
          {items.length === props.items.length ? '' : ` of ${props.items.length}`}
        </p>
      </header>
      {problem.value && <Notice what="Mesos" problem={problem.value} />}
      <Table
        label={props.title}
        items={items}
        columns={props.columns}
        keyOf={props.keyOf}
        hrefOf={props.hrefOf ?? (() => undefined)}
        empty={
          !complete.value
            ? problem.value
              ? 'Nothing is known of Mesos yet.'
              : 'Loading…'
            : search.value === ''
              ? props.empty
              : 'Nothing matches the search.'
        }
      />
    </>
  );
}

/** One of what Mesos has: where it is found, what is wrong with the connection, and the thing itself if the master knows it. */
export function MesosDetail(props: {
  /** Of the list: its place and its title. */
  list: { href: string; title: string };
  name: string;
  known: boolean;
  /** Said when the master does not know it. */
  unknown: string;
  children: ComponentChildren;
}) {
  const { problem, complete } = useMesos();
  return (
    <>
      <nav aria-label="Where you are" class="trail">
        <Link href={props.list.href}>{props.list.title}</Link> / <span aria-current="page">{props.name}</span>
      </nav>
      {problem.value && <Notice what="Mesos" problem={problem.value} />}
      {props.known ? (
        props.children
      ) : (
        <p class="empty" role="status">
          {complete.value ? props.unknown : problem.value ? '' : 'Loading…'}
        </p>
      )}
    </>
  );
}
