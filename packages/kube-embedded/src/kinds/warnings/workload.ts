import { type JsonObject, numberAt, objectAt, objectsAt, textAt } from '../../json/tree.js';
import { dnsLabel } from '../validation/name.js';
import { addressed } from './network.js';
import { warnOfClaim, warnOfPod } from './pod.js';
import type { Warner } from './warner.js';

type Whole = Required<Pick<Warner, 'created' | 'updated'>>;

function warnOfName(object: JsonObject, use: string): readonly string[] {
  const problems = dnsLabel(textAt(object, 'metadata', 'name') ?? '');
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`,
  ];
}

const changed = (object: JsonObject, old: JsonObject): boolean =>
  numberAt(object, 'metadata', 'generation') !== numberAt(old, 'metadata', 'generation');

/** Of a kind that makes pods of a part of it, which is looked at again when the object asks for something else. */
const making = (warn: (object: JsonObject) => readonly string[]): Whole => ({
  created: warn,
  updated: (object, old) => (changed(object, old) ? warn(object) : []),
});

/** The same of a kind whose name goes into those of its pods. */
const naming = ({ created, updated }: Whole): Whole => ({
  created: (object) => [...warnOfName(object, 'Pod names and hostnames'), ...created(object)],
  updated,
});

const templated = (path: string): Whole => making((object) => warnOfPod(objectAt(object, ...path.split('.')), path));

function warnOfJob(spec: JsonObject | undefined, path: string): readonly string[] {
  const many =
    textAt(spec, 'completionMode') === 'Indexed' &&
    (numberAt(spec, 'completions') ?? 0) > 100_000 &&
    (numberAt(spec, 'parallelism') ?? 0) > 10_000;
  return [
    ...(many
      ? [
          `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
        ]
      : []),
    ...warnOfPod(objectAt(spec, 'template'), `${path}.template`),
  ];
}

const jobs = (path: string): Whole => naming(making((object) => warnOfJob(objectAt(object, ...path.split('.')), path)));

/** Of a stateful set, but for its template. Of changed ones the field of claims has another name. */
const warnOfSet = (set: JsonObject, specification: string): readonly string[] => [
  ...objectsAt(set, 'spec', 'volumeClaimTemplates').flatMap((claim, index) =>
    warnOfClaim(objectAt(claim, 'spec'), `spec.volumeClaimTemplates[${index}]${specification}`),
  ),
  ...((numberAt(set, 'spec', 'revisionHistoryLimit') ?? 0) < 0
    ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended']
    : []),
];

const sets = templated('spec.template');
const cronJobs = jobs('spec.jobTemplate.spec');

export const workloadWarners: Readonly<Record<string, Warner>> = {
  pods: {
    created: (pod) => [...warnOfName(pod, "the Pod's hostname"), ...warnOfPod(pod)],
    status: (pod) => [...addressed(pod, 'status.podIPs'), ...addressed(pod, 'status.hostIPs')],
  },
  podtemplates: templated('template'),
  replicationcontrollers: {
    ...naming(sets),
    // As the real server does, of the template that was.
    updated: (object, old) => (changed(object, old) ? sets.created(old) : []),
  },
  'replicasets.apps': naming(sets),
  'deployments.apps': naming(sets),
  'daemonsets.apps': sets,
  'statefulsets.apps': {
    created: (set) => [...sets.created(set), ...warnOfSet(set, '')],
    updated: (set, old) => [...sets.updated(set, old), ...warnOfSet(set, '.Spec')],
  },
  'jobs.batch': jobs('spec'),
  'cronjobs.batch': {
    ...cronJobs,
    updated: (object, old) => [
      ...cronJobs.updated(object, old),
      ...((textAt(object, 'spec', 'schedule') ?? '').includes('TZ')
        ? [
            'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
          ]
        : []),
    ],
  },
};
