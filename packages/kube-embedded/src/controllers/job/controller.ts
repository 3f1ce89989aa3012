import { ignoreNotFound, isNotFound, pods as podResource, type Pod } from '@kmd/kube-client';
import { runAll, runSlowStart } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import type { OwnerIndex } from '../informers.js';
import { fromApiTime } from '../api-time.js';
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
import { ownPods } from '../owned-pods.js';
import { podFromTemplate } from '../replication/kinds.js';
import { matchesSelector } from '../selector.js';
import { jobs, type Job } from '../workloads.js';
import { indexAnnotation } from './indexes.js';
import { isFinished, planJob, trackingFinalizer } from './plan.js';

/** The pod that a job wants, with the index it is for when the job counts indexes. */
export function podOfJob(job: Job, index: number | undefined): Pod {
  const prefix = index === undefined ? `${nameOf(job)}-` : `${nameOf(job)}-${index}-`;
  const pod = podFromTemplate(job.spec?.template, prefix, namespaceOf(job), controllerReference(jobs, job));
  const metadata = { ...pod.metadata, finalizers: [...(pod.metadata?.finalizers ?? []), trackingFinalizer] };
  if (index === undefined || !pod.spec) return { ...pod, metadata };
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } },
  };
  return {
    ...pod,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [indexAnnotation]: String(index) },
      labels: { ...metadata.labels, [indexAnnotation]: String(index) },
    },
    spec: {
      ...pod.spec,
      hostname: `${nameOf(job)}-${index}`,
      containers: pod.spec.containers.map((container) => ({ ...container, env: [...(container.env ?? []), variable] })),
    },
  };
}

/** Runs the pods of jobs to their end, and counts how they ended. */
export function createJobController(context: ControllerContext, podOwners: OwnerIndex<Pod>): Controller[] {
  const { api, informers, clock } = context;
  const name = 'job-controller';
  const events = context.recorder(name);
  const untrack = (pod: Pod) =>
    api
      .patch(
        podResource,
        nameOf(pod),
        {
          metadata: {
            uid: uidOf(pod),
            resourceVersion: pod.metadata?.resourceVersion,
            finalizers: (pod.metadata?.finalizers ?? []).filter((item) => item !== trackingFinalizer),
          },
        },
        { type: 'merge', namespace: namespaceOf(pod) },
      )
      .catch(ignoreNotFound);

  const owned = ownPods<Job>(context, podOwners, {
    name,
    resource: jobs,
    matches: (job, labels) => matchesSelector(job.spec?.selector, labels),
    async reconcile(job, pods, counted) {
      const plan = planJob(job, pods, clock.now(), counted);
      await runAll(plan.delete, (pod) => owned.remove(job, pod));
      await runAll(plan.discard, async (pod) => {
        await untrack(pod);
        await owned.remove(job, pod);
      });
      const { failure } = await runSlowStart(plan.create, (at) => owned.create(job, podOfJob(job, plan.indexes[at])));
      if (!isEquivalent(job.status, plan.status) && failure === undefined) await owned.writeStatus(job, plan.status);
      if (failure !== undefined) throw failure;
      await runAll(
        plan.counted.filter((pod) => pod.metadata?.finalizers?.includes(trackingFinalizer)),
        untrack,
      );
      if (plan.news) {
        const { type, reason = '', message = '' } = plan.news;
        events.record(job, {
          type: type === 'Failed' ? 'Warning' : 'Normal',
          reason:
            type === 'Complete'
              ? 'Completed'
              : type === 'Suspended'
                ? plan.news.status === 'True'
                  ? 'Suspended'
                  : 'Resumed'
                : reason,
          message: type === 'Complete' ? 'Job completed' : message,
        });
      }
      if (plan.recheckAfter !== undefined) owned.queue.addAfter(keyOf(job), plan.recheckAfter);
    },
  });

  // Pods whose job is gone must not be held by a finalizer that nobody would take away.
  const pods = informers.of(podResource);
  const orphans = createQueue(context, `${name}-orphans`, {
    async reconcile(key) {
      const { namespace, name: podName } = splitKey(key);
      const pod = pods.get(namespace, podName);
      if (pod?.metadata?.finalizers?.includes(trackingFinalizer) !== true || owned.managerOf(pod)) return;
      const reference = controllerOf(pod);
      if (reference?.kind === jobs.kind) {
        const job = await api.get(jobs, reference.name, { namespace }).catch((error: unknown) => {
          if (isNotFound(error)) return undefined;
          throw error;
        });
        if (job !== undefined && uidOf(job) === reference.uid) return;
      }
      await untrack(pod);
    },
  });
  const checkOrphan = (pod: Pod) => {
    if (pod.metadata?.finalizers?.includes(trackingFinalizer) === true && !owned.managerOf(pod))
      orphans.add(keyOf(pod));
  };
  pods.subscribe({ added: checkOrphan, updated: checkOrphan });
  owned.owners.subscribe({
    deleted: (job) => {
      for (const pod of podOwners.ownedBy(uidOf(job))) orphans.add(keyOf(pod));
    },
  });
  return [
    { name, queue: owned.queue, needs: owned.needs },
    { name: `${name}-orphans`, queue: orphans, needs: owned.needs },
    createTtlController(context),
  ];
}

/** Deletes finished jobs once `ttlSecondsAfterFinished` are over. */
function createTtlController(context: ControllerContext): Controller {
  const { api, informers, clock } = context;
  const name = 'ttl-after-finished-controller';
  const owners = informers.of(jobs);
  const consider = (job: Job) => {
    if (job.spec?.ttlSecondsAfterFinished !== undefined && isFinished(job) && !isDeleting(job)) queue.add(keyOf(job));
  };
  owners.subscribe({ added: consider, updated: consider });
  const queue = createQueue(context, name, {
    async reconcile(key) {
      const { namespace, name: jobName } = splitKey(key);
      const job = owners.get(namespace, jobName);
      const ttl = job?.spec?.ttlSecondsAfterFinished;
      if (job === undefined || ttl === undefined || isDeleting(job)) return;
      const end = (job.status?.conditions ?? []).find(
        ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
      );
      const finished = fromApiTime(end?.lastTransitionTime);
      if (finished === undefined) return;
      const left = finished + ttl * 1000 - clock.now();
      if (left > 0) {
        queue.addAfter(key, left);
        return;
      }
      const preconditions = { uid: uidOf(job) };
      await api
        .delete(jobs, jobName, { namespace, propagationPolicy: 'Foreground', preconditions })
        .catch(ignoreNotFound);
    },
  });
  return { name, queue, needs: [owners] };
}
