import type { Deployment, ReplicaSet } from '@kmd/kube-client';
import { nameOf } from '../ownership.js';
import { annotation, oldestFirst } from './revision.js';

/** A replica set and how many replicas it is to want. */
export interface Scaling {
  replicaSet: ReplicaSet;
  replicas: number;
}

export const sizeOf = (replicaSet: ReplicaSet): number => replicaSet.spec?.replicas ?? 1;
export const wantedOf = (deployment: Deployment): number => deployment.spec?.replicas ?? 1;
/** A status that is older than the last scaling down still counts the pods that are on their way out. */
const availableOf = (replicaSet: ReplicaSet): number =>
  Math.min(replicaSet.status?.availableReplicas ?? 0, sizeOf(replicaSet));
export const sum = (replicaSets: readonly ReplicaSet[], of: (replicaSet: ReplicaSet) => number): number =>
  replicaSets.reduce((total, replicaSet) => total + of(replicaSet), 0);

export const isActiveSet = (replicaSet: ReplicaSet): boolean => sizeOf(replicaSet) > 0;
export const isRolling = (deployment: Deployment): boolean => deployment.spec?.strategy?.type !== 'Recreate';

/** An absolute number, or a percentage of `total` rounded up or down. Anything else counts as zero: the server refuses it. */
function resolveAmount(amount: number | string | undefined, total: number, round: (value: number) => number): number {
  if (typeof amount === 'number') return amount;
  const percent = /^(\d+)%$/.exec(amount ?? '')?.[1];
  return percent === undefined ? 0 : round((Number(percent) * total) / 100);
}

/**
 * How many pods a rolling update may have above, and lack below, the wanted number. Surge rounds up and unavailability down; when both come out
 * as zero one pod may be lacking, or the update could never begin. Absent values are the API's default of 25%.
 */
