import { badRequest } from '../errors.js';
import { type Json, type JsonObject, at, objectAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';

export type Matcher = (object: JsonObject) => boolean;

const anything: Matcher = () => true;

const keyPattern = /^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const valuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Requirements of a label selector in its written form: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1`. */
export function parseLabelSelector(text: string | undefined): Matcher {
  if (text === undefined || text.trim() === '') return anything;
  const requirements = splitRequirements(text).map((part) => parseRequirement(part, text));
  return (object) => {
    const labels = objectAt(object, 'metadata', 'labels') ?? {};
    return requirements.every((requirement) => requirement(labels));
  };
}

function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '(') depth++;
    else if (character === ')') depth--;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function parseRequirement(part: string, whole: string): (labels: JsonObject) => boolean {
  const refuse = (why: string): never => {
    throw badRequest(`unable to parse requirement: ${why} (label selector "${whole}")`);
  };
  const key = (text: string): string =>
    keyPattern.test(text.trim())
      ? text.trim()
      : refuse(`<nil>: Invalid value: "${text.trim()}": name part must be valid`);
  const value = (text: string): string =>
    valuePattern.test(text.trim()) ? text.trim() : refuse(`values[0][${part}]: Invalid value: "${text.trim()}"`);
  const member = /^(.+?)\s+(in|notin)\s*\(([^()]*)\)\s*$/.exec(part.trim());
  if (member) {
    const name = key(member[1] ?? '');
    const values = new Set((member[3] ?? '').split(',').map(value));
    return member[2] === 'in'
      ? (labels) => values.has(String(labels[name] ?? '\0'))
      : (labels) => !values.has(String(labels[name] ?? '\0'));
  }
  const operator = /!=|==|=|>|</.exec(part);
  if (!operator) {
    const absent = /^\s*!(.*)$/.exec(part);
    if (absent) {
      const name = key(absent[1] ?? '');
      return (labels) => labels[name] === undefined;
    }
    const name = key(part);
    return (labels) => labels[name] !== undefined;
  }
  const name = key(part.slice(0, operator.index));
  const wanted = value(part.slice(operator.index + operator[0].length));
  switch (operator[0]) {
    case '!=':
      return (labels) => labels[name] !== wanted;
    case '>':
    case '<': {
      if (!/^-?\d+$/.test(wanted)) return refuse(`for 'Gt', 'Lt' operators, the value must be an integer`);
      const bound = Number(wanted);
      const more = operator[0] === '>';
      return (labels) => {
        const found = Number(labels[name]);
        return Number.isInteger(found) && (more ? found > bound : found < bound);
      };
    }
    default:
      return (labels) => labels[name] === wanted;
  }
}

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
paths('replicasets.apps', 'status.replicas');
selectable['jobs.batch'] = { 'status.successful': (object) => at(object, 'status', 'succeeded') ?? 0 };

const show = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** What a field selector asks: a matcher, and the name or namespace when it asks for exactly one, so that a reader need not go through all. */
export interface FieldSelector {
  readonly matches: Matcher;
  readonly name?: string;
  readonly namespace?: string;
}

export function parseFieldSelector(text: string | undefined, kind: Kind): FieldSelector {
  if (text === undefined || text.trim() === '') return { matches: anything };
  let name: string | undefined;
  let namespace: string | undefined;
  const terms = text.split(',').filter((term) => term !== '');
  const tests = terms.map((term): Matcher => {
    const parsed = /^(.*?)(!=|==|=)(.*)$/.exec(term);
    if (!parsed) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = '', operator = '', raw = ''] = parsed;
    const wanted = raw.replace(/\\([\\,=])/g, '$1');
    const asks = operator !== '!=';
    if (field === 'metadata.name' && asks) name = wanted;
    if (field === 'metadata.namespace' && asks) namespace = wanted;
    const read =
      field === 'metadata.name' || (field === 'metadata.namespace' && kind.namespaced)
        ? (object: JsonObject) => at(object, ...field.split('.'))
        : selectable[kind.store]?.[field];
    if (!read) throw badRequest(`field label not supported: ${field}`);
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
  };
}
