import { deployments, type Deployment, type ReplicaSet } from '@kmd/kube-client';
import { fromApiTime } from '../api-time.js';
import { canonicalText, isEquivalent } from '../equality.js';
import { controllerReference, nameOf } from '../ownership.js';
import type { PodTemplate } from '../replication/kinds.js';

export const hashLabel = 'pod-template-hash';
export const annotation = {
  revision: 'deployment.kubernetes.io/revision',
  history: 'deployment.kubernetes.io/revision-history',
  desired: 'deployment.kubernetes.io/desired-replicas',
  max: 'deployment.kubernetes.io/max-replicas',
} as const;

/** Annotations of a deployment that its replica sets do not inherit. */
const own: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  ...Object.values(annotation),
]);

export const revisionOf = (object: Deployment | ReplicaSet): number => {
  const revision = Number(object.metadata?.annotations?.[annotation.revision] ?? '0');
  return Number.isSafeInteger(revision) ? revision : 0;
};

const prime = 0x01000193;
/** Characters of a "safe" name: no vowels, no characters that look alike (apimachinery's `rand`). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A template's hash in the form of the real controller's: 32 bits of FNV-1a, its decimal digits mapped into the safe alphabet. The text that is
 * hashed is this project's own (canonical JSON), so the same template has another hash than under Go.
 */
export function hashTemplate(template: unknown, collisionCount = 0): string {
  const text = canonicalText(template) + (collisionCount > 0 ? `\n${collisionCount}` : '');
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, prime);
  return Array.from(String(hash >>> 0), (digit) => alphabet[digit.charCodeAt(0) % alphabet.length] ?? '').join('');
}

const withoutHash = (template: PodTemplate | undefined) => {
  const labels = { ...template?.metadata?.labels, [hashLabel]: undefined };
  return { metadata: { ...template?.metadata, creationTimestamp: undefined, labels }, spec: template?.spec };
};

export const isSameTemplate = (a: PodTemplate | undefined, b: PodTemplate | undefined): boolean =>
  isEquivalent(withoutHash(a), withoutHash(b));

const createdAt = (replicaSet: ReplicaSet): number => fromApiTime(replicaSet.metadata?.creationTimestamp) ?? 0;

/** Oldest first; within one second (all that the timestamp tells) by revision, then by name. */
export const oldestFirst = (a: ReplicaSet, b: ReplicaSet): number =>
  createdAt(a) - createdAt(b) || revisionOf(a) - revisionOf(b) || (nameOf(a) < nameOf(b) ? -1 : 1);

/** The replica set that runs the deployment's template, the oldest if there are several. */
export const findNewReplicaSet = (deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  replicaSets
    .toSorted(oldestFirst)
    .find((replicaSet) => isSameTemplate(replicaSet.spec?.template, deployment.spec?.template));

const inherited = (deployment: Deployment): Record<string, string> =>
  Object.fromEntries(Object.entries(deployment.metadata?.annotations ?? {}).filter(([key]) => !own.has(key)));

/** The replica set for the deployment's template as it stands, wanting no pods yet. */
export function makeReplicaSet(deployment: Deployment, revision: number): ReplicaSet {
  const template = deployment.spec?.template;
  const hash = hashTemplate(template, deployment.status?.collisionCount ?? 0);
  const labels = { ...template?.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${nameOf(deployment)}-${hash}`,
      ...(deployment.metadata?.namespace !== undefined && { namespace: deployment.metadata.namespace }),
      labels,
      annotations: { ...inherited(deployment), [annotation.revision]: String(revision) },
      ownerReferences: [controllerReference(deployments, deployment)],
    },
    spec: {
      replicas: 0,
      ...(deployment.spec?.minReadySeconds !== undefined && { minReadySeconds: deployment.spec.minReadySeconds }),
      selector: {
        ...deployment.spec?.selector,
        matchLabels: { ...deployment.spec?.selector.matchLabels, [hashLabel]: hash },
      },
      ...(template && { template: { ...template, metadata: { ...template.metadata, labels } } }),
    },
  };
}

/**
 * The deployment's current replica set with what it takes over from the deployment: annotations, `minReadySeconds`, and the highest revision.
 * A revision that it had before goes into its history: the deployment was rolled back to it. The same object when nothing changes.
 */
export function refreshReplicaSet(deployment: Deployment, replicaSet: ReplicaSet, revision: number): ReplicaSet {
  const before = replicaSet.metadata?.annotations ?? {};
  const annotations = { ...before, ...inherited(deployment) };
  const oldRevision = before[annotation.revision];
  if (oldRevision === undefined || revisionOf(replicaSet) < revision) {
    annotations[annotation.revision] = String(revision);
    if (oldRevision !== undefined) {
      const history = before[annotation.history];
      annotations[annotation.history] =
        history === undefined || history === '' ? oldRevision : `${history},${oldRevision}`;
    }
  }
  const minReadySeconds = deployment.spec?.minReadySeconds ?? 0;
  if (isEquivalent(before, annotations) && (replicaSet.spec?.minReadySeconds ?? 0) === minReadySeconds)
    return replicaSet;
  return {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, annotations },
    ...(replicaSet.spec && { spec: { ...replicaSet.spec, minReadySeconds } }),
  };
}
