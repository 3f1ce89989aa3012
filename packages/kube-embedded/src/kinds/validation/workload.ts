import type { Cause } from '../../errors.js';
import { goLabels, goSelector } from '../../json/go.js';
import { type JsonObject, equal, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { forbiddenField, invalidShown, invalidValue, required } from './field.js';
import { validateLabels } from './metadata.js';
import { validatePodSpec } from './pod.js';
import { validateRollout } from './rollout.js';

const always = ['Always'];
const immutable = 'field is immutable';

/** Whether a label selector object selects these labels. */
export function selects(selector: JsonObject | undefined, labels: JsonObject): boolean {
  for (const [key, value] of Object.entries(objectAt(selector, 'matchLabels') ?? {})) {
    if (labels[key] !== value) return false;
  }
  return objectsAt(selector, 'matchExpressions').every((expression) => {
    const found = labels[textAt(expression, 'key') ?? ''];
    const values = listAt(expression, 'values');
    switch (textAt(expression, 'operator')) {
      case 'In':
        return found !== undefined && values.includes(found);
      case 'NotIn':
        return found === undefined || !values.includes(found);
      case 'Exists':
        return found !== undefined;
      case 'DoesNotExist':
        return found === undefined;
      default:
        return false;
    }
  });
}

function validateReplicas(object: JsonObject): Cause[] {
  const replicas = numberAt(object, 'spec', 'replicas') ?? 0;
  return replicas < 0 ? [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')] : [];
}

const expressionOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** The selector of a workload and the labels of its template, which it must select. */
function validateSelector(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec') ?? {};
  const causes: Cause[] = [];
  const selector = objectAt(spec, 'selector');
  const kind = textAt(object, 'kind') ?? '';
  let valid = selector !== undefined;
  const empty =
    selector !== undefined &&
    Object.keys(objectAt(selector, 'matchLabels') ?? {}).length === 0 &&
    objectsAt(selector, 'matchExpressions').length === 0;
  if (selector === undefined) {
    if (kind !== 'DaemonSet') causes.push(required('spec.selector'));
  } else {
    causes.push(...validateLabels(objectAt(selector, 'matchLabels'), 'spec.selector.matchLabels'));
    objectsAt(selector, 'matchExpressions').forEach((expression, index) => {
      const operator = textAt(expression, 'operator') ?? '';
      if (expressionOperators.includes(operator)) return;
      const field = `spec.selector.matchExpressions[${index}].operator`;
      causes.push(invalidValue(field, operator, 'not a valid selector operator'));
      valid = false;
    });
    if (empty) {
      const why = `empty selector is invalid for ${kind.toLowerCase()}`;
      causes.push(invalidShown('spec.selector', goSelector(selector), why));
    }
  }
  if (selector !== undefined && !valid) {
    causes.push(invalidShown('spec.selector', goSelector(selector), 'invalid label selector'));
  }
  const labels = objectAt(spec, 'template', 'metadata', 'labels');
  if ((valid && !empty && !selects(selector, labels ?? {})) || selector === undefined) {
    causes.push(
      invalidShown('spec.template.metadata.labels', goLabels(labels), '`selector` does not match template `labels`'),
    );
  }
  causes.push(...validateLabels(labels, 'spec.template.labels'));
  return causes;
}

/** Rules of what stands in the template of a workload whose pods run for ever. */
function validateTemplate(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec', 'template', 'spec');
  // Of stateful sets the real server does not look at the containers.
  const causes = textAt(object, 'kind') === 'StatefulSet' ? [] : validatePodSpec(spec, 'spec.template.spec', always);
  if (spec?.['activeDeadlineSeconds'] !== undefined) {
    const kind = textAt(object, 'kind') ?? '';
    causes.push(
      forbiddenField(
        'spec.template.spec.activeDeadlineSeconds',
        `activeDeadlineSeconds in ${kind === 'Deployment' ? 'ReplicaSet' : kind} is not Supported`,
      ),
    );
  }
  return causes;
}

/** Deployments, replica sets, daemon sets, stateful sets: a selector that selects the template, and how they are rolled out. */
export const validateSelected = (object: JsonObject): Cause[] => [
  ...validateReplicas(object),
  ...validateSelector(object),
  ...validateTemplate(object),
  ...validateRollout(object),
];

export function validateSelectedUpdate(object: JsonObject, old: JsonObject): Cause[] {
  const causes = validateSelected(object);
  const selector = objectAt(object, 'spec', 'selector');
  if (textAt(object, 'kind') === 'StatefulSet') return [...causes, ...statefulChanges(object, old)];
  if (!equal(selector, objectAt(old, 'spec', 'selector'))) {
    causes.push(invalidShown('spec.selector', selector === undefined ? '"null"' : goSelector(selector), immutable));
  }
  return causes;
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** A stateful set keeps what its pods are told apart by. */
function statefulChanges(object: JsonObject, old: JsonObject): Cause[] {
  const settled = (set: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(objectAt(set, 'spec') ?? {}).filter(([key]) => !changeable.includes(key)));
  if (equal(settled(object), settled(old))) return [];
  const last = changeable.at(-1) ?? '';
  const named = changeable
    .slice(0, -1)
    .map((field) => `'${field}'`)
    .join(', ');
  return [
    forbiddenField('spec', `updates to statefulset spec for fields other than ${named} and '${last}' are forbidden`),
  ];
}

export const validateRevision = (revision: JsonObject): Cause[] =>
  (revision['data'] ?? null) === null ? [required('data', 'data is mandatory')] : [];

export function validateController(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec') ?? {};
  const causes = validateReplicas(object);
  const selector = objectAt(spec, 'selector') ?? {};
  const template = objectAt(spec, 'template');
  if (Object.keys(selector).length === 0) causes.push(required('spec.selector'));
  if (template === undefined) return [...causes, required('spec.template')];
  const labels = objectAt(template, 'metadata', 'labels');
  if (Object.entries(selector).some(([key, value]) => labels?.[key] !== value)) {
    causes.push(
      invalidShown('spec.template.metadata.labels', goLabels(labels), '`selector` does not match template `labels`'),
    );
  }
  causes.push(...validateLabels(labels, 'spec.template.labels'));
  causes.push(...validatePodSpec(objectAt(template, 'spec'), 'spec.template.spec', always));
  return causes;
}
