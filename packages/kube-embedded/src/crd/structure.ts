import type { Cause } from '../errors.js';
import { goTexts } from '../json/go.js';
import { type JsonObject, listAt, objectAt, textAt } from '../json/tree.js';
import { forbiddenField, invalidShown, invalidValue, required, unsupported } from '../kinds/validation/field.js';
import { partsOf } from './schema-parts.js';
import { validateSchema } from './validate.js';

const listTypes = ['atomic', 'set', 'map'];
const mapTypes = ['atomic', 'granular'];

/** What is wrong with a schema and all below it: with what it says of lists and maps, and with its defaults. After the real server's validation of definitions. */
export function validateStructure(schema: JsonObject, path: string): Cause[] {
  return [
    ...(schema['uniqueItems'] === true
      ? [
          forbiddenField(
            `${path}.uniqueItems`,
            'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
          ),
        ]
      : []),
    ...validateProperties(schema, path),
    ...partsOf(schema).flatMap((part) => validateStructure(part.schema, path + part.path)),
    ...validateMap(schema, path),
    ...validateList(schema, path),
    ...validateDefault(schema, path),
  ];
}

function validateProperties(schema: JsonObject, path: string): Cause[] {
  const named = Object.keys(objectAt(schema, 'properties') ?? {}).length > 0;
  const others = schema['additionalProperties'];
  return named && others !== undefined && others !== true
    ? [forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive')]
    : [];
}

/** A type that goes with the kind of list or map that is said. */
function ofType(schema: JsonObject, path: string, wanted: string, key: string): Cause[] {
  const type = textAt(schema, 'type') ?? '';
  const why = `must be ${wanted} if ${key} is specified`;
  if (type === wanted) return [];
  return [type === '' ? required(`${path}.type`, why) : invalidValue(`${path}.type`, type, why)];
}

function validateMap(schema: JsonObject, path: string): Cause[] {
  const key = 'x-kubernetes-map-type';
  const kind = textAt(schema, key);
  if (kind === undefined) return [];
  const known = mapTypes.includes(kind) ? [] : [unsupported(`${path}.${key}`, kind, mapTypes)];
  return [...ofType(schema, path, 'object', key), ...known];
}

function validateList(schema: JsonObject, path: string): Cause[] {
  const causes: Cause[] = [];
  const field = `${path}.x-kubernetes-list-type`;
  const kind = textAt(schema, 'x-kubernetes-list-type');
  const keys = listAt(schema, 'x-kubernetes-list-map-keys').map(String);
  const items = objectAt(schema, 'items');
  if (textAt(schema, 'type') === 'array' && !items) causes.push(required(`${path}.items`, 'must be specified'));
  if (kind !== undefined) causes.push(...ofType(schema, path, 'array', 'x-kubernetes-list-type'));
  if (kind !== undefined && !listTypes.includes(kind)) causes.push(unsupported(field, kind, listTypes));
  if (keys.length > 0 && kind !== 'map') {
    const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
    causes.push(kind === undefined ? required(field, why) : invalidValue(field, kind, why));
  }
  return kind === 'map' ? [...causes, ...validateKeys(keys, items, path)] : causes;
}

function validateKeys(keys: readonly string[], items: JsonObject | undefined, path: string): Cause[] {
  const field = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) return [required(field, 'must not be empty if x-kubernetes-list-type is map')];
  if (!items) return [required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map')];
  const type = textAt(items, 'type') ?? '';
  if (type !== 'object') {
    return [invalidValue(`${path}.items.type`, type, "must be object if parent array's x-kubernetes-list-type is map")];
  }
  return keys.flatMap((key, index): Cause[] => {
    const property = objectAt(items, 'properties', key);
    const causes: Cause[] = [];
    if (!property) causes.push(invalidShown(field, goTexts(keys), 'entries must all be names of item properties'));
    else if (['array', 'object'].includes(textAt(property, 'type') ?? '')) {
      const why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      causes.push(invalidValue(`${path}.items.properties[${key}].type`, type, why));
    } else if (property['default'] === undefined && !listAt(items, 'required').includes(key)) {
      const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      causes.push(required(`${path}.items.properties[${key}].default`, why));
    }
    if (keys.indexOf(key) < index)
      causes.push(invalidShown(field, goTexts(keys), 'must not contain duplicate entries'));
    return causes;
  });
}

/** A default is held against the schema that it is in. */
function validateDefault(schema: JsonObject, path: string): Cause[] {
  const value = schema['default'];
  if (value === undefined) return [];
  return validateSchema(schema, value, '').map(({ message, ...cause }) => {
    const field = cause.field === undefined || cause.field === '<nil>' ? '' : cause.field;
    return {
      ...cause,
      field: `${path}.default${field === '' || field.startsWith('[') ? field : `.${field}`}`,
      message: field === '' ? message.replace('<nil> in body', ' in body') : message,
    };
  });
}
