import type { Cause } from '../errors.js';
import {
  type JsonObject,
  clone,
  ensureObject,
  equal,
  listAt,
  numberAt,
  objectAt,
  objectsAt,
  setDefault,
  textAt,
} from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import type { Strategy } from '../kinds/strategy.js';
import { invalidValue, required } from '../kinds/validation/field.js';
import { validatePatterns } from './pattern.js';
import { validateRuleDefinitions } from './rule-definitions.js';
import { hasRules, validateRules } from './rules.js';
import { validateStructure } from './structure.js';
import { validateSchema } from './validate.js';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

/** The version that is stored now is one that objects may be stored in. */
function addStoredVersion(crd: JsonObject): void {
  const status = ensureObject(crd, 'status');
  const stored = listAt(status, 'storedVersions').filter((item) => typeof item === 'string');
  for (const version of objectsAt(crd, 'spec', 'versions')) {
    const name = textAt(version, 'name') ?? '';
    if (version['storage'] === true && !stored.includes(name)) stored.push(name);
  }
  status['storedVersions'] = stored;
}

export function defaultDefinition(crd: JsonObject): void {
  const spec = ensureObject(crd, 'spec');
  const names = ensureObject(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  setDefault(names, 'singular', kind.toLowerCase());
  setDefault(names, 'listKind', `${kind}List`);
  setDefault(spec, 'conversion', { strategy: 'None' });
}

const validateParts = (schema: JsonObject, path: string): Cause[] => {
  const causes = [...validateStructure(schema, path), ...validatePatterns(schema, path)];
  // Rules are of no use to somebody whose schema is none yet.
  return causes.length > 0 ? causes : validateRuleDefinitions(schema, path);
};

function validate(crd: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const group = textAt(crd, 'spec', 'group') ?? '';
  const plural = textAt(crd, 'spec', 'names', 'plural') ?? '';
  const name = textAt(crd, 'metadata', 'name') ?? '';
  if (group === '') causes.push(required('spec.group'));
  else if (!group.includes('.'))
    causes.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  if (plural === '') causes.push(required('spec.names.plural'));
  if ((textAt(crd, 'spec', 'names', 'kind') ?? '') === '') causes.push(required('spec.names.kind'));
  if (name !== `${plural}.${group}`) {
    causes.push(invalidValue('metadata.name', name, `must be spec.names.plural+"."+spec.group`));
  }
  const scope = textAt(crd, 'spec', 'scope') ?? '';
  if (scope === '') causes.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') {
    causes.push({
      reason: 'FieldValueNotSupported',
      field: 'spec.scope',
      message: `Unsupported value: "${scope}": supported values: "Cluster", "Namespaced"`,
    });
  }
  const versions = objectsAt(crd, 'spec', 'versions');
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    causes.push(
      invalidValue(
        'spec.versions',
        versions.map((version) => clone(version)),
        'must have exactly one version marked as storage version',
      ),
    );
  }
  // Of versions that all have one schema the real server keeps that one, and speaks of it.
  const [first, ...others] = versions.map((version) => objectAt(version, 'schema', 'openAPIV3Schema'));
  const shared = first !== undefined && others.every((other) => equal(other, first));
  if (shared) causes.push(...validateParts(first, 'spec.validation.openAPIV3Schema'));
  versions.forEach((version, index) => {
    const field = `spec.versions[${index}].schema.openAPIV3Schema`;
    const schema = objectAt(version, 'schema', 'openAPIV3Schema');
    if (!schema) causes.push(required(field, 'schemas are required'));
    else if (textAt(schema, 'type') === undefined)
      causes.push(required(`${field}.type`, 'must not be empty at the root'));
    else if (textAt(schema, 'type') !== 'object') {
      causes.push(invalidValue(`${field}.type`, textAt(schema, 'type'), 'must be object at the root'));
    }
    if (schema && !shared) causes.push(...validateParts(schema, field));
  });
  return causes;
}

/** Custom resource definitions themselves. */
export const definitionStrategy: Strategy = {
  prepareCreate(crd) {
    crd['status'] = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null };
    addStoredVersion(crd);
  },
  prepareUpdate: addStoredVersion,
  prepareDelete(crd, old, time) {
    const metadata = ensureObject(crd, 'metadata');
    metadata['generation'] = numberAt(old, 'metadata', 'generation') ?? 1;
    delete metadata['deletionGracePeriodSeconds'];
    metadata['finalizers'] = [...listAt(metadata, 'finalizers').filter((item) => item !== cleanup), cleanup];
    const status = ensureObject(crd, 'status');
    const terminating = {
      type: 'Terminating',
      status: 'True',
      lastTransitionTime: time,
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    };
    status['conditions'] = [...objectsAt(status, 'conditions'), terminating];
  },
  validateCreate: validate,
  validateUpdate(crd, old) {
    const causes = validate(crd);
    for (const field of ['group', 'scope']) {
      const value = objectAt(crd, 'spec')?.[field];
      if (!equal(value, objectAt(old, 'spec')?.[field]))
        causes.push(invalidValue(`spec.${field}`, value, 'field is immutable'));
    }
    return causes;
  },
};

/** Mistakes by which a rule might fail on what it cannot see rightly. */
const blocking: ReadonlySet<Cause['reason']> = new Set<Cause['reason']>([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const unchecked = invalidValue(
  '<nil>',
  'null',
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

/** Objects of a custom kind: their schema is their rule. */
export function customStrategy(kind: Kind): Strategy | undefined {
  const { custom } = kind;
  if (!custom) return undefined;
  const check = (object: JsonObject, old?: JsonObject, warn?: (text: string) => void): Cause[] => {
    const causes = validateSchema(custom.schema, object, '', old);
    if (!causes.some(({ reason }) => blocking.has(reason)))
      causes.push(...validateRules(custom.schema, object, { old, warn }));
    else if (hasRules(custom.schema)) causes.push(unchecked);
    return causes;
  };
  return { validateCreate: (object) => check(object), validateUpdate: check, validateStatus: check };
}
