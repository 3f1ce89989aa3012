import { container, selector, template } from '../sequences/samples.js';
import { apps, ns, patch, post } from '../sequences/steps.js';
import { ended, events, gone, list, one, pod, running, status } from './looks.js';
import type { Story } from './story.js';

const batch = '/apis/batch/v1/namespaces/{ns}';
const pods = `${ns}/pods`;
const deployment = (spec: Readonly<Record<string, unknown>> = {}) =>
  post(`${apps}/deployments`, { metadata: { name: 'one' }, spec: { replicas: 2, selector, template, ...spec } });
const deployed = `${apps}/deployments/one`;
const image = (name: string) => ({ spec: { template: { spec: { containers: [{ name: 'main', image: name }] } } } });
const strategic = 'application/strategic-merge-patch+json';
const job = (spec: Readonly<Record<string, unknown>>) =>
  post(`${batch}/jobs`, {
    metadata: { name: 'one' },
    spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } }, ...spec },
  });
const jobOne = `${batch}/jobs/one`;
const hasCondition =
  (type: string) =>
  ({ status: found }: { status?: Readonly<Record<string, unknown>> }): boolean =>
    JSON.stringify(found?.['conditions'] ?? []).includes(`"type":"${type}"`);

/** A daemon's pod is bound to the node that it is made for. */
const bound = (at: string) => {
  const terms = 'requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const name = `{${at}.spec.affinity.nodeAffinity.${terms}.0.matchFields.0.values.0}`;
  return post(`${pods}/{${at}.metadata.name}/binding`, {
    metadata: { name: `{${at}.metadata.name}` },
    target: { kind: 'Node', name },
  });
};

