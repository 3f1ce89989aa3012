import type { Deployment, ReplicaSet } from '@kmd/kube-client';
import { fromApiTime, toApiTime } from '../api-time.js';
import { nameOf } from '../ownership.js';
import { maxUnavailable, sizeOf, sum, wantedOf } from './scaling.js';

export type DeploymentStatus = NonNullable<Deployment['status']>;
export type DeploymentCondition = NonNullable<DeploymentStatus['conditions']>[number];

/** Reasons of the Progressing and Available conditions, as kubectl and its users read them. */
export const reason = {
  setUpdated: 'ReplicaSetUpdated',
  setCreateFailed: 'ReplicaSetCreateError',
  setCreated: 'NewReplicaSetCreated',
  setFound: 'FoundNewReplicaSet',
  setAvailable: 'NewReplicaSetAvailable',
  timedOut: 'ProgressDeadlineExceeded',
  paused: 'DeploymentPaused',
  resumed: 'DeploymentResumed',
  available: 'MinimumReplicasAvailable',
  unavailable: 'MinimumReplicasUnavailable',
} as const;

export const findCondition = (
  conditions: readonly DeploymentCondition[],
  type: string,
): DeploymentCondition | undefined => conditions.find((condition) => condition.type === type);

export const removeCondition = (conditions: readonly DeploymentCondition[], type: string): DeploymentCondition[] =>
  conditions.filter((condition) => condition.type !== type);

export const makeCondition = (
  now: number,
  type: string,
  status: 'True' | 'False' | 'Unknown',
  why: string,
  message: string,
): DeploymentCondition => ({
  type,
  status,
  reason: why,
  message,
  lastUpdateTime: toApiTime(now),
  lastTransitionTime: toApiTime(now),
});

/** Sets a condition; one of the same status and reason stands as it is, and the transition time changes with the status only. */
export function setCondition(
  conditions: readonly DeploymentCondition[],
  condition: DeploymentCondition,
): DeploymentCondition[] {
  const current = findCondition(conditions, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return [...conditions];
  const transition = current?.status === condition.status ? current.lastTransitionTime : undefined;
  return [
    ...removeCondition(conditions, condition.type),
    transition === undefined ? condition : { ...condition, lastTransitionTime: transition },
  ];
}

/** Whether lack of progress is to be reported at all: 2³¹−1 seconds stand for never. */
export const hasDeadline = (deployment: Deployment): boolean => {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== 0x7fff_ffff;
};

/** Counts over the replica sets, and the Available condition. `conditions` are those to go on from. */
export function countReplicas(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  conditions: readonly DeploymentCondition[],
  now: number,
): DeploymentStatus & { conditions: DeploymentCondition[] } {
  const available = sum(all, ({ status }) => status?.availableReplicas ?? 0);
  const enough = available >= wantedOf(deployment) - maxUnavailable(deployment);
  const { collisionCount } = deployment.status ?? {};
  return {
    observedGeneration: deployment.metadata?.generation ?? 0,
    replicas: sum(all, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, sizeOf) - available),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions: setCondition(
      conditions,
      enough
        ? makeCondition(now, 'Available', 'True', reason.available, 'Deployment has minimum availability.')
        : makeCondition(
            now,
            'Available',
            'False',
            reason.unavailable,
            'Deployment does not have minimum availability.',
          ),
    ),
  };
}

/** All pods are of the new replica set, as many as wanted, and available. */
export const isComplete = (deployment: Deployment, status: DeploymentStatus): boolean =>
  (status.updatedReplicas ?? 0) === wantedOf(deployment) &&
  (status.replicas ?? 0) === wantedOf(deployment) &&
  (status.availableReplicas ?? 0) === wantedOf(deployment) &&
  (status.observedGeneration ?? 0) >= (deployment.metadata?.generation ?? 0);

const hasProgressed = (before: DeploymentStatus, after: DeploymentStatus): boolean => {
  const oldReplicas = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    oldReplicas(after) < oldReplicas(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
};

/** Milliseconds until lack of progress is to be reported (negative: overdue); `undefined` when the rollout is over or not timed. */
function untilDeadline(
  deployment: Deployment,
  conditions: readonly DeploymentCondition[],
  now: number,
): number | undefined {
  const current = findCondition(conditions, 'Progressing');
  if (!hasDeadline(deployment) || current === undefined || current.reason === reason.setAvailable) return undefined;
  const since = fromApiTime(current.lastUpdateTime);
  return since === undefined ? undefined : since + (deployment.spec?.progressDeadlineSeconds ?? 0) * 1000 - now;
}

/** The status during a rollout: counts, and whether it progresses, is through, or hangs. */
export function computeRolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  before: readonly DeploymentCondition[],
  now: number,
): { status: DeploymentStatus; recheckAfter?: number } {
  const status = countReplicas(deployment, all, newSet, before, now);
  const current = findCondition(before, 'Progressing');
  const subject = newSet === undefined ? `Deployment "${nameOf(deployment)}"` : `ReplicaSet "${nameOf(newSet)}"`;
  let recheckAfter: number | undefined;
  if (!hasDeadline(deployment)) {
    status.conditions = removeCondition(status.conditions, 'Progressing');
  } else if (status.replicas !== status.updatedReplicas || current?.reason !== reason.setAvailable) {
    const deadline = untilDeadline(deployment, status.conditions, now);
    if (isComplete(deployment, status)) {
      status.conditions = setCondition(
        status.conditions,
        makeCondition(now, 'Progressing', 'True', reason.setAvailable, `${subject} has successfully progressed.`),
      );
    } else if (hasProgressed(deployment.status ?? {}, status)) {
      const next = makeCondition(now, 'Progressing', 'True', reason.setUpdated, `${subject} is progressing.`);
      const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
      status.conditions = [
        ...removeCondition(status.conditions, 'Progressing'),
        since === undefined ? next : { ...next, lastTransitionTime: since },
      ];
      recheckAfter = untilDeadline(deployment, status.conditions, now);
    } else if (current?.reason === reason.timedOut || (deadline !== undefined && deadline <= 0)) {
      status.conditions = setCondition(
        status.conditions,
        makeCondition(now, 'Progressing', 'False', reason.timedOut, `${subject} has timed out progressing.`),
      );
    } else {
      recheckAfter = deadline;
    }
  }

  const failure = [...(newSet === undefined ? [] : [newSet]), ...all]
    .flatMap((replicaSet) => replicaSet.status?.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure');
  status.conditions =
    failure === undefined
      ? removeCondition(status.conditions, 'ReplicaFailure')
      : setCondition(status.conditions, {
          ...failure,
          ...(failure.lastTransitionTime !== undefined && { lastUpdateTime: failure.lastTransitionTime }),
        });
  return { status, ...(recheckAfter !== undefined && { recheckAfter }) };
}

/** The Progressing condition of a deployment that was paused or resumed since. */
export function notePause(
  deployment: Deployment,
  conditions: readonly DeploymentCondition[],
  now: number,
): DeploymentCondition[] {
  const current = findCondition(conditions, 'Progressing');
  if (!hasDeadline(deployment) || current?.reason === reason.timedOut) return [...conditions];
  const paused = deployment.spec?.paused === true;
  if (paused === (current?.reason === reason.paused)) return [...conditions];
  return setCondition(
    conditions,
    paused
      ? makeCondition(now, 'Progressing', 'Unknown', reason.paused, 'Deployment is paused')
      : makeCondition(now, 'Progressing', 'Unknown', reason.resumed, 'Deployment is resumed'),
  );
}
