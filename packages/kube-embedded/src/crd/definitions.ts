import { type JsonObject, isObject, listAt, objectAt, textAt } from '../json/tree.js';
import { type Definition, type Field, type Type, addDefinition } from '../schema/definition.js';

const scalar = (name: 's' | 'l' | 'n' | 'b' | 'x' | 'o'): Type => ({ form: 'scalar', scalar: name });

const isFree = (schema: JsonObject): boolean =>
  schema['x-kubernetes-preserve-unknown-fields'] === true || schema['x-kubernetes-embedded-resource'] === true;

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
    if (isFree(part)) return scalar('o');
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
        return { form: 'list', items: items ? typeOf(items, `${path}[]`) : scalar('o') };
      }
      case 'object': {
        if (objectAt(part, 'properties')) return add(part, path);
        const values = objectAt(part, 'additionalProperties');
        if (values) return { form: 'map', values: typeOf(values, `${path}{}`) };
        return part['additionalProperties'] === true ? scalar('o') : add(part, path);
      }
      default:
        return scalar('o');
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
      fields: fieldsOf(part, path),
    };
    addDefinition(definition);
    return { form: 'definition', name: definition.name };
  };
  const own = fieldsOf(schema, '');
  const string = { required: false, pointer: true, type: scalar('s') };
  addDefinition({
    name,
    published,
    groupVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    atomic: false,
    fields: new Map([
      ['apiVersion', { name: 'apiVersion', ...string }],
      ['kind', { name: 'kind', ...string }],
      [
        'metadata',
        { name: 'metadata', required: false, pointer: true, type: { form: 'definition', name: 'meta.v1.ObjectMeta' } },
      ],
      ...[...own].filter(([key]) => !['apiVersion', 'kind', 'metadata'].includes(key)),
    ]),
  });
}
