import { Collection, type KubeObject } from '../data/collection.js';
import { age, instant } from './format.js';
import type { Tone } from './pod.js';

export interface Cell {
  text: string;
  tone?: Tone;
  /** A place of this page: `/pods/default/web`. */
  href?: string;
}

export interface Column<T> {
  title: string;
  /** Share of the width. */
  width: number;
  number?: boolean;
  cell: (item: T, now: number) => Cell | string;
  /** What rows are sorted by; default: the text. */
  sort?: (item: T) => number | string;
}

export interface Kind<T extends KubeObject = KubeObject> {
  /** In addresses of this page. */
  id: string;
  title: string;
  /** `Pod`, as messages name one. */
  one: string;
  group: 'Kubernetes' | 'Workloads';
  /** Below the API's root: `apis/apps/v1`. */
  api: string;
  namespaced: boolean;
  /** What names a row and leads to the object; default: its name. */
  naming?: Column<T>;
  columns: readonly Column<T>[];
  /** Title of the column by which a list is sorted at first; default: what names a row. */
  order?: string;
  scales?: boolean;
  /** Has a pod template whose annotation restarts it. */
  restarts?: boolean;
  collection: Collection<T>;
}

export const ageColumn = <T extends KubeObject>(): Column<T> => ({
  title: 'Age',
  width: 1,
  number: true,
  cell: ({ metadata }, now) => {
    const created = instant(metadata?.creationTimestamp);
    return created === undefined ? '' : age(now - created);
  },
  sort: ({ metadata }) => -(instant(metadata?.creationTimestamp) ?? 0),
});

/** A kind with the collection of its objects. */
export function define<T extends KubeObject>(kind: Omit<Kind<T>, 'collection'>): Kind<T> {
  return { ...kind, collection: new Collection<T>(`${kind.api}/${kind.id}`) };
}

/** Path of an object in the API. */
export const pathOf = (kind: Pick<Kind, 'id' | 'api' | 'namespaced'>, namespace: string, name: string): string =>
  [
    kind.api,
    ...(kind.namespaced ? ['namespaces', encodeURIComponent(namespace)] : []),
    kind.id,
    encodeURIComponent(name),
  ].join('/');

/** How an object stands, where its kind has a column of that: `Running`, `3/3 ready`. */
export function stateOf(kind: Kind, object: KubeObject): { text: string; tone: Tone } | undefined {
  for (const { title, number, cell } of kind.columns) {
    const found = cell(object, 0);
    if (typeof found === 'string' || found.tone === undefined) continue;
    return { text: number ? `${found.text} ${title.toLowerCase()}` : found.text, tone: found.tone };
  }
  return undefined;
}
