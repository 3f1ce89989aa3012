import {
  isAlreadyExists,
  isNotFound,
  pods as podResource,
  type Informer,
  type KubeObject,
  type Pod,
  type Resource,
} from '@kmd/kube-client';
import { claim } from './claims.js';
import { createQueue, type Controller, type ControllerContext } from './controller.js';
import { Expectations, expectationPatience } from './expectations.js';
import type { OwnerIndex } from './informers.js';
import { followOwned } from './owned-changes.js';
import { keyOf, managerOf, namespaceOf, splitKey, uidOf } from './ownership.js';
import { createPodControl, type PodWords } from './pod-control.js';
import type { Labels } from './selector.js';
import type { WorkQueue } from './work-queue.js';

export interface OwnedPodsOptions<T extends KubeObject> {
  /** Of the controller, and the source of its events. */
  name: string;
  resource: Resource<T>;
  /** How it tells of pods made and deleted, where that is not as most do. */
  words?: PodWords;
  matches(owner: T, labels: Labels | undefined): boolean;
  /** `counted` is false while the cache does not show what was created or deleted before: count no pods then. */
  reconcile(owner: T, pods: Pod[], counted: boolean): Promise<void>;
}

/** What the controllers of daemon sets, stateful sets and jobs have in common: an owner of pods, brought back by each change of them. */
export interface OwnedPods<T extends KubeObject> {
  readonly name: string;
  readonly queue: WorkQueue;
  readonly owners: Informer<T>;
  readonly needs: Controller['needs'];
  /** Creates a pod and tells so; a failure is told, and thrown. A pod of that name that is there already is left alone. */
  create(owner: T, pod: Pod): Promise<void>;
  /** Deletes a pod and tells so; one that is gone already is none. */
  remove(owner: T, pod: Pod): Promise<void>;
  managerOf(pod: Pod): T | undefined;
  writeStatus(owner: T, status: object): Promise<void>;
}

export function ownPods<T extends KubeObject>(
  context: ControllerContext,
  podOwners: OwnerIndex<Pod>,
  options: OwnedPodsOptions<T>,
): OwnedPods<T> {
  const { api, informers, clock } = context;
  const { name, resource, matches } = options;
  const owners = informers.of(resource);
  const pods = informers.of(podResource);
  const expectations = new Expectations(clock);
  const control = createPodControl(api, context.recorder(name), options.words);
  /** What this controller wrote last, and the versions that are older: the cache may show one of those for a moment. */
  const written = new Map<string, { older: Set<string>; owner: T }>();
  const versionOf = (owner: T) => owner.metadata?.resourceVersion ?? '';
  const latest = (cached: T): T => {
    const known = written.get(keyOf(cached));
    if (known?.older.has(versionOf(cached)) === true) return known.owner;
    written.delete(keyOf(cached));
    return cached;
  };

  followOwned({
    resource,
    owners,
    pods,
    expectations,
    matches,
    wake: (key) => queue.add(key),
  });

  async function reconcile(key: string): Promise<void> {
    const { namespace, name: ownerName } = splitKey(key);
    const cached = owners.get(namespace, ownerName);
    if (cached === undefined) {
      expectations.forget(key);
      written.delete(key);
      return;
    }
    const owner = latest(cached);
    const counted = expectations.areMet(key);
    if (!counted) queue.addAfter(key, expectationPatience);
    const owned = await claim(api, {
      ownerResource: resource,
      owner,
      resource: podResource,
      candidates: [...podOwners.ownedBy(uidOf(owner)), ...podOwners.orphansIn(namespace)],
      matches: (labels) => matches(owner, labels),
    });
    await options.reconcile(owner, owned, counted);
  }
  const queue = createQueue(context, name, { reconcile, workers: 5, pace: 20 });

  return {
    name,
    queue,
    owners,
    needs: [owners, pods],
    managerOf: (pod) => managerOf(resource, owners, pod),
    async create(owner, pod) {
      const key = keyOf(owner);
      expectations.expectCreations(key, 1);
      try {
        await control.create(owner, pod, isAlreadyExists);
      } catch (error) {
        expectations.observeCreation(key);
        if (!isAlreadyExists(error)) throw error;
      }
    },
    async remove(owner, pod) {
      const key = keyOf(owner);
      expectations.expectDeletions(key, [uidOf(pod)]);
      let deleted = false;
      try {
        deleted = await control.remove(owner, pod);
      } finally {
        // What was not deleted now will not be seen to go.
        if (!deleted) expectations.observeDeletion(key, uidOf(pod));
      }
    },
    async writeStatus(owner, status) {
      try {
        const answer = await api.update(
          resource,
          { ...owner, status },
          { namespace: namespaceOf(owner), subresource: 'status' },
        );
        const older = written.get(keyOf(owner))?.older ?? new Set<string>();
        written.set(keyOf(owner), { older: older.add(versionOf(owner)), owner: answer });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    },
  };
}
