import type { Sequence, Step } from '../sequence.js';
import { type Sample, apiVersionOf, collection, nameIn, object, samples } from './samples.js';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const partial = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
const partialList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
const merge = 'application/merge-patch+json';
const apply = 'application/apply-patch+yaml';

type Script = (sample: Sample) => readonly Step[] | undefined;

/** What every kind goes through. */
const scripts: Readonly<Record<string, Script>> = {
  'is made, shown, changed and deleted': (sample) => {
    const path = collection(sample);
    const one = `${path}/${nameIn(sample, 'one')}`;
    return [
      { method: 'POST', path, body: object(sample, 'one', { labels: { a: 'b' } }) },
      { path: one },
      { path: one, accept: table },
      { path: one, accept: partial },
      { method: 'PATCH', path: one, type: merge, body: sample.change ?? { metadata: { annotations: { x: 'y' } } } },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { labels: { a: null, c: 'd' } } } },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { labels: { c: 'd' } } } },
      { method: 'DELETE', path: one, query: { gracePeriodSeconds: '0' } },
      { path: one },
      { method: 'DELETE', path: one },
    ];
  },
  'is made in odd ways': (sample) => {
    const path = collection(sample);
    const whole = object(sample, 'one');
    return [
      { method: 'POST', path, query: { dryRun: 'All' }, body: whole },
      { path: `${path}/${nameIn(sample, 'one')}` },
      { method: 'POST', path, body: { ...whole, metadata: { generateName: 'drawn-' } } },
      { method: 'POST', path, body: whole },
      { method: 'POST', path, body: whole },
      { method: 'POST', path, body: object(sample, 'two', { resourceVersion: '12' }) },
      { method: 'POST', path, body: { ...whole, metadata: {} } },
      { method: 'POST', path, body: object(sample, 'Not_A.Name/') },
      { method: 'POST', path, body: object(sample, 'three', { namespace: 'other' }) },
      { method: 'POST', path: `${path}/${nameIn(sample, 'one')}`, body: whole },
      { method: 'POST', path, query: { dryRun: 'some' }, body: whole },
      {
        method: 'POST',
        path,
        body: object(sample, 'four', {
          labels: { 'not a key': 'v' },
          annotations: { 'bad key': '' },
        }),
      },
    ];
  },
  'is patched in each form': (sample) => {
    const path = collection(sample);
    const one = `${path}/${nameIn(sample, 'one')}`;
    const json = 'application/json-patch+json';
    return [
      { method: 'POST', path, query: { fieldManager: 'maker' }, body: object(sample, 'one', { labels: { a: 'b' } }) },
      {
        method: 'PATCH',
        path: one,
        type: json,
        body: [
          { op: 'add', path: '/metadata/labels/x', value: 'y' },
          { op: 'test', path: '/metadata/labels/a', value: 'b' },
        ],
      },
      { method: 'PATCH', path: one, type: json, body: [{ op: 'test', path: '/metadata/labels/a', value: 'c' }] },
      { method: 'PATCH', path: one, type: json, body: [{ op: 'remove', path: '/metadata/labels/nope' }] },
      { method: 'PATCH', path: one, type: json, body: { op: 'remove' } },
      {
        method: 'PATCH',
        path: one,
        type: 'application/strategic-merge-patch+json',
        body: { metadata: { labels: { s: 't' } } },
      },
      {
        method: 'PATCH',
        path: one,
        type: merge,
        query: { fieldManager: 'merger', dryRun: 'All' },
        body: { metadata: { labels: { dry: 'run' } } },
      },
      {
        method: 'PATCH',
        path: one,
        type: merge,
        query: { fieldManager: 'merger' },
        body: { metadata: { name: 'other' } },
      },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { uid: 'x' } } },
      { method: 'PATCH', path: one, type: 'application/json', body: {} },
      { method: 'PATCH', path: one, type: merge, body: '{"metadata":' },
      { method: 'PATCH', path: `${path}/${nameIn(sample, 'nobody')}`, type: merge, body: {} },
      { path: one },
    ];
  },
  'is applied': (sample) => {
    const path = collection(sample);
    const one = `${path}/${nameIn(sample, 'one')}`;
    const bare = { apiVersion: apiVersionOf(sample), kind: sample.kind };
    return [
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'first' },
        body: object(sample, 'one', { labels: { a: '1', b: '1' } }),
      },
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'first' },
        body: object(sample, 'one', { labels: { a: '1', b: '1' } }),
      },
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'second' },
        body: { ...bare, metadata: { labels: { a: '2' } } },
      },
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'second', force: 'true' },
        body: { ...bare, metadata: { labels: { a: '2' } } },
      },
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'first' },
        body: object(sample, 'one', { labels: { b: '1' } }),
      },
      { method: 'PATCH', path: one, type: apply, query: { fieldManager: 'second' }, body: { ...bare, metadata: {} } },
      { method: 'PATCH', path: one, type: apply, body: object(sample, 'one') },
      { method: 'PATCH', path: one, type: apply, query: { fieldManager: 'first' }, body: { metadata: {} } },
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'first' },
        body: { ...bare, metadata: { managedFields: [{}] } },
      },
      {
        method: 'PATCH',
        path: one,
        type: apply,
        query: { fieldManager: 'first', fieldValidation: 'Strict' },
        body: { ...bare, metadata: {}, nonsense: 1 },
      },
    ];
  },
  'is listed, selected and deleted together': (sample) => {
    const path = collection(sample);
    const labels = { seq: '{ns}' };
    const mine = { labelSelector: 'seq={ns}' };
    return [
      ...['a', 'b', 'c'].map(
        (name) => ({ method: 'POST', path, body: object(sample, name, { labels: { ...labels, name } }) }) as const,
      ),
      { path, query: mine },
      { path, query: mine, accept: table },
      { path, query: { ...mine, includeObject: 'None' }, accept: table },
      { path, query: mine, accept: partialList },
      { path, query: { ...mine, limit: '2' } },
      { path, query: { ...mine, limit: '2', continue: '{7.metadata.continue}' } },
      { path, query: { labelSelector: 'seq={ns},name in (a,b)' } },
      { path, query: { labelSelector: 'seq={ns},name notin (a),!nothing' } },
      { path, query: { ...mine, fieldSelector: `metadata.name=${nameIn(sample, 'b')}` } },
      { path, query: { ...mine, fieldSelector: 'spec.nothing=b' } },
      { path, query: { labelSelector: 'a in' } },
      { path, query: { labelSelector: 'seq=={ns},name=b' }, accept: table },
      { path, query: { ...mine, resourceVersion: '0' } },
      { path, query: { ...mine, resourceVersionMatch: 'Exact' } },
      { path, query: { ...mine, limit: 'x' } },
      { path, query: { ...mine, continue: 'nonsense' } },
      { method: 'DELETE', path, query: { labelSelector: 'seq={ns},name=a', gracePeriodSeconds: '0' } },
      { method: 'DELETE', path, query: { ...mine, gracePeriodSeconds: '0', dryRun: 'All' } },
      { method: 'DELETE', path, query: { ...mine, gracePeriodSeconds: '0' } },
      { path, query: mine },
    ];
  },
  'is watched': (sample) => {
    const path = collection(sample);
    const one = `${path}/${nameIn(sample, 'one')}`;
    const mine = { labelSelector: 'seq={ns}', watch: 'true', timeoutSeconds: '5' };
    return [
      { method: 'POST', path, body: object(sample, 'zero', { labels: { seq: '{ns}' } }) },
      { method: 'POST', path, body: object(sample, 'one', { labels: { seq: '{ns}' } }) },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { labels: { x: 'y' } } } },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { labels: { seq: null } } } },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { labels: { seq: '{ns}' } } } },
      { method: 'DELETE', path: one, query: { gracePeriodSeconds: '0' } },
      { path, query: { ...mine, resourceVersion: '{0.metadata.resourceVersion}' }, events: 5 },
      { path, query: { ...mine, resourceVersion: '{0.metadata.resourceVersion}' }, accept: table, events: 2 },
      { path, query: { ...mine, resourceVersion: '{0.metadata.resourceVersion}' }, accept: partial, events: 2 },
      { path, query: { ...mine, resourceVersion: '0' }, events: 1 },
      {
        path,
        query: {
          ...mine,
          sendInitialEvents: 'true',
          resourceVersionMatch: 'NotOlderThan',
          allowWatchBookmarks: 'true',
        },
        events: 2,
      },
      { path, query: { ...mine, sendInitialEvents: 'true' } },
      { path, query: { ...mine, resourceVersion: 'x' } },
    ];
  },
  'is updated with locks': (sample) => {
    const path = collection(sample);
    const one = `${path}/${nameIn(sample, 'one')}`;
    const named = (metadata: Readonly<Record<string, unknown>>): Record<string, unknown> =>
      object(sample, 'one', metadata);
    return [
      { method: 'POST', path, body: object(sample, 'one') },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { labels: { x: 'y' } } } },
      {
        method: 'PUT',
        path: one,
        body: named({ resourceVersion: '{0.metadata.resourceVersion}', labels: { z: '1' } }),
      },
      { method: 'PUT', path: one, body: named({ uid: '11111111-1111-1111-1111-111111111111' }) },
      { method: 'PUT', path: `${path}/${nameIn(sample, 'other')}`, body: named({}) },
      { method: 'PUT', path: `${path}/${nameIn(sample, 'nobody')}`, body: object(sample, 'nobody') },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { resourceVersion: '1' } } },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { finalizers: ['example.com/hold'] } } },
      { method: 'DELETE', path: one, body: { preconditions: { uid: 'x' } } },
      { method: 'DELETE', path: one, body: { preconditions: { resourceVersion: '1' } } },
      { method: 'DELETE', path: one, query: { propagationPolicy: 'Sideways' } },
      { method: 'DELETE', path: one, body: { propagationPolicy: 'Orphan', orphanDependents: true } },
      { method: 'DELETE', path: one, query: { propagationPolicy: 'Foreground', gracePeriodSeconds: '0' } },
      { method: 'DELETE', path: one, query: { gracePeriodSeconds: '0' } },
      {
        method: 'PATCH',
        path: one,
        type: merge,
        body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
      },
      { method: 'PATCH', path: one, type: merge, body: { metadata: { finalizers: null } } },
      { path: one },
    ];
  },
  'comes in bad bodies': (sample) => {
    const path = collection(sample);
    const whole = object(sample, 'one');
    const odd = { ...whole, nonsense: 1, metadata: { name: nameIn(sample, 'one'), odd: 'x' } };
    return [
      { method: 'POST', path, query: { fieldValidation: 'Strict' }, body: odd },
      { method: 'POST', path, query: { fieldValidation: 'Warn', dryRun: 'All' }, body: odd },
      { method: 'POST', path, query: { fieldValidation: 'Ignore', dryRun: 'All' }, body: odd },
      { method: 'POST', path, query: { fieldValidation: 'Loud' }, body: odd },
      { method: 'POST', path, body: { ...whole, metadata: 'text' } },
      { method: 'POST', path, body: { ...whole, metadata: { name: 1 } } },
      { method: 'POST', path, body: { ...whole, metadata: { name: 'x', labels: { a: 1 } } } },
      { method: 'POST', path, body: { ...whole, kind: 'Nonsense' } },
      { method: 'POST', path, body: { ...whole, apiVersion: 'nonsense/v1' } },
      { method: 'POST', path, body: '{"kind":' },
      { method: 'POST', path, body: '' },
      { method: 'POST', path, body: '[]' },
      { method: 'POST', path, body: whole, type: 'text/csv' },
      {
        method: 'POST',
        path,
        query: { dryRun: 'All' },
        type: 'application/yaml',
        body: `apiVersion: ${apiVersionOf(sample)}\nkind: ${sample.kind}\nmetadata: {name: "${nameIn(sample, 'yaml')}", labels: {a: b}}\n`,
      },
      { path, accept: 'text/csv' },
      { method: 'PUT', path, body: whole },
    ];
  },
  'has a status': (sample) => {
    if (sample.status === undefined) return undefined;
    const path = collection(sample);
    const one = `${path}/${nameIn(sample, 'one')}`;
    return [
      {
        method: 'POST',
        path,
        query: { fieldManager: 'maker' },
        body: { ...object(sample, 'one'), status: sample.status },
      },
      {
        method: 'PATCH',
        path: `${one}/status`,
        type: merge,
        query: { fieldManager: 'controller' },
        body: { status: sample.status },
      },
      {
        method: 'PATCH',
        path: `${one}/status`,
        type: merge,
        query: { fieldManager: 'controller' },
        body: { metadata: { labels: { a: 'b' }, annotations: { c: 'd' } } },
      },
      { method: 'PATCH', path: one, type: merge, query: { fieldManager: 'maker' }, body: { status: { nothing: 1 } } },
      { path: `${one}/status` },
      { method: 'PUT', path: `${one}/status`, body: { ...object(sample, 'one'), status: sample.status } },
      { path: one, accept: table },
      {
        method: 'PATCH',
        path: `${one}/status`,
        type: apply,
        query: { fieldManager: 'applier', force: 'true' },
        body: { apiVersion: apiVersionOf(sample), kind: sample.kind, status: sample.status },
      },
      { method: 'DELETE', path: `${one}/status` },
    ];
  },
  'is scaled': (sample) => {
    if (!sample.scale) return undefined;
    const path = collection(sample);
    const one = `${path}/one`;
    const scale = (replicas: unknown): Record<string, unknown> => ({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: 'one', namespace: '{ns}' },
      spec: { replicas },
    });
    return [
      { method: 'POST', path, query: { fieldManager: 'maker' }, body: object(sample, 'one') },
      { path: `${one}/scale` },
      { method: 'PUT', path: `${one}/scale`, query: { fieldManager: 'scaler' }, body: scale(4) },
      {
        method: 'PATCH',
        path: `${one}/scale`,
        query: { fieldManager: 'scaler' },
        type: merge,
        body: { spec: { replicas: 2 } },
      },
      { method: 'PUT', path: `${one}/scale`, body: scale(-1) },
      { method: 'PUT', path: `${one}/scale`, body: { ...scale(1), metadata: { name: 'two' } } },
      {
        method: 'PUT',
        path: `${one}/scale`,
        body: { ...scale(1), metadata: { name: 'one', namespace: '{ns}', resourceVersion: '1' } },
      },
      { path: one },
      { path: `${path}/nobody/scale` },
    ];
  },
};

const named = (sample: Sample): string =>
  `${sample.plural}${sample.group === '' ? '' : `.${sample.group}`}${sample.version === 'v1' ? '' : `/${sample.version}`}`;

/** Each script with each kind. */
export const lives: readonly Sequence[] = samples.flatMap((sample) =>
  Object.entries(scripts).flatMap(([words, script]) => {
    const steps = script(sample);
    return steps === undefined ? [] : [{ name: `${named(sample)} ${words}`, steps }];
  }),
);
