import {
  deployments,
  isNotFound,
  KubeError,
  pods as podResource,
  type Pod,
  type ReplicaSet,
  type ReplicationController,
} from '@kmd/kube-client';
import { runSlowStart } from '../batch.js';
import { claim } from '../claims.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { expectationPatience, Expectations } from '../expectations.js';
import { OwnerIndex } from '../informers.js';
import { followOwned } from '../owned-changes.js';
import {
  controllerOf,
  controllerReference,
  isDeleting,
  keyOf,
  nameOf,
  namespaceOf,
  splitKey,
  uidOf,
} from '../ownership.js';
import { createPodControl, messageOf } from '../pod-control.js';
import { isActive } from '../pod-state.js';
import { podFromTemplate, replicasWanted, type ReplicationKind } from './kinds.js';
import {
  computeReplicaStatus,
  isSameReplicaStatus,
  planReplicas,
  untilNextAvailable,
  type ReplicaFailure,
} from './plan.js';

/** A status write for each of a burst of pod changes would cost more than the pods: milliseconds between two passes over one owner. */
const pace = 20;

/** A refusal because the namespace is being deleted says so among the causes of its status. */
function isNamespaceTerminating(error: unknown): boolean {
  const causes = error instanceof KubeError ? error.details?.['causes'] : undefined;
  return (
    Array.isArray(causes) &&
    causes.some(
      (cause: unknown) =>
        typeof cause === 'object' && cause !== null && 'reason' in cause && cause.reason === 'NamespaceTerminating',
    )
  );
}

/** Keeps as many pods alive as each object of the kind wants. */
export function createReplicationController<T extends ReplicaSet | ReplicationController>(
  context: ControllerContext,
  kind: ReplicationKind<T>,
  podOwners: OwnerIndex<Pod>,
): Controller {
  const { api, informers, clock } = context;
  const { resource } = kind;
  const name = kind.component;
  const owners = informers.of(resource);
  const pods = informers.of(podResource);
  const siblings = new OwnerIndex(owners);
  const expectations = new Expectations(clock);
  const control = createPodControl(api, context.recorder(kind.component));

  followOwned({
    resource,
    owners,
    pods,
    expectations,
    matches: (owner, labels) => kind.matches(owner, labels),
    wake: (key) => queue.add(key),
  });

  async function createPods(owner: T, count: number): Promise<ReplicaFailure | undefined> {
    const key = keyOf(owner);
    const reference = controllerReference(resource, owner);
    const pod = podFromTemplate(owner.spec?.template, `${nameOf(owner)}-`, namespaceOf(owner), reference);
    expectations.expectCreations(key, count);
    const { succeeded, failure } = await runSlowStart(count, () => control.create(owner, pod));
    // What was refused or not even tried will never be seen.
    expectations.observeCreation(key, count - succeeded);
    // Nothing can be made in a namespace that is being deleted, and the owner goes with it.
    if (failure === undefined || isNamespaceTerminating(failure)) return undefined;
    return { reason: 'FailedCreate', message: messageOf(failure) };
  }

  async function deletePods(owner: T, victims: readonly Pod[]): Promise<ReplicaFailure | undefined> {
    const key = keyOf(owner);
    expectations.expectDeletions(key, victims.map(uidOf));
    let failure: ReplicaFailure | undefined;
    await Promise.all(
      victims.map(async (pod) => {
        try {
          if (!(await control.remove(owner, pod))) expectations.observeDeletion(key, uidOf(pod));
        } catch (error) {
          expectations.observeDeletion(key, uidOf(pod));
          failure ??= { reason: 'FailedDelete', message: messageOf(error) };
        }
      }),
    );
    return failure;
  }

  /** Active pods of all owners that have the same controller (for replica sets: their deployment), this one's among them. */
  const relatedPods = (owner: T, own: readonly Pod[]): readonly Pod[] => {
    const reference = controllerOf(owner);
    if (reference?.kind !== deployments.kind) return own;
    return siblings.ownedBy(reference.uid).flatMap((sibling) => podOwners.ownedBy(uidOf(sibling)).filter(isActive));
  };

  async function reconcile(key: string): Promise<void> {
    const { namespace, name: ownerName } = splitKey(key);
    const owner = owners.get(namespace, ownerName);
    if (owner === undefined) {
      expectations.forget(key);
      return;
    }
    const counted = expectations.areMet(key);
    // Should what was expected never be seen, no event brings this owner back.
    if (!counted) queue.addAfter(key, expectationPatience);
    const claimed = await claim(api, {
      ownerResource: resource,
      owner,
      resource: podResource,
      candidates: [...podOwners.ownedBy(uidOf(owner)), ...podOwners.orphansIn(namespace)].filter(
        // An ended pod that was never managed is nobody's replica.
        (pod) => isActive(pod) || controllerOf(pod) !== undefined,
      ),
      matches: (labels) => kind.matches(owner, labels),
    });
    const active = claimed.filter(isActive);
    let failure: ReplicaFailure | undefined;
    if (counted && !isDeleting(owner)) {
      const wanted = replicasWanted(owner);
      const plan = planReplicas(wanted, active, wanted < active.length ? relatedPods(owner, active) : active);
      if (plan.create > 0) failure = await createPods(owner, plan.create);
      else if (plan.delete.length > 0) failure = await deletePods(owner, plan.delete);
    }

    const now = clock.now();
    // Not counted: a failure that stands must not be cleared by a pass that did not try.
    const status = computeReplicaStatus(owner, claimed, now, failure ?? (counted ? undefined : standingFailure(owner)));
    if (!isSameReplicaStatus(owner.status, status)) {
      const next: T = { ...owner, status };
      try {
        await api.update(resource, next, { namespace, subresource: 'status' });
      } catch (error) {
        if (isNotFound(error)) return;
        throw error;
      }
    }
    if (failure !== undefined) throw new Error(failure.message);
    const wait = untilNextAvailable(active, owner.spec?.minReadySeconds ?? 0, now);
    if (wait !== undefined) queue.addAfter(key, wait);
  }

  const queue = createQueue(context, name, { reconcile, workers: 5, pace });
  return { name, queue, needs: [owners, pods] };
}

function standingFailure(owner: ReplicaSet | ReplicationController): ReplicaFailure | undefined {
  const condition = owner.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  if (condition === undefined) return undefined;
  return {
    reason: condition.reason === 'FailedDelete' ? 'FailedDelete' : 'FailedCreate',
    message: condition.message ?? '',
  };
}