/** Deployments, sets, jobs: what becomes of their pods, and what they say of themselves. */
export const storiesOfWorkloads: readonly Story[] = [
  {
    name: 'a deployment comes up',
    steps: [
      deployment(),
      list(pods, 2),
      pod('1.items.0', running('10.1.0.1')),
      status(deployed, { availableReplicas: 1 }),
      pod('1.items.1', running('10.1.0.2')),
      status(deployed, { availableReplicas: 2 }),
      list(`${apps}/replicasets`, 1, (set) => set.status?.['availableReplicas'] === 2),
      events('Deployment', 'ScalingReplicaSet'),
      events('ReplicaSet', 'SuccessfulCreate'),
    ],
  },
  {
    name: 'a deployment rolls, and back',
    steps: [
      deployment({ replicas: 1, revisionHistoryLimit: 1 }),
      list(pods, 1),
      pod('1.items.0', running('10.1.0.1')),
      status(deployed, { availableReplicas: 1 }),
      patch(deployed, image('nginx:2'), strategic),
      list(pods, 2),
      list(`${apps}/replicasets`, 2, (set) => set.status?.['observedGeneration'] !== undefined),
      pod('5.items.0', running('10.1.0.1')),
      pod('5.items.1', running('10.1.0.2')),
      status(deployed, { availableReplicas: 1, updatedReplicas: 1, replicas: 1 }),
      list(pods, 1),
      patch(deployed, image('nginx'), strategic),
      list(pods, 2),
      pod('12.items.0', running('10.1.0.1')),
      pod('12.items.1', running('10.1.0.2')),
      status(deployed, { availableReplicas: 1, updatedReplicas: 1, replicas: 1, observedGeneration: 3 }),
      list(`${apps}/replicasets`, 2, (set) => (set.spec?.replicas ?? 0) === (set.status?.['replicas'] ?? 0)),
      events('Deployment', 'ScalingReplicaSet'),
    ],
  },
  {
    name: 'a deployment that recreates',
    steps: [
      deployment({ replicas: 1, strategy: { type: 'Recreate' } }),
      list(pods, 1),
      patch(deployed, image('nginx:2'), strategic),
      list(pods, 1, (item) => JSON.stringify(item.spec).includes('nginx:2')),
      list(`${apps}/replicasets`, 2, (set) => (set.spec?.replicas ?? 0) === (set.status?.['replicas'] ?? 0)),
      status(deployed, { updatedReplicas: 1 }),
    ],
  },
  {
    name: 'a deployment is paused and scaled',
    steps: [
      deployment({ paused: true, replicas: 1 }),
      status(deployed, { observedGeneration: 1 }),
      patch(deployed, { spec: { replicas: 3 } }),
      status(deployed, { observedGeneration: 2 }),
      patch(deployed, { spec: { paused: false } }),
      list(pods, 3),
      status(deployed, { observedGeneration: 3, replicas: 3 }),
      patch(deployed, { spec: { replicas: 0 } }),
      list(pods, 0),
      status(deployed, { observedGeneration: 4 }),
      list(`${apps}/replicasets`, 1, (set) => set.status?.['replicas'] === 0),
    ],
  },
  {
    name: 'a set of replicas adopts and releases',
    steps: [
      post(pods, { metadata: { name: 'alone', labels: { app: 'web' } }, spec: { containers: [container] } }),
      post(`${apps}/replicasets`, { metadata: { name: 'one' }, spec: { replicas: 2, selector, template } }),
      list(pods, 2),
      patch(`${pods}/alone`, { metadata: { labels: { app: 'other' } } }),
      list(pods, 3),
      status(`${apps}/replicasets/one`, { replicas: 2, fullyLabeledReplicas: 2 }),
      patch(`${apps}/replicasets/one`, { spec: { replicas: 0 } }),
      list(pods, 1),
      events('ReplicaSet', 'SuccessfulCreate', 'SuccessfulDelete'),
    ],
  },
  {
    name: 'a replication controller',
    steps: [
      post(`${ns}/replicationcontrollers`, { metadata: { name: 'one' }, spec: { replicas: 2, template } }),
      list(pods, 2),
      pod('1.items.0', running('10.1.0.1')),
      status(`${ns}/replicationcontrollers/one`, { availableReplicas: 1 }),
      events('ReplicationController', 'SuccessfulCreate'),
    ],
  },
  {
    name: 'a stateful set, pod by pod',
    steps: [
      post(`${apps}/statefulsets`, {
        metadata: { name: 'one' },
        spec: {
          replicas: 2,
          serviceName: 'web',
          selector,
          template,
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
        },
      }),
      list(pods, 1),
      pod('1.items.0', running('10.1.0.1')),
      list(pods, 2),
      list(`${ns}/persistentvolumeclaims`, 2),
      pod('3.items.1', running('10.1.0.2')),
      status(`${apps}/statefulsets/one`, { availableReplicas: 2 }),
      list(`${apps}/controllerrevisions`, 1),
      patch(`${apps}/statefulsets/one`, { spec: { replicas: 1 } }),
      list(pods, 1),
      status(`${apps}/statefulsets/one`, { replicas: 1, observedGeneration: 2 }),
      list(`${ns}/persistentvolumeclaims`, 2),
      events('StatefulSet', 'SuccessfulCreate', 'SuccessfulDelete'),
    ],
  },
  {
    name: 'a stateful set in parallel, rolled',
    steps: [
      post(`${apps}/statefulsets`, {
        metadata: { name: 'one' },
        spec: {
          replicas: 2,
          podManagementPolicy: 'Parallel',
          serviceName: 'web',
          selector,
          template,
          ordinals: { start: 5 },
        },
      }),
      list(pods, 2),
      pod('1.items.0', running('10.1.0.1')),
      pod('1.items.1', running('10.1.0.2')),
      status(`${apps}/statefulsets/one`, { readyReplicas: 2 }),
      patch(`${apps}/statefulsets/one`, image('nginx:2'), strategic),
      list(`${apps}/controllerrevisions`, 2),
      one(`${pods}/one-6`, (found) => JSON.stringify(found.spec ?? '').includes('nginx:2')),
      status(`${apps}/statefulsets/one`, { updatedReplicas: 1 }),
    ],
  },
  {
    name: 'a daemon set',
    steps: [
      ...['a', 'b'].map((letter) =>
        post('/api/v1/nodes', { metadata: { name: `${letter}-{ns}`, labels: { story: '{ns}' } } }),
      ),
      post(`${apps}/daemonsets`, {
        metadata: { name: 'one' },
        spec: {
          selector,
          template: { ...template, spec: { containers: [container], nodeSelector: { story: '{ns}' } } },
        },
      }),
      list(pods, 2),
      ...[0, 1].map((at) => bound(`3.items.${at}`)),
      ...[0, 1].map((at) => pod(`3.items.${at}`, running('10.1.0.1'))),
      status(`${apps}/daemonsets/one`, { numberReady: 2, desiredNumberScheduled: 2 }),
      list(`${apps}/controllerrevisions`, 1),
      patch('/api/v1/nodes/b-{ns}', { metadata: { labels: { story: null } } }),
      {
        ...list(pods, 2),
        until: ({ items = [] }) => items.some((item) => item.metadata?.deletionTimestamp !== undefined),
      },
      status(`${apps}/daemonsets/one`, { desiredNumberScheduled: 1, currentNumberScheduled: 1 }),
      events('DaemonSet', 'SuccessfulCreate', 'SuccessfulDelete'),
    ],
  },
  {
    name: 'a job is done',
    steps: [
      job({ completions: 2, parallelism: 1 }),
      list(pods, 1),
      status(jobOne, { active: 1, ready: 0 }),
      pod('1.items.0', ended('Succeeded')),
      list(pods, 2),
      pod('4.items.0', ended('Succeeded')),
      pod('4.items.1', ended('Succeeded')),
      status(jobOne, { succeeded: 2, ready: 0 }),
      one(jobOne, hasCondition('Complete')),
      list(pods, 2),
      events('Job', 'SuccessfulCreate', 'Completed'),
    ],
  },
  {
    name: 'a job fails',
    steps: [
      job({ backoffLimit: 0 }),
      list(pods, 1),
      pod('1.items.0', ended('Failed')),
      one(jobOne, hasCondition('Failed')),
      list(pods, 1),
      events('Job', 'SuccessfulCreate', 'BackoffLimitExceeded'),
    ],
  },
  {
    name: 'a job by indexes',
    steps: [
      job({ completionMode: 'Indexed', completions: 3, parallelism: 3 }),
      list(pods, 3),
      pod('1.items.0', ended('Succeeded')),
      status(jobOne, { succeeded: 1, active: 2 }),
      pod('1.items.1', ended('Succeeded')),
      pod('1.items.2', ended('Succeeded')),
      one(jobOne, hasCondition('Complete')),
    ],
  },
  {
    name: 'a job is suspended, and goes on',
    steps: [
      job({ suspend: true }),
      one(jobOne, hasCondition('Suspended')),
      patch(jobOne, { spec: { suspend: false } }),
      list(pods, 1),
      one(jobOne, (found) => found.status?.['active'] === 1),
      patch(jobOne, { spec: { suspend: true } }),
      list(pods, 0),
      one(jobOne, (found) => found.status?.['active'] === undefined),
      events('Job', 'Suspended', 'Resumed', 'SuccessfulCreate', 'SuccessfulDelete'),
    ],
  },
  {
    name: 'a job that has a policy for failures',
    steps: [
      job({
        backoffLimit: 3,
        podFailurePolicy: {
          rules: [{ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [1] } }],
        },
      }),
      list(pods, 1),
      pod('1.items.0', ended('Failed')),
      one(jobOne, hasCondition('Failed')),
      events('Job', 'PodFailurePolicy'),
    ],
  },
  {
    name: 'a job that has a policy for success',
    steps: [
      job({
        completionMode: 'Indexed',
        completions: 2,
        parallelism: 2,
        successPolicy: { rules: [{ succeededIndexes: '0' }] },
      }),
      list(pods, 2),
      pod('1.items.0', ended('Succeeded')),
      one(jobOne, hasCondition('SuccessCriteriaMet')),
    ],
  },
  {
    name: 'a finished job goes',
    steps: [
      job({ ttlSecondsAfterFinished: 1 }),
      list(pods, 1),
      pod('1.items.0', ended('Succeeded')),
      gone(jobOne),
      list(pods, 0),
    ],
  },
  {
    name: 'a job has no more time',
    steps: [
      job({ activeDeadlineSeconds: 1 }),
      one(jobOne, hasCondition('Failed')),
      list(pods, 0),
      events('Job', 'DeadlineExceeded'),
    ],
  },
  {
    name: 'a cron job, each minute',
    steps: [
      post(`${batch}/cronjobs`, {
        metadata: { name: 'many-times' },
        spec: {
          schedule: '* * * * *',
          jobTemplate: { spec: { template: { spec: { containers: [container], restartPolicy: 'Never' } } } },
        },
      }),
      list(`${batch}/jobs`, 1),
      // Before the next minute makes another.
      patch(`${batch}/cronjobs/many-times`, { spec: { suspend: true } }),
      list(pods, 1),
      one(`${batch}/cronjobs/many-times`, (found) => found.status?.['lastScheduleTime'] !== undefined),
      pod('3.items.0', ended('Succeeded')),
      one(`${batch}/cronjobs/many-times`, (found) => found.status?.['lastSuccessfulTime'] !== undefined),
      events('CronJob', 'SuccessfulCreate', 'SawCompletedJob'),
    ],
  },
];
