import type { Pod, ReplicaSet, ReplicationController } from '@kmd/kube-client';
import { toApiTime } from '../api-time.js';
import { countByNode, isActive, isAvailable, isReady, rankForDeletion, readySince } from '../pod-state.js';
import type { ReplicaStatus } from './kinds.js';

/** Pods made or deleted in one pass at most; the rest follows in the next. */
export const burst = 500;

export interface ReplicaPlan {
  create: number;
  /** In the order of deletion. */
  delete: Pod[];
}

/**
 * How many pods to create, or which to delete.
 *
 * @param active the owner's active pods
 * @param related active pods of all owners that belong together (the replica sets of one deployment): they say how crowded a node is
 */
export function planReplicas(wanted: number, active: readonly Pod[], related: readonly Pod[] = active): ReplicaPlan {
  const missing = wanted - active.length;
  if (missing >= 0) return { create: Math.min(missing, burst), delete: [] };
  return { create: 0, delete: rankForDeletion(active, countByNode(related)).slice(0, Math.min(-missing, burst)) };
}

/** A pass that could not do all it wanted. */
export interface ReplicaFailure {
  reason: 'FailedCreate' | 'FailedDelete';
  message: string;
}

/** Status of a replica set or replication controller that has these pods (before the pass's own changes are seen). */
export function computeReplicaStatus(
  owner: ReplicaSet | ReplicationController,
  pods: readonly Pod[],
  now: number,
  failure?: ReplicaFailure,
): ReplicaStatus {
  const active = pods.filter(isActive);
  const minReadySeconds = owner.spec?.minReadySeconds ?? 0;
  const templateLabels = Object.entries(owner.spec?.template?.metadata?.labels ?? {});
  const count = (test: (pod: Pod) => boolean) => active.filter(test).length;
  const others = (owner.status?.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
  const existing = owner.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const conditions =
    failure === undefined
      ? others
      : [
          ...others,
          existing?.reason === failure.reason
            ? existing
            : { type: 'ReplicaFailure', status: 'True', lastTransitionTime: toApiTime(now), ...failure },
        ];
  return {
    replicas: active.length,
    fullyLabeledReplicas: count((pod) => templateLabels.every(([key, value]) => pod.metadata?.labels?.[key] === value)),
    readyReplicas: count(isReady),
    availableReplicas: count((pod) => isAvailable(pod, minReadySeconds, now)),
    observedGeneration: owner.metadata?.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** Milliseconds until the next ready pod has been ready for `minReadySeconds`; `undefined` when none is on its way. */
export function untilNextAvailable(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const waits = pods
    .filter((pod) => isActive(pod) && !isAvailable(pod, minReadySeconds, now))
    .flatMap((pod) => readySince(pod) ?? [])
    .map((since) => since + minReadySeconds * 1000 - now);
  return waits.length === 0 ? undefined : Math.max(1, Math.min(...waits));
}

/** Counts that the API leaves out are zero. */
export const isSameReplicaStatus = (a: ReplicaStatus | undefined, b: ReplicaStatus): boolean =>
  (a?.replicas ?? 0) === b.replicas &&
  (a?.fullyLabeledReplicas ?? 0) === b.fullyLabeledReplicas &&
  (a?.readyReplicas ?? 0) === b.readyReplicas &&
  (a?.availableReplicas ?? 0) === b.availableReplicas &&
  (a?.observedGeneration ?? 0) === b.observedGeneration &&
  JSON.stringify(a?.conditions ?? []) === JSON.stringify(b.conditions ?? []);