export function resolveFenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const replicas = wantedOf(deployment);
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = resolveAmount(maxSurge, replicas, Math.ceil);
  const unavailable = resolveAmount(maxUnavailable, replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Pods that may be lacking at any time. */
export const maxUnavailable = (deployment: Deployment): number =>
  Math.min(resolveFenceposts(deployment).unavailable, wantedOf(deployment));

/** Replicas that the new replica set is to have now, given how many all of them have. */
export function planNewSize(deployment: Deployment, all: readonly ReplicaSet[], newSet: ReplicaSet): number {
  const wanted = wantedOf(deployment);
  if (!isRolling(deployment) || sizeOf(newSet) >= wanted) return wanted;
  const room = wanted + resolveFenceposts(deployment).surge - sum(all, sizeOf);
  return room <= 0 ? sizeOf(newSet) : Math.min(wanted, sizeOf(newSet) + room);
}

/**
 * The next step down of the old replica sets in a rolling update: first replicas that are not available anyway, then as many available ones as
 * may be lacking. Pods of the new set that are not available yet count as lacking.
 */
export function planScaleDown(deployment: Deployment, newSet: ReplicaSet, old: readonly ReplicaSet[]): Scaling[] {
  const active = old.filter(isActiveSet).toSorted(oldestFirst);
  const minAvailable = wantedOf(deployment) - maxUnavailable(deployment);
  const unavailableNew = sizeOf(newSet) - availableOf(newSet);
  const removable = sum([...active, newSet], sizeOf) - minAvailable - unavailableNew;
  if (active.length === 0 || removable <= 0) return [];

  const sizes = new Map(active.map((replicaSet) => [replicaSet, sizeOf(replicaSet)]));
  let unhealthy = removable;
  for (const replicaSet of active) {
    const cut = Math.min(unhealthy, Math.max(0, sizeOf(replicaSet) - availableOf(replicaSet)));
    sizes.set(replicaSet, sizeOf(replicaSet) - cut);
    unhealthy -= cut;
  }
  let spare = sum([...active, newSet], availableOf) - minAvailable;
  for (const replicaSet of active) {
    const size = sizes.get(replicaSet) ?? 0;
    const cut = Math.max(0, Math.min(spare, size));
    sizes.set(replicaSet, size - cut);
    spare -= cut;
  }
  return active
    .map((replicaSet) => ({ replicaSet, replicas: sizes.get(replicaSet) ?? 0 }))
    .filter(({ replicaSet, replicas }) => replicas !== sizeOf(replicaSet));
}

/** The replicas wanted as the replica set recorded them at its last scaling. */
const recorded = (replicaSet: ReplicaSet, key: string): number | undefined => {
  const value = replicaSet.metadata?.annotations?.[key];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
};

/** Whether the deployment was scaled since its replica sets were: they recorded another number. */
export const isScaled = (deployment: Deployment, all: readonly ReplicaSet[]): boolean =>
  all.filter(isActiveSet).some((replicaSet) => {
    const desired = recorded(replicaSet, annotation.desired);
    return desired !== undefined && desired !== wantedOf(deployment);
  });

const isSaturated = (deployment: Deployment, replicaSet: ReplicaSet | undefined): boolean =>
  replicaSet !== undefined &&
  sizeOf(replicaSet) === wantedOf(deployment) &&
  recorded(replicaSet, annotation.desired) === wantedOf(deployment);

/**
 * Sizes after a scaling of the deployment. One active replica set takes all of it; several (in the middle of a rollout) share it in proportion
 * to their sizes, so that scaling does not hasten the rollout; what rounding leaves goes to the largest.
 */
export function planProportions(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Scaling[] {
  const wanted = wantedOf(deployment);
  const all = newSet === undefined ? [...old] : [...old, newSet];
  const active = all.filter(isActiveSet);
  if (active.length <= 1) {
    const target = active[0] ?? newSet ?? old.toSorted(oldestFirst).at(-1);
    return target === undefined ? [] : [{ replicaSet: target, replicas: wanted }];
  }
  if (isSaturated(deployment, newSet)) {
    return old.filter(isActiveSet).map((replicaSet) => ({ replicaSet, replicas: 0 }));
  }
  if (!isRolling(deployment)) return [];

  const allowed = wanted > 0 ? wanted + resolveFenceposts(deployment).surge : 0;
  const toAdd = allowed - sum(active, sizeOf);
  const sorted = active.toSorted(
    (a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? oldestFirst(b, a) : oldestFirst(a, b)),
  );
  let added = 0;
  const scalings = sorted.map((replicaSet): Scaling => {
    const share = toAdd === added ? 0 : fractionOf(deployment, replicaSet, allowed);
    const bounded = toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
    const proportion = toAdd === 0 ? 0 : bounded;
    added += proportion;
    return { replicaSet, replicas: sizeOf(replicaSet) + proportion };
  });
  const [largest] = scalings;
  if (largest !== undefined) largest.replicas = Math.max(0, largest.replicas + toAdd - added);
  return scalings;
}

/** By how many replicas a replica set changes when the whole goes from the size it recorded to `allowed`. */
function fractionOf(deployment: Deployment, replicaSet: ReplicaSet, allowed: number): number {
  const size = sizeOf(replicaSet);
  if (wantedOf(deployment) === 0) return -size;
  const before = recorded(replicaSet, annotation.max) ?? deployment.status?.replicas ?? 0;
  return before === 0 ? 0 : Math.round((size * allowed) / before) - size;
}

/** The replica set at another size, with the numbers it records; the same object when nothing changes. */
export function scaleTo(deployment: Deployment, { replicaSet, replicas }: Scaling): ReplicaSet {
  const desired = String(wantedOf(deployment));
  const max = String(wantedOf(deployment) + resolveFenceposts(deployment).surge);
  const annotations = replicaSet.metadata?.annotations ?? {};
  if (
    sizeOf(replicaSet) === replicas &&
    annotations[annotation.desired] === desired &&
    annotations[annotation.max] === max
  ) {
    return replicaSet;
  }
  return {
    ...replicaSet,
    metadata: {
      ...replicaSet.metadata,
      annotations: { ...annotations, [annotation.desired]: desired, [annotation.max]: max },
    },
    ...(replicaSet.spec && { spec: { ...replicaSet.spec, replicas } }),
  };
}

/** The message of a `ScalingReplicaSet` event. */
export const describeScaling = (replicaSet: ReplicaSet, from: number, to: number): string =>
  `Scaled ${to > from ? 'up' : 'down'} replica set ${nameOf(replicaSet)} from ${from} to ${to}`;
