import type { Pod } from '@kmd/kube-client';
import { fromApiTime, toApiTime } from '../api-time.js';
import { isDeleting, uidOf } from '../ownership.js';
import { isReady } from '../pod-state.js';
import type { Condition, Job, JobStatus } from '../workloads.js';
import { indexOf, parseIndexes, printIndexes } from './indexes.js';
import { judgeFailure, metSuccess } from './policies.js';

/** Pods of a job carry it until the job counted their end, so that none is counted twice or never. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';

/** Waits of the job controller before it replaces failed pods, in milliseconds: doubled with each failure. */
const firstBackoff = 10_000;
const longestBackoff = 600_000;

export interface JobPlan {
  status: JobStatus;
  /** Pods to make; for an indexed job their indexes. */
  create: number;
  indexes: number[];
  delete: Pod[];
  /** Pods that are not wanted any more, to be deleted without being counted: their finalizer goes first. */
  discard: Pod[];
  /** Pods whose end stands in the status now: their finalizer may go once it is written. */
  counted: Pod[];
  /** Milliseconds after which the job is to be looked at again. */
  recheckAfter?: number;
  /** A condition that this pass added, to be told as an event. */
  news?: Condition;
}

export const isFinished = (job: Job): boolean =>
  (job.status?.conditions ?? []).some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );

const hasFinalizer = (pod: Pod): boolean => pod.metadata?.finalizers?.includes(trackingFinalizer) === true;
const succeeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded';
/** A pod on its way out counts as failed unless it has succeeded, for it may never come to say how it ended; but not where only the failed are replaced. */
const hasFailed = (job: Job, pod: Pod): boolean =>
  pod.status?.phase === 'Failed' || (job.spec?.podReplacementPolicy !== 'Failed' && isDeleting(pod) && !succeeded(pod));

function endOf(pod: Pod, now: number): number {
  const times = (pod.status?.containerStatuses ?? []).flatMap(
    ({ state }) => fromApiTime(state?.terminated?.finishedAt) ?? [],
  );
  if (times.length > 0) return Math.max(...times);
  return fromApiTime(pod.metadata?.deletionTimestamp) ?? fromApiTime(pod.metadata?.creationTimestamp) ?? now;
}

/** Milliseconds still to wait before failed pods are replaced: 10 s after the first failure in a row, then twice as long each. */
export function backoffLeft(pods: readonly Pod[], now: number): number {
  const lastSuccess = Math.max(0, ...pods.filter(succeeded).map((pod) => endOf(pod, now)));
  const failures = pods.filter((pod) => pod.status?.phase === 'Failed').map((pod) => endOf(pod, now));
  const row = failures.filter((time) => time > lastSuccess);
  if (row.length === 0) return 0;
  return Math.max(0, Math.max(...row) + Math.min(firstBackoff * 2 ** (row.length - 1), longestBackoff) - now);
}

const setCondition = (conditions: readonly Condition[], condition: Condition): Condition[] => [
  ...conditions.filter(({ type }) => type !== condition.type),
  condition,
];

/**
 * One pass over a job and its pods. Ends are counted in two steps, as the real controller counts them: a pod that ended is noted by its uid in
 * `status.uncountedTerminatedPods`; once that is written its finalizer goes; once that is seen it moves into the count.
 */
