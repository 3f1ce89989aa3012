import type { Pod } from '@kmd/kube-client';
import { fromApiTime } from './api-time.js';
import { isDeleting, uidOf } from './ownership.js';

/** Neither ended nor being deleted: what counts as a replica. */
export const isActive = (pod: Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && !isDeleting(pod);

const readyCondition = (pod: Pod) => pod.status?.conditions?.find(({ type }) => type === 'Ready');

export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

/** Milliseconds since the epoch at which the pod became ready. */
export const readySince = (pod: Pod): number | undefined =>
  isReady(pod) ? fromApiTime(readyCondition(pod)?.lastTransitionTime) : undefined;

/** Ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

const deletionCost = (pod: Pod): number => {
  const cost = Number(pod.metadata?.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '0');
  return Number.isInteger(cost) ? cost : 0;
};

const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));

const createdAt = (pod: Pod): number => fromApiTime(pod.metadata?.creationTimestamp) ?? 0;

/**
 * Orders pods by how little is lost when they are deleted, the first to go first, as the replica set controller's ranking has it: unassigned
 * before assigned; Pending before Unknown before Running; not ready before ready; low deletion cost first; pods whose node has more pods of
 * the same owner first; ready for a shorter time first; more restarts first; younger first.
 *
 * @param crowding pods of the same owner by node name
 */
export function rankForDeletion(pods: readonly Pod[], crowding: ReadonlyMap<string, number>): Pod[] {
  const crowd = (pod: Pod) => crowding.get(pod.spec?.nodeName ?? '') ?? 0;
  return pods.toSorted((a, b) => {
    const assigned = Number((a.spec?.nodeName ?? '') !== '') - Number((b.spec?.nodeName ?? '') !== '');
    if (assigned !== 0) return assigned;
    const phase = (phaseOrder[a.status?.phase ?? ''] ?? 0) - (phaseOrder[b.status?.phase ?? ''] ?? 0);
    if (phase !== 0) return phase;
    const ready = Number(isReady(a)) - Number(isReady(b));
    if (ready !== 0) return ready;
    const cost = deletionCost(a) - deletionCost(b);
    if (cost !== 0) return cost;
    const doubled = crowd(b) - crowd(a);
    if (doubled !== 0) return doubled;
    const shorter = (readySince(b) ?? 0) - (readySince(a) ?? 0);
    if (shorter !== 0) return shorter;
    const restarted = restarts(b) - restarts(a);
    if (restarted !== 0) return restarted;
    const younger = createdAt(b) - createdAt(a);
    if (younger !== 0) return younger;
    return uidOf(a) < uidOf(b) ? -1 : 1;
  });
}

/** Pods by the name of their node; those without a node are left out. */
export function countByNode(pods: Iterable<Pod>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pod of pods) {
    const node = pod.spec?.nodeName ?? '';
    if (node !== '') counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return counts;
}
