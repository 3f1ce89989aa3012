import type { Cause } from '../../errors.js';
import { type JsonObject, equal, listAt, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { invalidValue, required } from './field.js';
import { validateLabels } from './metadata.js';
import { validatePodSpec } from './pod.js';

const always = ['Always'];
const notAlways = ['OnFailure', 'Never'];
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

/** Deployments, replica sets, daemon sets, stateful sets: a selector that selects the template. */
export function validateSelected(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec') ?? {};
  const causes = validateReplicas(object);
  const selector = objectAt(spec, 'selector');
  const empty =
    selector === undefined ||
    (Object.keys(objectAt(selector, 'matchLabels') ?? {}).length === 0 &&
      objectsAt(selector, 'matchExpressions').length === 0);
  const labels = objectAt(spec, 'template', 'metadata', 'labels') ?? {};
  if (selector === undefined) causes.push(required('spec.selector'));
  else if (empty) {
    causes.push(
      invalidValue(
        'spec.selector',
        selector,
        `empty selector is invalid for ${(textAt(object, 'kind') ?? '').toLowerCase()}`,
      ),
    );
  } else causes.push(...validateLabels(objectAt(selector, 'matchLabels'), 'spec.selector.matchLabels'));
  if (selector === undefined || !selects(selector, labels)) {
    causes.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  causes.push(...validateLabels(labels, 'spec.template.labels'));
  causes.push(...validatePodSpec(objectAt(spec, 'template', 'spec'), 'spec.template.spec', always));
  return causes;
}

export function validateSelectedUpdate(object: JsonObject, old: JsonObject): Cause[] {
  const causes = validateSelected(object);
  const selector = objectAt(object, 'spec', 'selector');
  if (!equal(selector, objectAt(old, 'spec', 'selector'))) {
    causes.push(invalidValue('spec.selector', selector ?? null, immutable));
  }
  return causes;
}

export function validateController(object: JsonObject): Cause[] {
  const spec = objectAt(object, 'spec') ?? {};
  const causes = validateReplicas(object);
  const selector = objectAt(spec, 'selector') ?? {};
  const template = objectAt(spec, 'template');
  if (Object.keys(selector).length === 0) causes.push(required('spec.selector'));
  if (template === undefined) return [...causes, required('spec.template')];
  const labels = objectAt(template, 'metadata', 'labels') ?? {};
  if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
    causes.push(invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  causes.push(...validateLabels(labels, 'spec.template.labels'));
  causes.push(...validatePodSpec(objectAt(template, 'spec'), 'spec.template.spec', always));
  return causes;
}

function restartRequired(spec: JsonObject | undefined, path: string): Cause[] {
  // Jobs have no use for the default, so their messages ask for a choice.
  return validatePodSpec(spec, path, notAlways).map((cause) =>
    cause.field === `${path}.restartPolicy` && textAt(spec, 'restartPolicy') === 'Always'
      ? { ...cause, message: 'Unsupported value: "Always": supported values: "OnFailure", "Never"' }
      : cause,
  );
}

export function validateJob(job: JsonObject): Cause[] {
  const causes: Cause[] = [];
  for (const field of ['parallelism', 'completions', 'backoffLimit']) {
    const value = numberAt(job, 'spec', field) ?? 0;
    if (value < 0) causes.push(invalidValue(`spec.${field}`, value, 'must be greater than or equal to 0'));
  }
  causes.push(...restartRequired(objectAt(job, 'spec', 'template', 'spec'), 'spec.template.spec'));
  return causes;
}

export function validateJobUpdate(job: JsonObject, old: JsonObject): Cause[] {
  const causes = validateJob(job);
  for (const field of ['completions', 'selector', 'template', 'completionMode']) {
    const now = objectAt(job, 'spec')?.[field];
    if (!equal(now, objectAt(old, 'spec')?.[field])) causes.push(invalidValue(`spec.${field}`, now ?? null, immutable));
  }
  return causes;
}

const cronField = /^[0-9A-Za-z*/,?-]+$/;

export function validateCronJob(cron: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const schedule = textAt(cron, 'spec', 'schedule') ?? '';
  const fields = schedule.trim().split(/\s+/);
  if (schedule === '') causes.push(required('spec.schedule'));
  else if (!schedule.startsWith('@') && (fields.length !== 5 || !fields.every((field) => cronField.test(field)))) {
    causes.push(
      invalidValue('spec.schedule', schedule, `expected exactly 5 fields, found ${fields.length}: [${schedule}]`),
    );
  }
  causes.push(
    ...restartRequired(
      objectAt(cron, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
      'spec.jobTemplate.spec.template.spec',
    ),
  );
  return causes;
}
