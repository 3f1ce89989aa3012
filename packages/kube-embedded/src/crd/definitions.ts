import { type JsonObject, isObject, listAt, objectAt, textAt } from '../json/tree.js';
import { type Definition, type Field, type Type, addDefinition, anything } from '../schema/definition.js';
import { isResource } from './schema-values.js';

const scalar = (name: 's' | 'l' | 'n' | 'b' | 'x' | 'o'): Type => ({ form: 'scalar', scalar: name });

const isFree = (schema: JsonObject): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;

const string = { required: false, pointer: true, type: scalar('s') };
/** What every resource has, whatever its schema says. */
const ofResource: readonly [string, Field][] = [
  ['apiVersion', { name: 'apiVersion', ...string }],
  ['kind', { name: 'kind', ...string }],
  [
    'metadata',
    { name: 'metadata', required: false, pointer: true, type: { form: 'definition', name: 'meta.v1.ObjectMeta' } },
  ],
];

/**
 * Turns the structural schema of a custom resource into definitions, the form in which the fields of all kinds are known here: what prunes, applies, records
 * managers and publishes then serves custom resources like any other.
 *
 * @param name of the kind's own definition; those below it are named after it
 * @param published its name in the OpenAPI documents
 */
export function addDefinitions(
  schema: JsonObject,
  name: string,
  published: string,
  kind: { group: string; version: string; kind: string },
): void {
  const typeOf = (part: JsonObject, path: string): Type => {
    if (part['x-kubernetes-int-or-string'] === true) return scalar('x');
    if (isResource(part)) return add(part, path);
    if (isFree(part) && !objectAt(part, 'properties')) return anything;
    switch (textAt(part, 'type')) {
      case 'string':
        return scalar('s');
      case 'integer':
        return scalar('l');
      case 'number':
        return scalar('n');
      case 'boolean':
        return scalar('b');
      case 'array': {
        const items = objectAt(part, 'items');
        return { form: 'list', items: items ? typeOf(items, `${path}[]`) : anything };
      }
      case 'object': {
        if (objectAt(part, 'properties')) return add(part, path);
        const values = objectAt(part, 'additionalProperties');
        if (values) {
          return { form: 'map', values: typeOf(values, `${path}{}`), nullable: values['nullable'] === true };
        }
        return part['additionalProperties'] === true ? anything : add(part, path);
      }
      default:
        return anything;
    }
  };
  const fieldsOf = (part: JsonObject, path: string): Map<string, Field> => {
    const required = new Set(listAt(part, 'required'));
    const fields = new Map<string, Field>();
    for (const [key, below] of Object.entries(objectAt(part, 'properties') ?? {})) {
      if (!isObject(below)) continue;
      const keys = listAt(below, 'x-kubernetes-list-map-keys').filter((item) => typeof item === 'string');
      const list = textAt(below, 'x-kubernetes-list-type');
      const atomic =
        (textAt(below, 'type') === 'array' && list !== 'map' && list !== 'set') ||
        textAt(below, 'x-kubernetes-map-type') === 'atomic';
      fields.set(key, {
        name: key,
        required: required.has(key),
        pointer: true,
        type: typeOf(below, `${path}.${key}`),
        ...(list === 'map' ? { mapKeys: keys } : {}),
        ...(list === 'set' ? { set: true } : {}),
        ...(below['nullable'] === true ? { nullable: true } : {}),
        ...(atomic ? { atomic: true } : {}),
        ...(typeof below['default'] === 'string' ? { default: below['default'] } : {}),
        ...(textAt(below, 'description') === undefined ? {} : { description: textAt(below, 'description') ?? '' }),
      });
    }
    return fields;
  };
  const add = (part: JsonObject, path: string): Type => {
    const definition: Definition = {
      name: `${name}${path}`,
      published: `${published}${path}`,
      atomic: textAt(part, 'x-kubernetes-map-type') === 'atomic',
      fields: isResource(part) ? new Map([...fieldsOf(part, path), ...ofResource]) : fieldsOf(part, path),
      ...(isFree(part) ? { others: anything } : {}),
    };
    addDefinition(definition);
    return { form: 'definition', name: definition.name };
  };
  addDefinition({
    name,
    published,
    groupVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    atomic: false,
    fields: new Map([
      ...ofResource,
      ...[...fieldsOf(schema, '')].filter(([key]) => !ofResource.some(([known]) => known === key)),
    ]),
    ...(isFree(schema) ? { others: anything } : {}),
  });
}
