import type { Cause } from '../../errors.js';
import { goLabels, goSelector } from '../../json/go.js';
import { type JsonObject, equal, objectAt, textAt } from '../../json/tree.js';
import { invalidShown, invalidValue, required, unsupported } from './field.js';
import { notNegative } from './number.js';
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
  causes.push(...restartRequired(objectAt(spec, 'template', 'spec'), `${path}.template.spec`));
  return causes;
}

export function validateJob(job: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(job, 'spec');
  const labels = objectAt(spec, 'template', 'metadata', 'labels');
  const selector = objectAt(spec, 'selector');
  const uid = textAt(job, 'metadata', 'uid') ?? '';
  if (selector !== undefined && spec?.['manualSelector'] !== true) {
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
