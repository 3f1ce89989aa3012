import type { Node, Pod } from '@kmd/kube-client';
import { fromApiTime } from '../api-time.js';
import { isDeleting, nameOf } from '../ownership.js';
import { isAvailable, isReady } from '../pod-state.js';
import { resolvePercent } from '../percent.js';
import type { DaemonSet } from '../workloads.js';
import { judgeNode, nodeOf } from './placement.js';

export interface DaemonPlan {
  /** Names of nodes that are to get a pod. */
  create: string[];
  delete: Pod[];
  /** Pods that ended though they should not: to be deleted too, later each time. */
  ended: { pod: Pod; node: string }[];
  status: NonNullable<DaemonSet['status']>;
}

const hasEnded = (pod: Pod): boolean => pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
const createdAt = (pod: Pod): number => fromApiTime(pod.metadata?.creationTimestamp) ?? 0;

/** What to do so that every node that the daemon set is for has one pod of its template, changing no more at once than its strategy allows. */
export function planDaemonSet(
  daemonSet: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
  now: number,
): DaemonPlan {
  const { template = {}, minReadySeconds = 0, updateStrategy } = daemonSet.spec ?? {};
  const byNode = Map.groupBy(pods, nodeOf);
  const isNew = (pod: Pod): boolean => pod.metadata?.labels?.['controller-revision-hash'] === hash;
  const available = (pod: Pod): boolean => !isDeleting(pod) && isAvailable(pod, minReadySeconds, now);
  const plan: DaemonPlan = {
    create: [],
    delete: [],
    ended: [],
    status: {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
      observedGeneration: daemonSet.metadata?.generation ?? 0,
    },
  };
  const { status } = plan;
  const count = { available: 0, updated: 0 };
  const wanted: { name: string; live: Pod[]; free: boolean }[] = [];
  for (const node of nodes) {
    const name = nameOf(node);
    const here = byNode.get(name) ?? [];
    byNode.delete(name);
    const { run, stay } = judgeNode(template, node);
    const live = here.filter((pod) => !isDeleting(pod) && !hasEnded(pod)).sort((a, b) => createdAt(a) - createdAt(b));
    if (run) {
      status.desiredNumberScheduled++;
      if (here.length > 0) status.currentNumberScheduled++;
      const best = live.find(available) ?? live.find(isReady) ?? live[0];
      if (best && isReady(best)) status.numberReady++;
      if (best && available(best)) count.available++;
      if (live.some(isNew)) count.updated++;
      for (const pod of here) if (hasEnded(pod) && !isDeleting(pod)) plan.ended.push({ pod, node: name });
      wanted.push({ name, live, free: here.length === 0 });
    } else {
      if (here.length > 0) status.numberMisscheduled++;
      if (!stay) plan.delete.push(...live);
    }
  }
  // Pods of nodes that are gone are the pod garbage collector's once they were bound; those that wait for such a node are nobody's.
  for (const [, orphans] of byNode) {
    plan.delete.push(...orphans.filter((pod) => !isDeleting(pod) && (pod.spec?.nodeName ?? '') === ''));
  }
  roll(plan, wanted, { isNew, available, surge: surgeOf(daemonSet, status.desiredNumberScheduled), updateStrategy });
  status.updatedNumberScheduled = count.updated;
  status.numberAvailable = count.available;
  status.numberUnavailable = status.desiredNumberScheduled - count.available;
  return plan;
}

const surgeOf = (daemonSet: DaemonSet, desired: number): number =>
  resolvePercent(daemonSet.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0, desired, 'up');

function roll(
  plan: DaemonPlan,
  wanted: readonly { name: string; live: readonly Pod[]; free: boolean }[],
  rules: {
    isNew(pod: Pod): boolean;
    available(pod: Pod): boolean;
    surge: number;
    updateStrategy: NonNullable<DaemonSet['spec']>['updateStrategy'];
  },
): void {
  const { isNew, available, surge, updateStrategy } = rules;
  const rolling = updateStrategy?.type !== 'OnDelete';
  const asked = resolvePercent(updateStrategy?.rollingUpdate?.maxUnavailable ?? 1, wanted.length, 'up');
  const most = surge > 0 ? 0 : Math.max(1, asked);
  let unavailable = wanted.filter(({ live }) => !live.some(available)).length;
  let surging = wanted.filter(({ live }) => live.length > 1).length;
  for (const { name, live, free } of wanted) {
    const fresh = live.filter(isNew);
    const old = live.filter((pod) => !isNew(pod));
    const [first] = live;
    if (first === undefined) {
      // What is on its way out must be gone first: two daemons of a kind would fight over the node.
      if (free) plan.create.push(name);
      continue;
    }
    // Of several of one kind the oldest stays.
    plan.delete.push(...fresh.slice(1), ...old.slice(1));
    const [before] = old;
    const [after] = fresh;
    if (before === undefined) continue;
    if (after !== undefined) {
      if (available(after) || !available(before)) plan.delete.push(before);
    } else if (!rolling) continue;
    else if (!available(before)) plan.delete.push(before);
    else if (surge > 0 && surging < surge) {
      surging++;
      plan.create.push(name);
    } else if (unavailable < most) {
      unavailable++;
      plan.delete.push(before);
    }
  }
}
