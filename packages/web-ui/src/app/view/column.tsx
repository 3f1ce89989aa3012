import { Link } from 'wouter-preact';
import type { Names } from '../data/names.js';
import { hrefOfAgent, hrefOfFramework } from '../model/href.js';
import type { TableColumn } from './table.js';

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

export const agentColumn = <T extends { agent: string }>(names: Names): TableColumn<T> =>
  linkColumn(
    'Agent',
    1.8,
    ({ agent }) => names.agent(agent),
    ({ agent }) => hrefOfAgent(agent),
  );

export const frameworkColumn = <T extends { framework: string }>(title: string, names: Names): TableColumn<T> =>
  linkColumn(
    title,
    1.6,
    ({ framework }) => names.framework(framework),
    ({ framework }) => hrefOfFramework(framework),
  );
