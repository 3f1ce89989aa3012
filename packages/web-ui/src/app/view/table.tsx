import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { choiceOf } from '../data/choice.js';

export interface TableColumn<T> {
  title: string;
  /** Share of the width. */
  width: number;
  number?: boolean | undefined;
  cell: (item: T) => ComponentChildren;
  sort: (item: T) => number | string;
}

export interface TableProps<T> {
  /** For people who do not see it. */
  label: string;
  items: readonly T[];
  columns: readonly TableColumn<T>[];
  keyOf: (item: T) => string;
  /** Where a row leads; its first cell is the link. */
  hrefOf?: (item: T) => string;
  /** Shown in place of rows. */
  empty: ComponentChildren;
  /** Title of the column by which rows are sorted at first; default: the first one's. */
  order?: string;
}

const words = new Intl.Collator('en', { numeric: true });
const compare = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b));

const arrows = { none: '', ascending: ' ↑', descending: ' ↓' } as const;

const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
/** Height of a row, and the least width of a column with a share of one, in rem. */
const ROW = 2.25;
const LEAST = 3.5;
/** Between columns, as the style sheet has it. */
const GAP = 1;

/** No column is narrower than its title with an arrow behind it. */
const leastOf = ({ title, width }: { title: string; width: number }): string =>
  `max(${width * LEAST}rem, ${title.length + 3}ch)`;

/** A table of any length: only the rows in sight are drawn. How it is sorted stands in the page's address. Arrow keys go from row to row, Home and End to the ends. */
export function Table<T>({ label, items, columns, keyOf, hrefOf, empty, order }: TableProps<T>) {
  const body = useRef<HTMLDivElement>(null);
  const choice = useMemo(() => choiceOf(`sort.${label}`), [label]);
  // A title, with a minus before it for downwards.
  const chosen = columns.find(({ title }) => title === choice.value.replace(/^-/, ''));
  const sorting = chosen ?? columns.find(({ title }) => title === order) ?? columns[0];
  const down = chosen !== undefined && choice.value.startsWith('-');
  const [, redraw] = useReducer<number, undefined>((n) => n + 1, 0);
  const rows = useMemo(() => {
    if (sorting === undefined) return items;
    const keyed = items.map((item) => ({ item, key: sorting.sort(item) }));
    keyed.sort((a, b) => (down ? -1 : 1) * compare(a.key, b.key) || words.compare(keyOf(a.item), keyOf(b.item)));
    return keyed.map(({ item }) => item);
  }, [items, sorting, down]);

  const [virtualizer] = useState(
    () =>
      new Virtualizer<HTMLDivElement, HTMLDivElement>({
        count: 0,
        getScrollElement: () => body.current,
        estimateSize: () => ROW * rem(),
        overscan: 10,
        scrollToFn: elementScroll,
        observeElementRect,
        observeElementOffset,
        onChange: () => redraw(undefined),
      }),
  );
  virtualizer.setOptions({ ...virtualizer.options, count: rows.length });
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());

  /** The row to be focused once it is drawn. */
  const wanted = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const link = body.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"] a`);
    if (link) {
      link.focus({ preventScroll: true });
      wanted.current = undefined;
    }
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (!row) return;
    const index = Number(row.dataset['row']);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next === undefined || next < 0 || next >= rows.length) return;
    event.preventDefault();
    wanted.current = next;
    virtualizer.scrollToIndex(next);
    redraw(undefined);
  };
  const template = columns.map((column) => `minmax(${leastOf(column)}, ${column.width}fr)`).join(' ');
  const width = `calc(${columns.map(leastOf).join(' + ')} + ${(columns.length + 1) * GAP}rem)`;
  return (
    <div class="table" role="table" aria-label={label} aria-rowcount={rows.length + 1} onKeyDown={onKeyDown}>
      <div role="rowgroup" style={{ minWidth: width }}>
        <div class="row head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => {
            const { title, number } = column;
            const order = column !== sorting ? 'none' : down ? 'descending' : 'ascending';
            return (
              <div key={title} role="columnheader" class={number ? 'number' : undefined} aria-sort={order}>
                <button
                  type="button"
                  class="sort"
                  onClick={() => (choice.value = order === 'ascending' ? `-${title}` : title)}
                >
                  {title}
                  <span aria-hidden="true">{arrows[order]}</span>
                </button>
              </div>
            );
          })}
        </div>
      </div>
      <div class="rows" role="rowgroup" ref={body} tabIndex={-1} style={{ minWidth: width }}>
        {rows.length === 0 && (
          <div class="empty" role="row">
            <div role="cell">{empty}</div>
          </div>
        )}
        <div class="space" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          {virtualizer.getVirtualItems().map(({ index, start, size }) => {
            const item = rows[index];
            if (item === undefined) return null;
            const href = hrefOf?.(item);
            return (
              <div
                key={keyOf(item)}
                class="row"
                role="row"
                aria-rowindex={index + 2}
                data-row={index}
                style={{ gridTemplateColumns: template, transform: `translateY(${start}px)`, height: `${size}px` }}
              >
                {columns.map(({ title, number, cell }, column) => (
                  <div key={title} role="cell" class={number ? 'number' : undefined}>
                    {column === 0 && href !== undefined ? <Link href={href}>{cell(item)}</Link> : cell(item)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
