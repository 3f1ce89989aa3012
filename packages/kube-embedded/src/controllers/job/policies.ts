import type { Pod } from '@kmd/kube-client';
import { nameOf, namespaceOf } from '../ownership.js';
import type { Job, JobSpec } from '../workloads.js';
import { parseIndexes } from './indexes.js';

type FailureRule = NonNullable<JobSpec['podFailurePolicy']>['rules'][number];

/** The container whose end a rule is about, with the code it ended with. */
function endedAs(pod: Pod, { onExitCodes: wanted }: FailureRule): { name: string; exitCode: number } | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  for (const { name, state } of [...containerStatuses, ...initContainerStatuses]) {
    const exitCode = state?.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (wanted?.containerName !== undefined && wanted.containerName !== name)) continue;
    if (wanted?.values.includes(exitCode) === (wanted?.operator === 'In')) return { name, exitCode };
  }
  return undefined;
}

const conditionOf = (pod: Pod, { onPodConditions = [] }: FailureRule) =>
  pod.status?.conditions?.find(({ type, status }) =>
    onPodConditions.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );

/** What `podFailurePolicy` says of a failed pod: its first rule that the pod meets. `why` is of a rule that fails the job. */
export function judgeFailure(job: Job, pod: Pod): { ignored: boolean; why?: string } {
  for (const [index, rule] of (job.spec?.podFailurePolicy?.rules ?? []).entries()) {
    const ended = rule.onExitCodes && endedAs(pod, rule);
    const condition = rule.onExitCodes ? undefined : conditionOf(pod, rule);
    if (ended === undefined && condition === undefined) continue;
    if (rule.action !== 'FailJob') return { ignored: rule.action === 'Ignore' };
    const rest = `matching FailJob rule at index ${index}`;
    const who = `${namespaceOf(pod)}/${nameOf(pod)}`;
    return {
      ignored: false,
      why: ended
        ? `Container ${ended.name} for pod ${who} failed with exit code ${ended.exitCode} ${rest}`
        : `Pod ${who} has condition ${condition?.type ?? ''} ${rest}`,
    };
  }
  return { ignored: false };
}

/** Which rule of `successPolicy` the indexes that succeeded meet, in words. */
export function metSuccess(job: Job, succeeded: ReadonlySet<number>): string | undefined {
  if (succeeded.size === 0) return undefined;
  for (const [index, { succeededIndexes, succeededCount }] of (job.spec?.successPolicy?.rules ?? []).entries()) {
    const required = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes);
    const met = required ? [...required].filter((item) => succeeded.has(item)).length : succeeded.size;
    const all = required !== undefined && required.size > 0 && met === required.size;
    if (all || (succeededCount !== undefined && met >= succeededCount)) return `Matched rules at index ${index}`;
  }
  return undefined;
}
