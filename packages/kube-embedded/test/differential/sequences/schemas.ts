import type { Sequence, Step } from '../sequence.js';
import { patch } from './steps.js';
import { type Schema, change, defined, integer, make, object, refused, text, things } from './things.js';

const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });
const read = (name: string): Step => ({ path: `${things}/${name}` });
const apply = (name: string, manager: string, spec: unknown, force = false): Step => ({
  method: 'PATCH',
  path: `${things}/${name}`,
  type: 'application/apply-patch+yaml',
  query: { fieldManager: manager, ...(force ? { force: 'true' } : {}) },
  body: { apiVersion: '{ns}.example.com/v1', kind: 'Thing', metadata: { name }, spec },
});
const json = 'application/json-patch+json';
const ports = list(
  object({ name: text, protocol: { ...text, default: 'TCP' }, port: integer }, { required: ['name'] }),
  {
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name', 'protocol'],
  },
);
const free = { 'x-kubernetes-preserve-unknown-fields': true };

/** What structural schemas make of custom resources: defaults, nulls, unknown fields, and lists and maps under server-side apply. */
export const schemas: readonly Sequence[] = [
  {
    name: 'a schema with defaults',
    steps: [
      ...defined(
        object({
          a: { ...text, default: 'x' },
          n: { ...integer, default: 3 },
          o: object({ b: { type: 'boolean', default: true }, c: text }, { default: {} }),
          p: object({ d: { ...integer, default: 1 } }),
          l: list(object({ e: { ...text, default: 'y' } }), { default: [{}] }),
          m: { type: 'object', additionalProperties: object({ f: { ...integer, default: 2 } }) },
        }),
      ),
      make('a', {}),
      make('b', { a: '', n: 0, o: { c: 'z' }, p: {}, l: [], m: { k: {} } }),
      make('c', { a: null, o: null, l: null, p: { d: null } }),
      change('b', { a: null, n: null, o: null }),
      read('b'),
      { ...make('d', undefined), body: { apiVersion: '{ns}.example.com/v1', kind: 'Thing', metadata: { name: 'd' } } },
    ],
  },
  {
    name: 'a schema with nulls',
    steps: [
      ...defined(
        object({
          a: { ...text, nullable: true },
          b: text,
          c: { ...text, nullable: true, default: 'x' },
          d: { ...text, default: 'y' },
          l: list({ ...text, nullable: true }),
          m: { type: 'object', additionalProperties: { ...text, nullable: true } },
          o: object({ e: { ...integer, nullable: true } }, { nullable: true }),
          f: { type: 'object', ...free },
        }),
      ),
      make('a', { a: null }),
      make('b', { b: null }),
      make('c', { c: null, d: null }),
      make('d', { l: ['x', null] }),
      make('e', { m: { k: null } }),
      make('f', { o: null }),
      make('g', { o: { e: null } }),
      make('h', { f: { x: null, y: [null] } }),
      patch(`${things}/a`, [{ op: 'add', path: '/spec/c', value: null }], json),
      change('f', { o: { e: 1 } }),
      change('f', { o: null }),
    ],
  },
  {
    name: 'a schema with unknown fields',
    steps: [
      ...defined(
        object({
          o: object({ a: text }),
          kept: object({ a: text, deep: object({ b: text }) }, free),
          any: free,
          none: { type: 'object' },
          either: { 'x-kubernetes-int-or-string': true },
          inner: { type: 'object', 'x-kubernetes-embedded-resource': true, ...free },
        }),
      ),
      make('a', { x: 1, o: { a: 'x', y: 2 }, none: { z: 1 } }),
      make('b', { kept: { a: 'x', more: 1, deep: { b: 'y', gone: true } }, any: [1, { x: 'y' }] }),
      make('c', { kept: { a: 1 } }),
      make('d', { either: 1 }),
      make('e', { either: '50%' }),
      make('f', { either: 1.5 }),
      make('g', {
        inner: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', labels: { a: 'b' } }, data: {} },
      }),
      make('h', { inner: { kind: 'ConfigMap' } }),
      make('i', { inner: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'Bad Name', extra: 1 } } }),
      { ...make('j', { x: 1, kept: { deep: { c: 1 } } }), query: { fieldValidation: 'Strict' } },
      { ...make('k', { x: 1, kept: { deep: { c: 1 } } }), query: { fieldValidation: 'Warn' } },
    ],
  },
  {
    name: 'a schema with sets and maps',
    steps: [
      ...defined(
        object({
          set: list(text, { 'x-kubernetes-list-type': 'set' }),
          ports,
          atomic: list(object({ a: text }), { 'x-kubernetes-list-type': 'atomic' }),
          labels: { type: 'object', additionalProperties: text },
          whole: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
        }),
      ),
      make('a', { set: ['x', 'y', 'x'] }),
      make('b', {
        ports: [
          { name: 'p', port: 1 },
          { name: 'p', protocol: 'UDP' },
        ],
      }),
      make('c', {
        ports: [
          { name: 'p', port: 1 },
          { name: 'p', protocol: 'TCP' },
        ],
      }),
      make('d', { ports: [{ port: 1 }] }),
      apply('e', 'one', {
        set: ['x'],
        ports: [{ name: 'p', port: 1 }],
        atomic: [{ a: 'x' }],
        labels: { a: 'b' },
        whole: { a: 'b' },
      }),
      apply('e', 'two', { set: ['y'], ports: [{ name: 'q', port: 2 }], labels: { c: 'd' } }),
      apply('e', 'two', { ports: [{ name: 'p', port: 3 }] }),
      apply('e', 'two', { atomic: [{ a: 'y' }] }),
      apply('e', 'two', { whole: { c: 'd' } }, true),
      apply('e', 'one', { set: ['x', 'z'], ports: [{ name: 'p', protocol: 'UDP' }] }),
      apply('e', 'two', {}),
      read('e'),
    ],
  },
  {
    name: 'a schema that is tightened',
    steps: [
      ...defined(object({ a: text, n: integer, l: list(integer) })),
      make('a', { a: 'x', n: -1, l: [-1] }),
      {
        method: 'PATCH',
        path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.{ns}.example.com',
        type: json,
        query: { includeObject: 'None' },
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
        body: [
          { op: 'add', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/n/minimum', value: 0 },
          {
            op: 'add',
            path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/l/items/minimum',
            value: 0,
          },
        ],
      },
      { ...make('probe', { n: -1 }), settles: 422 },
      change('a', { a: 'y' }),
      change('a', { n: -2 }),
      change('a', { l: [-1, 1] }),
      change('a', { n: 1 }),
    ],
  },
  refused('a default of another type', object({ n: { ...integer, default: 'x' } })),
  refused('a default that its schema does not allow', object({ n: { ...integer, minimum: 2, default: 1 } })),
  refused('map keys of no map', object({ l: list(text, { 'x-kubernetes-list-map-keys': ['a'] }) })),
  refused('a map without keys', object({ l: list(object({ a: text }), { 'x-kubernetes-list-type': 'map' }) })),
  refused(
    'a map by a key that is not there',
    object({ l: list(object({ a: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['b'] }) }),
  ),
  refused('an unknown type of lists', object({ l: list(text, { 'x-kubernetes-list-type': 'bag' }) })),
  refused('either of two with a type', object({ e: { type: 'string', 'x-kubernetes-int-or-string': true } })),
  refused('properties beside additional ones', object({ a: text }, { additionalProperties: text })),
  refused('a list without items', object({ l: { type: 'array' } })),
];
