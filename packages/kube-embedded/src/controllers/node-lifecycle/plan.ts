import type { Node, Pod } from '@kmd/kube-client';
import { fromApiTime, toApiTime } from '../api-time.js';
import { isEquivalent } from '../equality.js';
import { isDeleting } from '../ownership.js';

type NodeCondition = NonNullable<NonNullable<Node['status']>['conditions']>[number];
export type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];
type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];

const notReady = 'node.kubernetes.io/not-ready';
const unreachable = 'node.kubernetes.io/unreachable';
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

/** The taints that go with the Ready condition, others kept. Nothing when they are right, or nothing is known yet. */
export function planTaints(node: Node, now: number): Taint[] | undefined {
  const current = node.spec?.taints ?? [];
  const status = readyStatus(node.status?.conditions);
  if (status === undefined) return undefined;
  const key = status === 'True' ? undefined : status === 'False' ? notReady : unreachable;
  const others = current.filter((taint) => taint.key !== notReady && taint.key !== unreachable);
  const wanted = (key === undefined ? [] : ['NoSchedule', 'NoExecute']).map(
    (effect): Taint =>
      current.find((taint) => taint.key === key && taint.effect === effect) ?? {
        key: key ?? '',
        effect,
        timeAdded: toApiTime(now),
      },
  );
  const next = [...others, ...wanted];
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
  const own = taints.filter(({ key }) => key === notReady || key === unreachable);
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
