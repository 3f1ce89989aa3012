import { useMemo } from 'preact/hooks';
import { now } from '../data/clock.js';
import { useCollection, type KubeObject } from '../data/collection.js';
import { TASK_ID } from '../model/annotations.js';
import { plural } from '../model/format.js';
import { hrefOf, type Column, type Kind } from '../model/kind.js';
import { podKind } from '../model/kinds.js';
import { filtered, namespace, search } from '../view/filter.js';
import { CellView, Notice } from '../view/pieces.js';
import { Table, type TableColumn } from '../view/table.js';

/** All objects of a kind. */
export function ListPage({ kind }: { kind: Kind }) {
  const collection = useCollection(kind.collection);
  const { problem, complete } = collection;
  const items = filtered(collection.all);
  const columns = useMemo(() => columnsOf(kind), [kind]);
  const looking = search.value !== '' || namespace.value !== '';
  return (
    <>
      <header class="page">
        <h1>{kind.title}</h1>
        <p class="quiet" role="status">
          {complete.value ? plural(items.length, kind.one.toLowerCase()) : problem.value ? '' : 'Loading…'}
          {looking && collection.all.length !== items.length ? ` of ${collection.all.length}` : ''}
        </p>
      </header>
      {problem.value && <Notice what={kind.title} problem={problem.value} />}
      <Table
        label={kind.title}
        items={items}
        columns={columns}
        keyOf={({ metadata = {} }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`}
        hrefOf={(item) => hrefOf(kind, item)}
        empty={
          !complete.value
            ? problem.value
              ? 'Nothing could be read yet.'
              : 'Loading…'
            : looking
              ? 'Nothing matches the search and the namespace.'
              : `There are no ${kind.title.toLowerCase()}.`
        }
        {...(kind.id === 'events' ? { order: { column: columns.length - 1, down: false } } : {})}
      />
    </>
  );
}

function columnsOf(kind: Kind): TableColumn<KubeObject>[] {
  const columns: TableColumn<KubeObject>[] = [];
  const name = (item: KubeObject): string => item.metadata?.name ?? '';
  const naming = kind.naming ?? { title: 'Name', width: 4, cell: name };
  columns.push(columnOf(naming));
  if (kind.namespaced)
    columns.push({
      title: 'Namespace',
      width: 1.5,
      cell: ({ metadata }) => metadata?.namespace ?? '',
      sort: ({ metadata }) => metadata?.namespace ?? '',
    });
  columns.push(...kind.columns.map(columnOf));
  if (kind.id === podKind.id)
    columns.splice(-1, 0, {
      title: 'Mesos task',
      width: 2.5,
      cell: ({ metadata }) => {
        const task = metadata?.annotations?.[TASK_ID];
        return <CellView cell={task === undefined ? '(none yet)' : { text: task, href: `/mesos/tasks/${task}` }} />;
      },
      sort: ({ metadata }) => metadata?.annotations?.[TASK_ID] ?? '',
    });
  return columns;
}

const columnOf = ({ title, width, number, cell, sort }: Column<KubeObject>): TableColumn<KubeObject> => ({
  title,
  width,
  number,
  cell: (item) => <CellView cell={cell(item, now.value)} />,
  sort: sort ?? ((item) => textOf(cell(item, 0))),
});

const textOf = (cell: string | { text: string }): string => (typeof cell === 'string' ? cell : cell.text);
