import { badRequest } from '../errors.js';
import { type Json, type JsonObject, at } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';

export type Matcher = (object: JsonObject) => boolean;

const anything: Matcher = () => true;

/** Fields, beside the name and the namespace, that a field selector may ask of a kind; a function where the path is not the field. */
const selectable: Record<string, Record<string, (object: JsonObject) => Json | undefined>> = {};
const paths = (store: string, ...fields: string[]): void => {
  selectable[store] = Object.fromEntries(
    fields.map((field) => [field, (object: JsonObject) => at(object, ...field.split('.'))]),
  );
};
paths(
  'pods',
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
);
paths(
  'events',
  'involvedObject.kind',
  'involvedObject.namespace',
  'involvedObject.name',
  'involvedObject.uid',
  'involvedObject.apiVersion',
  'involvedObject.resourceVersion',
  'involvedObject.fieldPath',
  'reason',
  'reportingComponent',
  'type',
);
selectable['events'] = {
  ...selectable['events'],
  source: (object) => at(object, 'source', 'component') ?? at(object, 'reportingComponent'),
  // events.k8s.io says `regarding` for the same object.
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
      `regarding.${field}`,
      (object: JsonObject) => at(object, 'involvedObject', field),
    ]),
  ),
  reportingController: (object) => at(object, 'reportingComponent'),
};
paths('nodes', 'spec.unschedulable');
paths('namespaces', 'status.phase');
paths('secrets', 'type');
paths('services', 'spec.clusterIP', 'spec.type');
paths('replicationcontrollers', 'status.replicas');
selectable['jobs.batch'] = { 'status.successful': (object) => at(object, 'status', 'succeeded') ?? 0 };

const show = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** What a field selector asks: a matcher, and the name or namespace when it asks for exactly one, so that a reader need not go through all. */
export interface FieldSelector {
  readonly matches: Matcher;
  readonly name?: string;
  readonly namespace?: string;
  /** The topic of the objects' log when it asks for exactly one. */
  readonly topic?: string;
}

/** The topic of an object in the log of its kind: a pod's node, since every kubelet and executor follows the pods of its own. */
export function topicOf(store: string): ((object: JsonObject) => string | undefined) | undefined {
  if (store !== 'pods') return undefined;
  return (object) => {
    const node = at(object, 'spec', 'nodeName');
    return typeof node === 'string' && node !== '' ? node : undefined;
  };
}

export function parseFieldSelector(text: string | undefined, kind: Kind): FieldSelector {
  if (text === undefined || text.trim() === '') return { matches: anything };
  let name: string | undefined;
  let namespace: string | undefined;
  let topic: string | undefined;
  const terms = text
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, field = '', operator = '', raw = ''] = /^(.*?)(!=|==|=)(.*)$/.exec(term) ?? [];
      if (operator === '') throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
      return { field, asks: operator !== '!=', wanted: raw.replace(/\\([\\,=])/g, '$1') };
    });
  const tests = terms.map(({ field, asks, wanted }): Matcher => {
    if (field === 'metadata.name' && asks) name = wanted;
    if (field === 'metadata.namespace' && asks) namespace = wanted;
    if (kind.store === 'pods' && field === 'spec.nodeName' && asks && wanted !== '') topic = wanted;
    const read =
      field === 'metadata.name' || (field === 'metadata.namespace' && kind.namespaced)
        ? (object: JsonObject) => at(object, ...field.split('.'))
        : selectable[kind.store]?.[field];
    if (!read) throw badRequest(unknownField(kind, field));
    const falseWhenAbsent = field === 'spec.unschedulable' || field === 'spec.hostNetwork';
    return (object) => {
      const found = show(read(object) ?? (falseWhenAbsent ? false : undefined));
      return (found === wanted) === asks;
    };
  });
  return {
    matches: (object) => tests.every((test) => test(object)),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(topic === undefined ? {} : { topic }),
  };
}

/** Kinds with fields of their own do not say which they know. */
function unknownField(kind: Kind, field: string): string {
  if (kind.store === 'jobs.batch') return `field label "${field}" not supported for Job`;
  if (selectable[kind.store]) return `field label not supported: ${field}`;
  return kind.custom
    ? `field label not supported: ${field}`
    : `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
}
