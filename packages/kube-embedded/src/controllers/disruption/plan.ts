import type { Pod } from '@kmd/kube-client';
import { fromApiTime, toApiTime } from '../api-time.js';
import { isDeleting, nameOf } from '../ownership.js';
import { resolvePercent } from '../percent.js';
import { isReady } from '../pod-state.js';
import type { PodDisruptionBudget } from '../workloads.js';

/** How long an eviction may take to show in the pod before it is no longer counted, in milliseconds. */
export const evictionPatience = 2 * 60_000;

const counts = (pod: Pod): boolean => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

/** The number of replicas that a pod's controller wants; undefined when it has none, or one that cannot be asked. */
export type ScaleOf = (pod: Pod) => { controller: string; replicas: number } | undefined;

export interface DisruptionPlan {
  status: NonNullable<PodDisruptionBudget['status']>;
  recheckAfter?: number;
}

/** The status of a budget over the pods that it selects: how many may be disrupted now. */
export function planDisruptions(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  scaleOf: ScaleOf,
  now: number,
): DisruptionPlan {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  const selected = pods.filter(counts);
  const disruptedPods: Record<string, string> = {};
  let recheckAfter: number | undefined;
  for (const [name, time] of Object.entries(budget.status?.disruptedPods ?? {})) {
    const pod = selected.find((candidate) => nameOf(candidate) === name);
    const left = (fromApiTime(time) ?? 0) + evictionPatience - now;
    if (pod === undefined || isDeleting(pod) || left <= 0) continue;
    disruptedPods[name] = time;
    recheckAfter = Math.min(recheckAfter ?? left, left);
  }
  const expected = (): number => {
    const scales = new Map(
      selected.flatMap((pod) => {
        const scale = scaleOf(pod);
        return scale === undefined ? [] : [[scale.controller, scale.replicas] as const];
      }),
    );
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
  };
  let expectedPods: number;
  let desiredHealthy: number;
  if (maxUnavailable !== undefined) {
    expectedPods = expected();
    desiredHealthy = Math.max(0, expectedPods - resolvePercent(maxUnavailable, expectedPods, 'up'));
  } else if (typeof minAvailable === 'string') {
    expectedPods = expected();
    desiredHealthy = resolvePercent(minAvailable, expectedPods, 'up');
  } else {
    expectedPods = selected.length;
    desiredHealthy = minAvailable ?? 0;
  }
  const currentHealthy = selected.filter(
    (pod) => !isDeleting(pod) && disruptedPods[nameOf(pod)] === undefined && isReady(pod),
  ).length;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const allowed = disruptionsAllowed > 0;
  const before = budget.status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  const state = allowed ? 'True' : 'False';
  const generation = budget.metadata?.generation ?? 0;
  return {
    ...(recheckAfter === undefined ? {} : { recheckAfter }),
    status: {
      disruptionsAllowed,
      currentHealthy,
      desiredHealthy,
      expectedPods,
      observedGeneration: generation,
      ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: state,
          reason: allowed ? 'SufficientPods' : 'InsufficientPods',
          message: '',
          observedGeneration: generation,
          lastTransitionTime: before?.status === state ? (before.lastTransitionTime ?? toApiTime(now)) : toApiTime(now),
        },
      ],
    },
  };
}