export function planJob(job: Job, pods: readonly Pod[], now: number, counted = true): JobPlan {
  const spec = job.spec ?? { template: {} };
  const before = job.status ?? {};
  const plan: JobPlan = { status: { ...before }, create: 0, indexes: [], delete: [], discard: [], counted: [] };
  if (isFinished(job)) {
    plan.counted = pods.filter(hasFinalizer);
    plan.delete = pods.filter((pod) => !succeeded(pod) && pod.status?.phase !== 'Failed' && !isDeleting(pod));
    return plan;
  }
  const failed = (pod: Pod): boolean => hasFailed(job, pod);
  const indexed = spec.completionMode === 'Indexed';
  const completed = parseIndexes(before.completedIndexes);
  const noted = {
    succeeded: new Set(before.uncountedTerminatedPods?.succeeded),
    failed: new Set(before.uncountedTerminatedPods?.failed),
  };
  const holding = new Set(pods.filter(hasFinalizer).map(uidOf));
  let successes = before.succeeded ?? 0;
  let failures = before.failed ?? 0;
  for (const uid of noted.succeeded) if (!holding.has(uid) && noted.succeeded.delete(uid)) successes++;
  for (const uid of noted.failed) if (!holding.has(uid) && noted.failed.delete(uid)) failures++;
  for (const pod of pods.filter(hasFinalizer)) {
    const uid = uidOf(pod);
    const index = indexOf(pod);
    if (succeeded(pod)) {
      // Of two pods of one index only the first to succeed counts.
      if (!noted.succeeded.has(uid) && indexed && (index === undefined || completed.has(index))) plan.counted.push(pod);
      else noted.succeeded.add(uid);
      if (index !== undefined) completed.add(index);
    } else if (failed(pod)) {
      if (!noted.failed.has(uid) && judgeFailure(job, pod).ignored) plan.counted.push(pod);
      else noted.failed.add(uid);
    }
  }
  plan.counted.push(
    ...pods.filter((pod) => hasFinalizer(pod) && (noted.succeeded.has(uidOf(pod)) || noted.failed.has(uidOf(pod)))),
  );

  const active = pods.filter((pod) => !succeeded(pod) && !failed(pod));
  const done = successes + noted.succeeded.size;
  const lost = failures + noted.failed.size;
  const parallelism = spec.parallelism ?? 1;
  const limit = spec.backoffLimit ?? 6;
  let conditions = before.conditions ?? [];
  const condition = (type: string, status: string, reason: string, message: string): Condition => {
    const time = toApiTime(now);
    const made = { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message };
    conditions = setCondition(conditions, made);
    return made;
  };
  const isTrue = (type: string) => conditions.some((item) => item.type === type && item.status === 'True');
  const suspended = spec.suspend === true;
  let startTime = before.startTime;
  if (!suspended && startTime === undefined) startTime = toApiTime(now);

  const deadline =
    startTime === undefined || spec.activeDeadlineSeconds === undefined
      ? undefined
      : (fromApiTime(startTime) ?? now) + spec.activeDeadlineSeconds * 1000;
  const restarts = active
    .filter(({ spec: podSpec }) => podSpec?.restartPolicy === 'OnFailure')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);

  // What it comes to, decided once: the pods that are left are ended before the last word is written.
  if (!isTrue('FailureTarget') && !isTrue('SuccessCriteriaMet')) {
    const whole =
      spec.completions === undefined || spec.completions === null
        ? done > 0 && active.length === 0
        : done >= spec.completions;
    const fatal = pods.filter(failed).flatMap((pod) => judgeFailure(job, pod).why ?? [])[0];
    const met = indexed ? metSuccess(job, completed) : undefined;
    if (fatal !== undefined) condition('FailureTarget', 'True', 'PodFailurePolicy', fatal);
    else if (lost > limit || (restarts > 0 && restarts >= limit)) {
      condition('FailureTarget', 'True', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    } else if (deadline !== undefined && now >= deadline && !suspended) {
      condition('FailureTarget', 'True', 'DeadlineExceeded', 'Job was active longer than specified deadline');
    } else if (met !== undefined) {
      condition('SuccessCriteriaMet', 'True', 'SuccessPolicy', met);
    } else if (whole) {
      condition('SuccessCriteriaMet', 'True', 'CompletionsReached', 'Reached expected number of succeeded pods');
    }
  }
  const ending = isTrue('FailureTarget') || isTrue('SuccessCriteriaMet');
  let running = active.length;
  if (isDeleting(job)) {
    // Its pods are the garbage collector's.
  } else if (ending) {
    // Those that a job without need of them ends count as failed only where it failed.
    if (isTrue('FailureTarget')) plan.delete = active;
    else plan.discard = active;
    running = 0;
  } else if (suspended) {
    plan.discard = active;
    running = 0;
    if (!isTrue('Suspended')) plan.news = condition('Suspended', 'True', 'JobSuspended', 'Job suspended');
  } else {
    if (isTrue('Suspended')) {
      plan.news = condition('Suspended', 'False', 'JobResumed', 'Job resumed');
      startTime = toApiTime(now);
    }
    const missing =
      spec.completions === undefined || spec.completions === null
        ? done > 0
          ? active.length
          : parallelism
        : Math.min(parallelism, spec.completions - done);
    const wait = backoffLeft(pods, now);
    if (!counted) {
      // The next pass knows what there is.
    } else if (active.length > missing) {
      plan.discard = active.slice(missing);
      running = missing;
    } else if (active.length < missing && wait > 0) {
      plan.recheckAfter = wait;
    } else if (active.length < missing) {
      plan.create = missing - active.length;
      if (indexed) {
        const taken = new Set(active.map(indexOf));
        for (let index = 0; index < (spec.completions ?? 0) && plan.indexes.length < plan.create; index++) {
          if (!taken.has(index) && !completed.has(index)) plan.indexes.push(index);
        }
        plan.create = plan.indexes.length;
      }
      running += plan.create;
    }
    if (deadline !== undefined)
      plan.recheckAfter = Math.min(plan.recheckAfter ?? Infinity, Math.max(1, deadline - now));
  }

  const terminating = pods.filter((pod) => isDeleting(pod) && !succeeded(pod) && pod.status?.phase !== 'Failed').length;
  const uncounted = noted.succeeded.size + noted.failed.size;
  let completionTime = before.completionTime;
  // The last word is said when the last pod has gone.
  if (ending && uncounted + terminating + plan.delete.length + plan.discard.length === 0) {
    const target = conditions.find(({ type }) => type === 'FailureTarget');
    const failure = target?.status === 'True';
    const verdict = failure ? target : conditions.find(({ type }) => type === 'SuccessCriteriaMet');
    plan.news = condition(failure ? 'Failed' : 'Complete', 'True', verdict?.reason ?? '', verdict?.message ?? '');
    if (!failure) completionTime = toApiTime(now);
  }
  const positive = (name: keyof JobStatus, value: number) => (value > 0 ? { [name]: value } : {});
  plan.status = {
    ...positive('active', running),
    ready: active.filter(isReady).length,
    ...positive('succeeded', successes),
    ...positive('failed', failures),
    terminating,
    ...(startTime === undefined ? {} : { startTime }),
    ...(completionTime === undefined ? {} : { completionTime }),
    ...(indexed && completed.size > 0 ? { completedIndexes: printIndexes(completed) } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
    uncountedTerminatedPods: {
      ...(noted.succeeded.size > 0 ? { succeeded: [...noted.succeeded] } : {}),
      ...(noted.failed.size > 0 ? { failed: [...noted.failed] } : {}),
    },
  };
  return plan;
}
