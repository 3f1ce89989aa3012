import type { Node, Pod } from '@kmd/kube-client';
import { fromApiTime, toApiTime } from '../api-time.js';
import { isEquivalent } from '../equality.js';
import { isDeleting } from '../ownership.js';

type NodeCondition = NonNullable<NonNullable<Node['status']>['conditions']>[number];
export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

const notReady = 'node.kubernetes.io/not-ready';
const unreachable = 'node.kubernetes.io/unreachable';
const unschedulable = 'node.kubernetes.io/unschedulable';
/** The taint that a condition brings, by its status. */
const byCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReady, Unknown: unreachable },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const ownKeys = new Set([unschedulable, ...Object.values(byCondition).flatMap((keys) => Object.values(keys))]);
const isReadiness = (key: string): boolean => key === notReady || key === unreachable;

/** The conditions that a node's agent posts and that nobody knows about when it is silent. */
const posted = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
/** How long a pod that says nothing stays on a node that is not ready, in seconds (the API's default toleration). */
const defaultToleration = 300;

const readyStatus = (conditions: readonly NodeCondition[] | undefined): string | undefined =>
  conditions?.find(({ type }) => type === 'Ready')?.status;

/** Conditions of a node that is silent: all that its agent posts are Unknown. Nothing when they are already. */
export function planSilence(node: Node, now: number): NodeCondition[] | undefined {
  const current = node.status?.conditions ?? [];
  if (readyStatus(current) === 'Unknown') return undefined;
  const time = toApiTime(now);
  const silent = (type: string, before: NodeCondition | undefined): NodeCondition => ({
    ...before,
    type,
    status: 'Unknown',
    reason: before === undefined ? 'NodeStatusNeverUpdated' : 'NodeStatusUnknown',
    message: before === undefined ? 'Kubelet never posted node status.' : 'Kubelet stopped posting node status.',
    lastTransitionTime: before?.status === 'Unknown' ? (before.lastTransitionTime ?? time) : time,
  });
  const changed = current.map((condition) =>
    posted.includes(condition.type) ? silent(condition.type, condition) : condition,
  );
  return changed.some(({ type }) => type === 'Ready') ? changed : [...changed, silent('Ready', undefined)];
}

/** The taints that go with a node's conditions and its cordon, others kept. Nothing when they are right. */
export function planTaints(node: Node, now: number): Taint[] | undefined {
  const current = node.spec?.taints ?? [];
  const ready = readyStatus(node.status?.conditions);
  const wanted: Pick<Taint, 'key' | 'effect'>[] = (node.status?.conditions ?? []).flatMap(({ type, status }) => {
    const key = byCondition[type]?.[status];
    return key === undefined ? [] : { key, effect: 'NoSchedule' };
  });
  if (node.spec?.unschedulable === true) wanted.push({ key: unschedulable, effect: 'NoSchedule' });
  const lost = byCondition['Ready']?.[ready ?? ''];
  if (lost !== undefined) wanted.push({ key: lost, effect: 'NoExecute' });
  const isWanted = (taint: Taint): boolean =>
    wanted.some(({ key, effect }) => key === taint.key && effect === taint.effect);
  // Nobody's pods have to go, or may stay, before it is known how the node is.
  const isOwn = ({ key, effect }: Taint): boolean =>
    effect === 'NoSchedule' ? ownKeys.has(key) : effect === 'NoExecute' && ready !== undefined && isReadiness(key);
  const kept = current.filter((taint) => !isOwn(taint) || isWanted(taint));
  const missing = wanted.filter(({ key, effect }) => !kept.some((has) => has.key === key && has.effect === effect));
  const next = [...kept, ...missing.map((taint): Taint => ({ ...taint, timeAdded: toApiTime(now) }))];
  return isEquivalent(next, current) ? undefined : next;
}

const tolerates = ({ key = '', operator = 'Equal', value = '', effect = '' }: Toleration, taint: Taint): boolean =>
  (effect === '' || effect === taint.effect) &&
  (key === '' ? operator === 'Exists' : key === taint.key) &&
  (operator === 'Exists' || value === (taint.value ?? ''));

/** When a pod has to leave because of a taint, in milliseconds since the epoch; `undefined` for never. */
function deadlineOf(pod: Pod, taint: Taint): number | undefined {
  const since = fromApiTime(taint.timeAdded);
  if (taint.effect !== 'NoExecute' || since === undefined) return undefined;
  const tolerations = (pod.spec?.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
  if (tolerations.length === 0) return since + defaultToleration * 1000;
  const bounded = tolerations.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return bounded.length < tolerations.length ? undefined : since + Math.max(0, Math.min(...bounded)) * 1000;
}

export interface EvictionPlan {
  evict: Pod[];
  /** Milliseconds until the next pod's time has come. */
  next?: number;
}

/** Which pods have stayed long enough on a node that is not ready. */
export function planEvictions(pods: readonly Pod[], taints: readonly Taint[], now: number): EvictionPlan {
  const own = taints.filter(({ key }) => isReadiness(key));
  const plan: EvictionPlan = { evict: [] };
  for (const pod of pods) {
    const deadlines = own.flatMap((taint) => deadlineOf(pod, taint) ?? []);
    if (deadlines.length === 0 || isDeleting(pod)) continue;
    const wait = Math.min(...deadlines) - now;
    if (wait <= 0) plan.evict.push(pod);
    else plan.next = Math.min(plan.next ?? wait, wait);
  }
  return plan;
}
