import { apiVersionOf, isAlreadyExists, ignoreNotFound } from '@kmd/kube-client';
import { fromApiTime, toApiTime } from '../api-time.js';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { OwnerIndex } from '../informers.js';
import {
  controllerOf,
  controllerReference,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  splitKey,
  uidOf,
} from '../ownership.js';
import { isFinished } from '../job/plan.js';
import { cronJobs, jobs, type CronJob, type Job } from '../workloads.js';
import { missedTimes, parseSchedule } from './schedule.js';

const scheduledAt = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** Zones are taken by name; one that this machine does not know is none. */
function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The job of one time of the schedule: its name says the minute, so that it is made once. */
export function jobAt(cron: CronJob, time: number): Job {
  const { metadata, spec } = cron.spec?.jobTemplate ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${nameOf(cron)}-${Math.floor(time / 60_000)}`,
      namespace: namespaceOf(cron),
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [scheduledAt]: toApiTime(time) },
      ownerReferences: [controllerReference(cronJobs, cron)],
    },
    ...(spec && { spec }),
  };
}

const endOf = (job: Job): number =>
  fromApiTime(job.status?.completionTime) ??
  fromApiTime(job.status?.conditions?.find(({ type }) => type === 'Failed')?.lastTransitionTime) ??
  fromApiTime(job.metadata?.creationTimestamp) ??
  0;
const succeeded = (job: Job): boolean =>
  (job.status?.conditions ?? []).some(({ type, status }) => type === 'Complete' && status === 'True');

/** Makes the jobs of cron jobs when their time comes, and keeps as many of the finished as the cron job says. */
export function createCronJobController(context: ControllerContext): Controller {
  const { api, informers, clock } = context;
  const name = 'cronjob-controller';
  const owners = informers.of(cronJobs);
  const made = informers.of(jobs);
  const byOwner = new OwnerIndex(made);
  const events = context.recorder(name);

  const wake = (job: Job) => {
    const reference = controllerOf(job);
    if (reference?.kind === cronJobs.kind) queue.add(`${namespaceOf(job)}/${reference.name}`);
  };
  owners.subscribe({ added: (cron) => queue.add(keyOf(cron)), updated: (cron) => queue.add(keyOf(cron)) });
  made.subscribe({ added: wake, updated: wake, deleted: wake });

  const deleteJob = (job: Job) =>
    api
      .delete(jobs, nameOf(job), {
        namespace: namespaceOf(job),
        propagationPolicy: 'Background',
        preconditions: { uid: uidOf(job) },
      })
      .catch(ignoreNotFound);

  async function prune(cron: CronJob, finished: readonly Job[]): Promise<void> {
    const keep = async (list: readonly Job[], limit: number): Promise<void> => {
      const old = list.toSorted((a, b) => endOf(a) - endOf(b)).slice(0, Math.max(0, list.length - limit));
      await runAll(old, deleteJob);
    };
    await keep(finished.filter(succeeded), cron.spec?.successfulJobsHistoryLimit ?? 3);
    await keep(
      finished.filter((job) => !succeeded(job)),
      cron.spec?.failedJobsHistoryLimit ?? 1,
    );
  }

  async function reconcile(key: string): Promise<void> {
    const { namespace, name: cronName } = splitKey(key);
    const cron = owners.get(namespace, cronName);
    if (cron?.spec === undefined) return;
    const own = byOwner.ownedBy(uidOf(cron));
    const finished = own.filter(isFinished);
    const listed = new Set(cron.status?.active?.map(({ uid }) => uid));
    for (const job of finished.filter((job) => listed.has(uidOf(job)))) {
      const ended = succeeded(job) ? 'Complete' : 'Failed';
      const message = `Saw completed job: ${nameOf(job)}, condition: ${ended}`;
      events.record(cron, { type: 'Normal', reason: 'SawCompletedJob', message });
    }
    await prune(cron, finished);
    let active = own.filter((job) => !isFinished(job));
    let lastScheduleTime = cron.status?.lastScheduleTime;
    const now = clock.now();
    const { spec } = cron;
    const schedule = parseSchedule(spec.schedule);
    const zone = spec.timeZone;
    const runs = !isDeleting(cron) && spec.suspend !== true;
    if (runs && (schedule === undefined || (zone !== undefined && !isTimeZone(zone)))) {
      events.record(cron, {
        type: 'Warning',
        reason: schedule === undefined ? 'UnparseableSchedule' : 'UnknownTimeZone',
        message: schedule === undefined ? `unparseable schedule: ${spec.schedule}` : `invalid timeZone: ${zone ?? ''}`,
      });
    } else if (runs && schedule) {
      const deadline = spec.startingDeadlineSeconds;
      const known = fromApiTime(lastScheduleTime) ?? fromApiTime(cron.metadata?.creationTimestamp) ?? now;
      const since = deadline === undefined ? known : Math.max(known, now - deadline * 1000);
      const { last, many } = missedTimes(schedule, since, now, zone);
      if (many) {
        events.record(cron, {
          type: 'Warning',
          reason: 'TooManyMissedTimes',
          message: 'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
        });
      }
      if (last !== undefined) {
        const forbidden = spec.concurrencyPolicy === 'Forbid' && active.length > 0;
        if (forbidden) {
          events.record(cron, {
            type: 'Normal',
            reason: 'JobAlreadyActive',
            message: 'Not starting job because prior execution is running and concurrency policy is Forbid',
          });
        } else {
          if (spec.concurrencyPolicy === 'Replace') {
            await runAll(active, deleteJob);
            active = [];
          }
          const job = jobAt(cron, last);
          try {
            const created = await api.create(jobs, job, { namespace });
            active = [...active, created];
            events.record(cron, {
              type: 'Normal',
              reason: 'SuccessfulCreate',
              message: `Created job ${nameOf(created)}`,
            });
          } catch (error) {
            if (!isAlreadyExists(error)) throw error;
          }
          lastScheduleTime = toApiTime(last);
        }
      }
      const next = schedule.next(now, zone);
      if (next !== undefined) queue.addAfter(key, next - now + 100);
    }
    const successes = finished.filter(succeeded).map(endOf);
    const lastSuccess = Math.max(fromApiTime(cron.status?.lastSuccessfulTime) ?? 0, ...successes);
    const status = {
      ...(active.length > 0 && {
        active: active.map((job) => ({
          kind: 'Job',
          namespace,
          name: nameOf(job),
          uid: uidOf(job),
          apiVersion: apiVersionOf(jobs),
          ...(job.metadata?.resourceVersion !== undefined && { resourceVersion: job.metadata.resourceVersion }),
        })),
      }),
      ...(lastScheduleTime === undefined ? {} : { lastScheduleTime }),
      ...(lastSuccess > 0 && { lastSuccessfulTime: toApiTime(lastSuccess) }),
    };
    // A job's versions come and go; which jobs there are is what counts.
    const essence = (of: CronJob['status']) => ({ ...of, active: of?.active?.map(({ uid }) => uid) });
    if (isEquivalent(essence(cron.status), essence(status))) return;
    await api.update(cronJobs, { ...cron, status }, { namespace, subresource: 'status' }).catch(ignoreNotFound);
  }
  const queue = createQueue(context, name, { reconcile, pace: 20 });
  return { name, queue, needs: [owners, made] };
}
