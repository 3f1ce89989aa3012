import type { Pod } from '@kmd/kube-client';
import { isDeleting, nameOf } from '../ownership.js';
import { isAvailable, isReady } from '../pod-state.js';
import type { StatefulSet } from '../workloads.js';

export interface StatefulPlan {
  /** Ordinals to make, each with the revision of its template. */
  create: { ordinal: number; revision: string }[];
  delete: Pod[];
  status: NonNullable<StatefulSet['status']>;
}

export const revisionLabel = 'controller-revision-hash';

/** The ordinal of a pod of the set; undefined when its name is none of the set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | undefined {
  const prefix = `${nameOf(set)}-`;
  const rest = nameOf(pod).startsWith(prefix) ? nameOf(pod).slice(prefix.length) : '';
  return /^(0|[1-9]\d*)$/.test(rest) ? Number(rest) : undefined;
}

const revisionOf = (pod: Pod): string => pod.metadata?.labels?.[revisionLabel] ?? '';
const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';

/**
 * One step of a stateful set: with `OrderedReady` at most one pod is made or deleted, and none before its predecessors are available; with `Parallel`
 * all at once. Pods of an old template are replaced from the highest ordinal down to the partition, one at a time.
 */
export function planStatefulSet(set: StatefulSet, pods: readonly Pod[], update: string, now: number): StatefulPlan {
  const { replicas = 1, minReadySeconds = 0, podManagementPolicy, ordinals, updateStrategy } = set.spec ?? {};
  const start = ordinals?.start ?? 0;
  const current = set.status?.currentRevision ?? '';
  const before = current === '' ? update : current;
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  const rolling = updateStrategy?.type !== 'OnDelete';
  const ordered = podManagementPolicy !== 'Parallel';
  const healthy = (pod: Pod): boolean =>
    pod.status?.phase === 'Running' && !isDeleting(pod) && isAvailable(pod, minReadySeconds, now);
  const byOrdinal = new Map(
    pods.flatMap((pod): [number, Pod][] => {
      const ordinal = ordinalOf(set, pod);
      return ordinal === undefined ? [] : [[ordinal, pod]];
    }),
  );
  const plan: StatefulPlan = { create: [], delete: [], status: statusOf() };

  function statusOf(): StatefulPlan['status'] {
    const all = [...byOrdinal.values()];
    const live = all.filter((pod) => !isDeleting(pod) && !hasEnded(pod));
    const count = (revision: string) => live.filter((pod) => revisionOf(pod) === revision).length;
    const ready = all.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length;
    const done =
      count(update) === replicas &&
      live.length === replicas &&
      all.length === replicas &&
      ready === replicas &&
      partition === 0;
    const revision = done || before === update ? update : before;
    return {
      replicas: all.length,
      readyReplicas: ready,
      availableReplicas: all.filter(healthy).length,
      currentReplicas: count(revision),
      updatedReplicas: count(update),
      currentRevision: revision,
      updateRevision: update,
      observedGeneration: set.metadata?.generation ?? 0,
      collisionCount: set.status?.collisionCount ?? 0,
    };
  }
  if (isDeleting(set)) return plan;

  for (let ordinal = start; ordinal < start + replicas; ordinal++) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) {
      plan.create.push({ ordinal, revision: rolling && ordinal < start + partition ? before : update });
    } else if (hasEnded(pod) && !isDeleting(pod)) plan.delete.push(pod);
    else if (healthy(pod)) continue;
    if (ordered) return plan;
  }
  const condemned = [...byOrdinal].filter(([ordinal]) => ordinal < start || ordinal >= start + replicas);
  for (const [, pod] of condemned.sort(([a], [b]) => b - a)) {
    if (!isDeleting(pod)) plan.delete.push(pod);
    // The next goes when this one is gone.
    if (ordered) return plan;
  }
  if (!rolling || plan.create.length > 0) return plan;
  for (let ordinal = start + replicas - 1; ordinal >= start + partition; ordinal--) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || plan.delete.includes(pod)) continue;
    if (revisionOf(pod) !== update && !isDeleting(pod)) {
      plan.delete.push(pod);
      return plan;
    }
    if (!healthy(pod)) return plan;
  }
  return plan;
}
