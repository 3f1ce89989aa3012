import { type JsonObject, isObject } from '../json/tree.js';
import {
  type Definition,
  type Field,
  type Scalar,
  type Type,
  definition,
  definitionNames,
} from '../schema/definition.js';

/** The published name of a definition: `core.v1.Pod` is `io.k8s.api.core.v1.Pod`. */
export function publishedName({ name, published }: Pick<Definition, 'name' | 'published'>): string {
  if (published !== undefined) return published;
  if (name.startsWith('meta.v1.')) return `io.k8s.apimachinery.pkg.apis.${name}`;
  if (name.startsWith('apiextensions.')) return `io.k8s.apiextensions-apiserver.pkg.apis.${name}`;
  return `io.k8s.api.${name}`;
}

const scalars: Readonly<Record<Scalar, JsonObject>> = {
  s: { type: 'string' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  n: { type: 'number', format: 'double' },
  b: { type: 'boolean' },
  y: { type: 'string', format: 'byte' },
  t: { type: 'string', format: 'date-time' },
  m: { type: 'string', format: 'date-time' },
  q: { type: 'string' },
  x: { type: 'string', format: 'int-or-string' },
  o: { type: 'object' },
};

/** Scalars that the documents define by a name, which `kubectl explain` shows as their type. */
const namedScalars: Readonly<Partial<Record<Scalar, string>>> = {
  t: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  m: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  q: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  x: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
};

/** Objects of any form that the documents define by a name, by the field that holds one. */
const namedObjects: Readonly<Record<string, string>> = {
  'meta.v1.ManagedFieldsEntry.fieldsV1': 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1',
  'apps.v1.ControllerRevision.data': 'io.k8s.apimachinery.pkg.runtime.RawExtension',
};

function scalarSchema(scalar: Scalar, version: OpenApiVersion): JsonObject {
  const either = { oneOf: [{ type: 'integer' }, { type: 'string' }] };
  if (version === 3 && scalar === 'x') return { format: 'int-or-string', ...either };
  return version === 3 && scalar === 'q' ? { oneOf: [{ type: 'string' }, { type: 'number' }] } : { ...scalars[scalar] };
}

/** Version 3 wants alternatives and defaults that version 2 cannot say. */
export type OpenApiVersion = 2 | 3;

function schemaOf(type: Type, version: OpenApiVersion, prefix: string): JsonObject {
  switch (type.form) {
    case 'scalar':
      return namedScalars[type.scalar] === undefined
        ? { ...scalars[type.scalar] }
        : reference(namedScalars[type.scalar] ?? '', version, prefix);
    case 'list':
      return { type: 'array', items: schemaOf(type.items, version, prefix) };
    case 'any':
      return { 'x-kubernetes-preserve-unknown-fields': true };
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(type.values, version, prefix) };
    case 'definition':
      return reference(publishedName(definition(type.name) ?? type), version, prefix);
  }
}

function reference(name: string, version: OpenApiVersion, prefix: string): JsonObject {
  const ref = { $ref: `${prefix}${name}` };
  return version === 3 ? { allOf: [ref] } : ref;
}

function fieldSchema(field: Field, owner: Definition, version: OpenApiVersion, prefix: string): JsonObject {
  const object = namedObjects[`${owner.name}.${field.name}`];
  const schema = object === undefined ? schemaOf(field.type, version, prefix) : reference(object, version, prefix);
  if (field.values) {
    const holder = isObject(schema['items']) ? schema['items'] : schema;
    holder['enum'] = [...field.values];
  }
  if (field.description !== undefined) schema['description'] = field.description;
  if (field.default !== undefined) schema['default'] = field.default;
  if (field.mapKeys) {
    schema['x-kubernetes-list-type'] = 'map';
    schema['x-kubernetes-list-map-keys'] = [...field.mapKeys];
  } else if (field.set === true) schema['x-kubernetes-list-type'] = 'set';
  else if (field.atomic === true) {
    schema[field.type.form === 'list' ? 'x-kubernetes-list-type' : 'x-kubernetes-map-type'] = 'atomic';
  }
  const strategy = [
    ...(field.mergeKey === undefined ? [] : ['merge']),
    ...(field.retainKeys === true ? ['retainKeys'] : []),
  ];
  if (strategy.length > 0) schema['x-kubernetes-patch-strategy'] = strategy.join(',');
  if (typeof field.mergeKey === 'string') schema['x-kubernetes-patch-merge-key'] = field.mergeKey;
  return schema;
}

function definitionSchema(known: Definition, version: OpenApiVersion, prefix: string): JsonObject {
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const field of known.fields.values()) {
    properties[field.name] = fieldSchema(field, known, version, prefix);
    if (field.required) required.push(field.name);
  }
  const groupVersion = known.groupVersion?.split('/');
  return {
    type: 'object',
    ...(known.fields.size > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(known.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    ...(groupVersion
      ? {
          'x-kubernetes-group-version-kind': [
            {
              group: groupVersion[0] ?? '',
              version: groupVersion[1] ?? '',
              kind: known.kind ?? known.name.slice(known.name.lastIndexOf('.') + 1),
            },
          ],
        }
      : {}),
  };
}

/** Definitions by the published names, those named and all that they lead to; without names, all. */
export function schemas(
  version: OpenApiVersion,
  prefix: string,
  from: readonly string[] = definitionNames(),
): JsonObject {
  const found: JsonObject = {};
  const open = [...from];
  const visit = (type: Type): void => {
    if (type.form === 'list') visit(type.items);
    else if (type.form === 'map') visit(type.values);
    else if (type.form === 'definition') open.push(type.name);
    else if (type.form === 'scalar') {
      const name = namedScalars[type.scalar];
      if (name !== undefined) found[name] = scalarSchema(type.scalar, version);
    }
  };
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const known = definition(name);
    if (!known) continue;
    const published = publishedName(known);
    if (found[published] !== undefined) continue;
    found[published] = definitionSchema(known, version, prefix);
    for (const field of known.fields.values()) {
      const object = namedObjects[`${known.name}.${field.name}`];
      if (object === undefined) visit(field.type);
      else found[object] = { type: 'object' };
    }
  }
  return found;
}
