import { KubeError } from '@kmd/kube-client';
import { textOf } from '../json/text.js';
import { type Json, type JsonObject, objectAt, textAt } from '../json/tree.js';
import { columnsOf } from '../kinds/columns/index.js';
import { templateGeneration } from '../kinds/defaults/workload.js';
import { toStored } from '../kinds/conversion.js';
import { type Kind, groupVersion } from '../kinds/kind.js';
import type { ListAnswer } from '../requests/read.js';
import type { Form } from './accept.js';

/** How much of an object a table's rows carry. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Writes answers about objects of a kind in the form the client wants. */
export interface Presenter {
  object(object: JsonObject): string;
  /** As text, or as bytes that end with a newline. */
  list(answer: ListAnswer): string | Uint8Array;
  /** One object of a watch; a table's columns go with the first only. */
  event(object: JsonObject): string;
}

export function presenter(kind: Kind, form: Form, include: IncludeObject, now: () => Date): Presenter {
  switch (form.form) {
    case 'object':
      return objects(kind);
    case 'metadata':
      return metadata(kind, form.version, form.as);
    case 'table':
      return tables(kind, form.version, include, now);
  }
}

/** Lists of custom resources say that they are at their end. */
function listMetadata(answer: ListAnswer, { custom }: Partial<Pick<Kind, 'custom'>> = {}): JsonObject {
  const next = answer.continue ?? (custom ? '' : undefined);
  return {
    resourceVersion: answer.resourceVersion,
    ...(next === undefined ? {} : { continue: next }),
    ...(answer.remainingItemCount === undefined ? {} : { remainingItemCount: answer.remainingItemCount }),
  };
}

function objects(kind: Kind): Presenter {
  const version = groupVersion(kind);
  // Items of a list do not repeat the kind that the list's own says.
  const prefix = `{"kind":"${kind.kind}","apiVersion":"${version}",`;
  const item = (object: JsonObject): string => {
    const text = textOf(object);
    return text.startsWith(prefix) ? `{${text.slice(prefix.length)}` : text;
  };
  return {
    object: textOf,
    event: textOf,
    list(answer) {
      const parts = [
        `{"kind":"${kind.kind}List","apiVersion":"${version}","metadata":${JSON.stringify(listMetadata(answer, kind))},"items":[`,
      ];
      for (const [index, object] of answer.items.entries()) parts.push(index === 0 ? '' : ',', item(object));
      parts.push(']}\n');
      return bytesOf(parts);
    },
  };
}

/** Texts one after the other, each written into place: a long list joined as text and encoded then takes several times as long. */
function bytesOf(parts: readonly string[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += Buffer.byteLength(part);
  const bytes = Buffer.allocUnsafe(length);
  let place = 0;
  for (const part of parts) place += bytes.write(part, place);
  return bytes;
}

const partial = (object: JsonObject, version: string): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata: plainMetadata(object),
});

const without = (object: JsonObject, key: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

/** Metadata without what only an object's whole form has. */
function plainMetadata(object: JsonObject): JsonObject {
  const metadata = objectAt(object, 'metadata') ?? {};
  const annotations = objectAt(metadata, 'annotations');
  if (annotations?.[templateGeneration] === undefined) return metadata;
  const rest = without(annotations, templateGeneration);
  const others = without(metadata, 'annotations');
  return Object.keys(rest).length === 0 ? others : { ...others, annotations: rest };
}

/** @param as the kind that is asked for, of one object or of a list; the other cannot be told in it (406) */
function metadata(kind: Kind, version: string, as: string): Presenter {
  const one = (object: JsonObject): string => JSON.stringify(partial(object, version));
  const group = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '');
  const refuse = (is: string, suffix: string): never => {
    const type = kind.custom ? `unstructured.Unstructured${suffix}` : `${group}.${kind.kind}${suffix}`;
    throw new KubeError(406, 'NotAcceptable', `you requested ${as}, but the requested object is ${is} (*${type})`);
  };
  return {
    object: (object) => (as === 'PartialObjectMetadata' ? one(object) : refuse('not a list', '')),
    event: one,
    list: (answer) => {
      if (as === 'PartialObjectMetadata') return refuse('a list', 'List');
      return JSON.stringify({
        kind: 'PartialObjectMetadataList',
        apiVersion: `meta.k8s.io/${version}`,
        metadata: listMetadata(answer),
        items: answer.items.map((object) => partial(object, version)),
      });
    },
  };
}

function tables(kind: Kind, version: string, include: IncludeObject, now: () => Date): Presenter {
  const columns = columnsOf(kind);
  const named = columns.filter(({ name }) => name !== '');
  const definitions = named.map(({ name, type, format, priority }) => ({
    name,
    type,
    format: format ?? '',
    description: '',
    priority: priority ?? 0,
  }));
  // Columns read the stored form, whichever version of the kind is served.
  const cellsOf = (object: JsonObject, time: Date): Json[] => columns.map((column) => column.cell(object, time));
  const row = (object: JsonObject, time: Date): JsonObject => ({
    cells: cellsOf(toStored(object, kind), time),
    object: include === 'None' ? null : include === 'Object' ? object : partial(object, version),
  });
  const table = (meta: JsonObject, rows: readonly JsonObject[], withColumns = true): string =>
    JSON.stringify({
      kind: 'Table',
      apiVersion: `meta.k8s.io/${version}`,
      metadata: meta,
      columnDefinitions: withColumns ? definitions : null,
      rows,
    });
  const one = (object: JsonObject, withColumns = true): string => {
    const resourceVersion = textAt(object, 'metadata', 'resourceVersion') ?? '';
    return table({ resourceVersion }, [row(object, now())], withColumns);
  };
  let first = true;
  return {
    object: (object) => one(object),
    event: (object) => {
      const text = one(object, first);
      first = false;
      return text;
    },
    list: (answer) => {
      const time = now();
      return table(
        listMetadata(answer),
        answer.items.map((object) => row(object, time)),
      );
    },
  };
}
