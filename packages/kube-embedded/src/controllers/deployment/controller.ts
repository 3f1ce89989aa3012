import {
  deployments as deploymentResource,
  isAlreadyExists,
  ignoreNotFound,
  isNotFound,
  pods as podResource,
  replicaSets as replicaSetResource,
  type Deployment,
  type Pod,
  type ReplicaSet,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { claim } from '../claims.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { OwnerIndex } from '../informers.js';
import { controllerOf, keyOf, managerOf, nameOf, namespaceOf, splitKey, uidOf } from '../ownership.js';
import { matchesSelector } from '../selector.js';
import { planDeployment, type DeploymentPlan } from './plan.js';
import { annotation, isSameTemplate } from './revision.js';
import { hasDeadline, makeCondition, reason, setCondition, type DeploymentStatus } from './status.js';

/** Milliseconds between two passes over one deployment: its replica sets' statuses change in bursts. */
const pace = 20;

/** Rolls deployments out: makes, scales and removes their replica sets. */
export function createDeploymentController(context: ControllerContext, podOwners: OwnerIndex<Pod>): Controller {
  const { api, informers, clock } = context;
  const name = 'deployment-controller';
  const deployments = informers.of(deploymentResource);
  const replicaSets = informers.of(replicaSetResource);
  const pods = informers.of(podResource);
  const setOwners = new OwnerIndex(replicaSets);
  const events = context.recorder(name);

  const ownerOf = (replicaSet: ReplicaSet) => managerOf(deploymentResource, deployments, replicaSet);
  const addOwner = (replicaSet: ReplicaSet) => {
    const owner = ownerOf(replicaSet);
    if (owner !== undefined) queue.add(keyOf(owner));
    else if (controllerOf(replicaSet) === undefined) {
      for (const deployment of deployments.list()) {
        if (
          namespaceOf(deployment) === namespaceOf(replicaSet) &&
          matchesSelector(deployment.spec?.selector, replicaSet.metadata?.labels)
        ) {
          queue.add(keyOf(deployment));
        }
      }
    }
  };
  deployments.subscribe({
    added: (deployment) => queue.add(keyOf(deployment)),
    updated: (deployment) => queue.add(keyOf(deployment)),
  });
  replicaSets.subscribe({
    added: addOwner,
    updated(replicaSet, old) {
      const oldOwner = ownerOf(old);
      if (oldOwner !== undefined && oldOwner !== ownerOf(replicaSet)) queue.add(keyOf(oldOwner));
      addOwner(replicaSet);
    },
    deleted: addOwner,
  });
  pods.subscribe({
    // The Recreate strategy waits for the last old pod to be gone.
    deleted(pod) {
      const reference = controllerOf(pod);
      if (reference?.kind !== replicaSetResource.kind) return;
      const replicaSet = replicaSets.get(namespaceOf(pod), reference.name);
      const owner = replicaSet && ownerOf(replicaSet);
      if (owner?.spec?.strategy?.type === 'Recreate') queue.add(keyOf(owner));
    },
  });

  const writeStatus = async (deployment: Deployment, status: DeploymentStatus): Promise<void> => {
    if (isEquivalent(statusOf(deployment.status), statusOf(status))) return;
    await api.update(
      deploymentResource,
      { ...deployment, status },
      { namespace: namespaceOf(deployment), subresource: 'status' },
    );
  };

  /** Answers false when the pass is to end here: another one will follow. */
  async function createSet(deployment: Deployment, replicaSet: ReplicaSet): Promise<boolean> {
    const namespace = namespaceOf(deployment);
    try {
      await api.create(replicaSetResource, replicaSet, { namespace });
      return true;
    } catch (error) {
      if (!isAlreadyExists(error)) {
        const message = `Failed to create new replica set "${nameOf(replicaSet)}": ${error instanceof Error ? error.message : String(error)}`;
        if (hasDeadline(deployment)) {
          const failed = makeCondition(clock.now(), 'Progressing', 'False', reason.setCreateFailed, message);
          const conditions = setCondition(deployment.status?.conditions ?? [], failed);
          await writeStatus(deployment, { ...deployment.status, conditions }).catch(() => undefined);
        }
        events.record(deployment, { type: 'Warning', reason: reason.setCreateFailed, message });
        throw error;
      }
      const existing = await api.get(replicaSetResource, nameOf(replicaSet), { namespace });
      // This controller's own, which the cache does not show yet: its event brings the next pass.
      if (
        controllerOf(existing)?.uid === uidOf(deployment) &&
        isSameTemplate(existing.spec?.template, deployment.spec?.template)
      ) {
        return false;
      }
      const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
      await writeStatus(deployment, { ...deployment.status, collisionCount });
      return false;
    }
  }

  async function apply(cached: Deployment, plan: DeploymentPlan): Promise<void> {
    const namespace = namespaceOf(cached);
    const note = (replicaSet: ReplicaSet) => {
      const message = plan.scaled.get(nameOf(replicaSet));
      if (message !== undefined) events.record(cached, { type: 'Normal', reason: 'ScalingReplicaSet', message });
    };
    if (plan.create !== undefined) {
      if (!(await createSet(cached, plan.create))) return;
      note(plan.create);
    }
    for (const replicaSet of plan.update) {
      await api.update(replicaSetResource, replicaSet, { namespace });
      note(replicaSet);
    }
    await runAll(plan.remove, (replicaSet) =>
      api
        .delete(replicaSetResource, nameOf(replicaSet), { namespace, preconditions: { uid: uidOf(replicaSet) } })
        .catch(ignoreNotFound),
    );
    let deployment = cached;
    if (plan.revision !== undefined) {
      const annotations = { [annotation.revision]: plan.revision };
      deployment = await api.patch(
        deploymentResource,
        nameOf(cached),
        { metadata: { resourceVersion: cached.metadata?.resourceVersion, annotations } },
        { type: 'merge', namespace },
      );
    }
    await writeStatus(deployment, plan.status);
  }

  async function reconcile(key: string): Promise<void> {
    const { namespace, name: deploymentName } = splitKey(key);
    const deployment = deployments.get(namespace, deploymentName);
    if (deployment === undefined) return;
    const owned = await claim(api, {
      ownerResource: deploymentResource,
      owner: deployment,
      resource: replicaSetResource,
      candidates: [...setOwners.ownedBy(uidOf(deployment)), ...setOwners.orphansIn(namespace)],
      matches: (labels) => matchesSelector(deployment.spec?.selector, labels),
    });
    const plan = planDeployment({
      deployment,
      replicaSets: owned,
      hasLivePods: (replicaSet) =>
        podOwners
          .ownedBy(uidOf(replicaSet))
          .some(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed'),
      now: clock.now(),
    });
    try {
      await apply(deployment, plan);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    // A second more than the deadline: the API's times have whole seconds.
    if (plan.recheckAfter !== undefined) queue.addAfter(key, Math.max(0, plan.recheckAfter) + 1000);
  }

  const queue = createQueue(context, name, { reconcile, workers: 5, pace });
  return { name, queue, needs: [deployments, replicaSets, pods] };
}

/** Counts of zero, which the API leaves out, made equal to absent ones; the order of conditions kept. */
const statusOf = (status: DeploymentStatus | undefined) =>
  Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== 0));
