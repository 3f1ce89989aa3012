import type { Cause } from '../../errors.js';
import { goLabels, goSelector } from '../../json/go.js';
import { type JsonObject, equal, objectAt, textAt } from '../../json/tree.js';
import { invalidShown, invalidValue, required, unsupported } from './field.js';
import { notNegative } from './number.js';
import { validateLabels } from './metadata.js';
import { validatePodSpec } from './pod.js';
import { selects } from './workload.js';

const notAlways = ['OnFailure', 'Never'];
const immutable = 'field is immutable';

function restartRequired(spec: JsonObject | undefined, path: string): Cause[] {
  // Jobs have no use for the default, so their messages ask for a choice.
  return validatePodSpec(spec, path, notAlways).map((cause) =>
    cause.field === `${path}.restartPolicy` && textAt(spec, 'restartPolicy') === 'Always'
      ? required(`${path}.restartPolicy`, 'valid values: "OnFailure", "Never"')
      : cause,
  );
}

const counts = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'];

/** A job's `spec`, in a job or in the template of a cron job. */
export function validateJobSpec(spec: JsonObject | undefined, path: string): Cause[] {
  const causes = notNegative(spec, path, ...counts);
  const modes = ['NonIndexed', 'Indexed'];
  const mode = textAt(spec, 'completionMode');
  if (mode !== undefined && !modes.includes(mode)) causes.push(unsupported(`${path}.completionMode`, mode, modes));
  if (mode === 'Indexed' && spec?.['completions'] === undefined) {
    causes.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  }
  const policies = spec?.['podFailurePolicy'] === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  const policy = textAt(spec, 'podReplacementPolicy');
  if (policy !== undefined && !policies.includes(policy)) {
    causes.push(unsupported(`${path}.podReplacementPolicy`, policy, policies));
  }
  causes.push(
    ...validateLabels(objectAt(spec, 'template', 'metadata', 'labels'), `${path}.template.labels`),
    ...restartRequired(objectAt(spec, 'template', 'spec'), `${path}.template.spec`),
  );
  return causes;
}

/** A label that the server itself gives the pods of a job. */
function generated(labels: JsonObject | undefined, key: string, wanted: string): Cause[] {
  const path = 'spec.template.metadata.labels';
  if (labels?.[key] === undefined) return [required(`${path}[${key}]`, `must be '${wanted}'`)];
  return labels[key] === wanted ? [] : [invalidShown(`${path}[${key}]`, goLabels(labels), `must be '${wanted}'`)];
}

export function validateJob(job: JsonObject): Cause[] {
  const spec = objectAt(job, 'spec');
  const labels = objectAt(spec, 'template', 'metadata', 'labels');
  const selector = objectAt(spec, 'selector');
  const uid = textAt(job, 'metadata', 'uid') ?? '';
  const causes: Cause[] = [];
  if (selector !== undefined && spec?.['manualSelector'] !== true) {
    const name = textAt(job, 'metadata', 'name') ?? '';
    causes.push(
      ...generated(labels, 'controller-uid', uid),
      ...generated(labels, 'batch.kubernetes.io/controller-uid', uid),
      ...generated(labels, 'job-name', name),
      ...generated(labels, 'batch.kubernetes.io/job-name', name),
    );
    const own = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
    if (!equal(selector, own))
      causes.push(invalidShown('spec.selector', goSelector(selector), '`selector` not auto-generated'));
  }
  causes.push(...validateJobSpec(spec, 'spec'));
  if (selector !== undefined && !selects(selector, labels ?? {})) {
    causes.push(
      invalidShown('spec.template.metadata.labels', goLabels(labels), '`selector` does not match template `labels`'),
    );
  }
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
