import { useMemo } from 'preact/hooks';
import { now } from '../data/clock.js';
import { useCollection, type KubeObject } from '../data/collection.js';
import { TASK_ID } from '../model/annotations.js';
import { hrefOf, hrefOfTask } from '../model/href.js';
import type { Column, Kind } from '../model/kind.js';
import { podKind } from '../model/kinds.js';
import { Listing } from '../view/listing.js';
import { CellView } from '../view/pieces.js';
import type { TableColumn } from '../view/table.js';

/** All objects of a kind. */
export function ListPage({ kind }: { kind: Kind }) {
  const collection = useCollection(kind.collection);
  const columns = useMemo(() => columnsOf(kind), [kind]);
  return (
    <Listing
      title={kind.title}
      one={kind.one.toLowerCase()}
      source={collection}
      of={kind.title}
      items={collection.all}
      as={(item) => item}
      columns={columns}
      keyOf={({ metadata = {} }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`}
      hrefOf={(item) => hrefOf(kind, item)}
      empty={`There are no ${kind.title.toLowerCase()}.`}
      {...(kind.order === undefined ? {} : { order: kind.order })}
    />
  );
}

function columnsOf(kind: Kind): TableColumn<KubeObject>[] {
  const columns: TableColumn<KubeObject>[] = [];
  const name = (item: KubeObject): string => item.metadata?.name ?? '';
  const naming = kind.naming ?? { title: 'Name', width: 4, cell: name };
  // What matters most stands first: narrow windows show no more at once.
  const [first, ...rest] = kind.columns;
  columns.push(...[naming, ...(first ? [first] : [])].map(columnOf));
  if (kind.namespaced)
    columns.push({
      title: 'Namespace',
      width: 1.8,
      cell: ({ metadata }) => metadata?.namespace ?? '',
      sort: ({ metadata }) => metadata?.namespace ?? '',
    });
  columns.push(...rest.map(columnOf));
  if (kind.id === podKind.id)
    columns.splice(-1, 0, {
      title: 'Mesos task',
      width: 2.5,
      cell: ({ metadata }) => {
        const task = metadata?.annotations?.[TASK_ID];
        return <CellView cell={task === undefined ? '(none yet)' : { text: task, href: hrefOfTask({ id: task }) }} />;
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
