import type { Cause } from '../../errors.js';
import { jsonProblem } from '../../json/scan.js';
import { type JsonObject, equal, objectAt, textAt } from '../../json/tree.js';
import { forbiddenField, invalidValue, required } from './field.js';
import { configKey } from './name.js';

const dataLimit = 1024 * 1024;

const keysOf = (object: JsonObject, field: string): Cause[] =>
  Object.keys(objectAt(object, field) ?? {}).flatMap((key) =>
    configKey(key).map((problem) => invalidValue(`${field}[${key}]`, key, problem)),
  );

function tooLarge(object: JsonObject, fields: readonly string[]): Cause[] {
  let size = 0;
  for (const field of fields) {
    for (const value of Object.values(objectAt(object, field) ?? {})) size += String(value).length;
  }
  return size > dataLimit
    ? [{ reason: 'FieldValueTooLong', field: '[]', message: `Too long: may not be more than ${dataLimit} bytes` }]
    : [];
}

function immutable(object: JsonObject, old: JsonObject | undefined): Cause[] {
  if (old?.['immutable'] !== true) return [];
  const causes: Cause[] = [];
  if (object['immutable'] !== true) {
    causes.push(forbiddenField('immutable', 'field is immutable when `immutable` is set'));
  }
  for (const field of ['data', 'binaryData']) {
    if (!equal(object[field], old[field])) {
      causes.push(forbiddenField(field, 'field is immutable when `immutable` is set'));
    }
  }
  return causes;
}

export const validateConfig = (object: JsonObject, old?: JsonObject): Cause[] => [
  ...keysOf(object, 'data'),
  ...keysOf(object, 'binaryData'),
  ...Object.keys(objectAt(object, 'data') ?? {})
    .filter((key) => objectAt(object, 'binaryData')?.[key] !== undefined)
    .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')),
  ...tooLarge(object, ['data', 'binaryData']),
  ...immutable(object, old),
];

/** Keys that a typed secret must have. */
const secretKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
  'kubernetes.io/ssh-auth': 'ssh-privatekey',
};

export function validateSecret(object: JsonObject, old?: JsonObject): Cause[] {
  const type = textAt(object, 'type') ?? '';
  const data = objectAt(object, 'data') ?? {};
  const causes = [...keysOf(object, 'data'), ...tooLarge(object, ['data']), ...immutable(object, old)];
  const needed = secretKeys[type];
  if (needed !== undefined && data[needed] === undefined) causes.push(required(`data[${needed}]`));
  if (type === 'kubernetes.io/dockerconfigjson' || type === 'kubernetes.io/dockercfg') {
    const content = needed === undefined ? undefined : data[needed];
    const problem =
      typeof content === 'string' ? jsonProblem(Buffer.from(content, 'base64').toString('utf8')) : undefined;
    if (problem !== undefined)
      causes.push(invalidValue(`data[${String(needed)}]`, '<secret contents redacted>', problem));
  }
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    causes.push(required('data[username]'), required('data[password]'));
  }
  if (type === 'kubernetes.io/tls') {
    for (const key of ['tls.crt', 'tls.key']) if (data[key] === undefined) causes.push(required(`data[${key}]`));
  }
  if (
    type === 'kubernetes.io/service-account-token' &&
    textAt(object, 'metadata', 'annotations', 'kubernetes.io/service-account.name') === undefined
  ) {
    causes.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  }
  if (old && old['type'] !== object['type']) causes.push(invalidValue('type', type, 'field is immutable'));
  return causes;
}
