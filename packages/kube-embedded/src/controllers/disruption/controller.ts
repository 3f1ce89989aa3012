import {
  deployments,
  ignoreNotFound,
  pods as podResource,
  replicaSets,
  replicationControllers,
  type KubeObject,
  type Pod,
} from '@kmd/kube-client';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { controllerOf, keyOf, namespaceOf, splitKey, uidOf } from '../ownership.js';
import { isReady } from '../pod-state.js';
import { matchesSelector } from '../selector.js';
import { podDisruptionBudgets, statefulSets, type PodDisruptionBudget } from '../workloads.js';
import { planDisruptions } from './plan.js';

/** Counts for each disruption budget how many of its pods may be evicted now. */
export function createDisruptionController(context: ControllerContext): Controller {
  const { api, informers, clock } = context;
  const name = 'disruption-controller';
  const budgets = informers.of(podDisruptionBudgets);
  const pods = informers.of(podResource);
  const sets = informers.of(replicaSets);
  const controllers = informers.of(replicationControllers);
  const stateful = informers.of(statefulSets);
  const rollouts = informers.of(deployments);

  // A budget with an empty selector is for every pod of its namespace, unlike a workload's.
  const matches = (budget: PodDisruptionBudget, pod: Pod): boolean => {
    const { matchLabels = {}, matchExpressions = [] } = budget.spec?.selector ?? {};
    const empty = Object.keys(matchLabels).length + matchExpressions.length === 0;
    return empty ? budget.spec?.selector !== undefined : matchesSelector(budget.spec?.selector, pod.metadata?.labels);
  };
  const wake = (pod: Pod) => {
    for (const budget of budgets.list()) {
      if (namespaceOf(budget) === namespaceOf(pod) && matches(budget, pod)) queue.add(keyOf(budget));
    }
  };
  const wakeNamespace = (owner: KubeObject) => {
    for (const budget of budgets.list()) if (namespaceOf(budget) === namespaceOf(owner)) queue.add(keyOf(budget));
  };
  budgets.subscribe({ added: (budget) => queue.add(keyOf(budget)), updated: (budget) => queue.add(keyOf(budget)) });
  pods.subscribe({
    added: wake,
    updated(pod, old) {
      wake(pod);
      if (!isEquivalent(pod.metadata?.labels, old.metadata?.labels) || isReady(pod) !== isReady(old)) wake(old);
    },
    deleted: wake,
  });
  const scaled = {
    updated(owner: { spec?: { replicas?: number } } & KubeObject, old: { spec?: { replicas?: number } }) {
      if (owner.spec?.replicas !== old.spec?.replicas) wakeNamespace(owner);
    },
  };
  sets.subscribe(scaled);
  controllers.subscribe(scaled);
  stateful.subscribe(scaled);
  rollouts.subscribe(scaled);

  const scaleOf = (pod: Pod): { controller: string; replicas: number } | undefined => {
    const reference = controllerOf(pod);
    if (reference === undefined) return undefined;
    const namespace = namespaceOf(pod);
    const set = reference.kind === replicaSets.kind ? sets.get(namespace, reference.name) : undefined;
    const above = set && controllerOf(set);
    const rollout = above?.kind === deployments.kind ? rollouts.get(namespace, above.name) : undefined;
    const owner =
      rollout ??
      set ??
      (reference.kind === replicationControllers.kind
        ? controllers.get(namespace, reference.name)
        : reference.kind === statefulSets.kind
          ? stateful.get(namespace, reference.name)
          : undefined);
    return owner && { controller: uidOf(owner), replicas: owner.spec?.replicas ?? 1 };
  };

  async function reconcile(key: string): Promise<void> {
    const { namespace, name: budgetName } = splitKey(key);
    const budget = budgets.get(namespace, budgetName);
    if (budget === undefined) return;
    const selected = pods.list().filter((pod) => namespaceOf(pod) === namespace && matches(budget, pod));
    const { status, recheckAfter } = planDisruptions(budget, selected, scaleOf, clock.now());
    if (recheckAfter !== undefined) queue.addAfter(key, recheckAfter + 1000);
    if (isEquivalent(withoutZeros(budget.status), withoutZeros(status))) return;
    await api
      .update(podDisruptionBudgets, { ...budget, status }, { namespace, subresource: 'status' })
      .catch(ignoreNotFound);
  }
  const queue = createQueue(context, name, { reconcile, pace: 20 });
  return { name, queue, needs: [budgets, pods, sets, controllers, stateful, rollouts] };
}

const withoutZeros = (status: PodDisruptionBudget['status']) =>
  Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== 0));
