import type { Sequence, Step } from '../sequence.js';
import { patch, post, table } from './steps.js';

export type Schema = Readonly<Record<string, unknown>>;

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const things = '/apis/{ns}.example.com/v1/namespaces/{ns}/things';

/** A definition of things with these properties, and what its schema, its version and it itself are to say besides. */
export const thingsOf = (
  properties: Schema,
  more: { readonly schema?: Schema; readonly version?: Schema; readonly spec?: Schema } = {},
): Record<string, unknown> => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.{ns}.example.com' },
  spec: {
    group: '{ns}.example.com',
    names: { plural: 'things', kind: 'Thing' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties, ...more.schema } },
        subresources: { status: {} },
        ...more.version,
      },
    ],
    ...more.spec,
  },
});

/** A definition of things whose `spec` and `status` are as given, and rules for the whole. */
const definition = (spec: Schema, whole: Schema = {}): unknown =>
  thingsOf({ spec, status: { type: 'object', properties: { count: integer } } }, { schema: whole });

/** The definition is made, and awaited. Of what is answered to that only the name is told. */
export const defined = (spec: Schema, whole: Schema = {}): readonly Step[] => [
  post(definitions, definition(spec, whole), { accept: table, query: { includeObject: 'None', fieldManager: 'x' } }),
  { path: things, settles: 200, accept: table },
];
/** A definition that is refused, or is made: what is answered to it. */
export const refused = (name: string, spec: Schema, whole: Schema = {}): Sequence => ({
  name: `a definition refused: ${name}`,
  steps: [post(definitions, definition(spec, whole))],
});

export const make = (name: string, spec: unknown, more: Schema = {}): Step =>
  post(things, { apiVersion: '{ns}.example.com/v1', kind: 'Thing', metadata: { name }, spec, ...more });
export const change = (name: string, spec: unknown): Step => patch(`${things}/${name}`, { spec });
export const object = (properties: Schema, more: Schema = {}): Schema => ({ type: 'object', properties, ...more });
/** Short, as the real server reckons with the longest for what a rule may cost. */
export const text = { type: 'string', maxLength: 30 };
export const integer = { type: 'integer' };
