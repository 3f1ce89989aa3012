import {
  apiVersionOf,
  ignoreNotFound,
  isNotFound,
  type KubeObject,
  type OwnerReference,
  type Resource,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { nameOf, namespaceOf, uidOf } from '../ownership.js';
import { isForeground, isOrphaning, isReachable, OwnerGraph, ownersOf, type Item } from './graph.js';
import { planCollection, type OwnerState } from './plan.js';

/** Uids of owners known to be gone that are remembered: many dependents of one owner come together. */
const remembered = 1000;

/** Deletes objects whose owners are gone, and carries foreground and orphaning deletions out. */
export function createGarbageCollector(
  context: ControllerContext,
  kinds: readonly Resource[],
): Controller & {
  /** Follows one more kind. */
  follow(resource: Resource): void;
} {
  const { api, informers } = context;
  const graph = new OwnerGraph();
  const resources = new Map(kinds.map((resource) => [`${apiVersionOf(resource)} ${resource.kind}`, resource]));
  const absent = new Set<string>();
  const watched = kinds.map((resource) => ({ resource, informer: informers.of(resource) }));

  const addForegroundOwners = (item: Item) => {
    for (const { uid } of ownersOf(item)) {
      const owner = graph.get(uid);
      if (owner !== undefined && isForeground(owner)) queue.add(uid);
    }
  };
  const consider = (item: Item) => {
    const owners = ownersOf(item).map(({ uid }) => graph.get(uid));
    const doubtful = owners.some((owner) => owner === undefined || isForeground(owner) || !isReachable(owner, item));
    if (doubtful || isForeground(item) || isOrphaning(item)) queue.add(uidOf(item.object));
  };
  const subscribe = ({ resource, informer }: (typeof watched)[number]) => {
    informer.subscribe({
      added(object) {
        const item = { resource, object };
        graph.put(item);
        consider(item);
      },
      updated(object, old) {
        const item = { resource, object };
        graph.put(item);
        consider(item);
        addForegroundOwners({ resource, object: old });
      },
      deleted(object) {
        const uid = uidOf(object);
        graph.remove(uid);
        remember(absent, uid);
        for (const dependent of graph.dependentsOf(uid)) queue.add(uidOf(dependent.object));
        addForegroundOwners({ resource, object });
      },
    });
  };
  watched.forEach(subscribe);

  async function stateOf(reference: OwnerReference, dependent: Item): Promise<OwnerState> {
    const known = graph.get(reference.uid);
    if (known !== undefined && isReachable(known, dependent))
      return isForeground(known) ? 'deletes its dependents' : 'alive';
    const namespace = namespaceOf(dependent.object);
    if (absent.has(reference.uid)) return 'absent';
    const resource = resources.get(`${reference.apiVersion} ${reference.kind}`);
    // Of a kind that is not known here nothing can be told, and a namespaced owner of an object without namespace cannot be looked up.
    if (resource === undefined || (resource.namespaced && namespace === '')) return 'alive';
    try {
      const object = await api.get(resource, reference.name, resource.namespaced ? { namespace } : {});
      if (uidOf(object) === reference.uid)
        return isForeground({ resource, object }) ? 'deletes its dependents' : 'alive';
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    // Not remembered when another namespace has it: for objects there it is not absent.
    if (known === undefined) remember(absent, reference.uid);
    return 'absent';
  }

  const scopeOf = ({ object, resource }: Item) => (resource.namespaced ? { namespace: namespaceOf(object) } : {});
  const patchMetadata = async (
    item: Item,
    change: Pick<NonNullable<KubeObject['metadata']>, 'finalizers' | 'ownerReferences'>,
  ) => {
    const metadata = { ...change, resourceVersion: item.object.metadata?.resourceVersion };
    await api
      .patch(item.resource, nameOf(item.object), { metadata }, { type: 'merge', ...scopeOf(item) })
      .catch(ignoreNotFound);
  };
  const unreference = (item: Item, owners: ReadonlySet<string>) =>
    patchMetadata(item, { ownerReferences: ownersOf(item).filter(({ uid }) => !owners.has(uid)) });
  const release = (item: Item, finalizer: string) =>
    patchMetadata(item, {
      finalizers: (item.object.metadata?.finalizers ?? []).filter((other) => other !== finalizer),
    });

  async function reconcile(uid: string): Promise<void> {
    const item = graph.get(uid);
    if (item === undefined) return;
    const states = await Promise.all(
      ownersOf(item).map(async (reference): Promise<[string, OwnerState]> => [
        reference.uid,
        await stateOf(reference, item),
      ]),
    );
    const dependents = graph.dependentsOf(uid);
    const action = planCollection(item, dependents, new Map(states));
    switch (action.type) {
      case 'nothing':
        return;
      case 'unreference':
        return unreference(item, action.owners);
      case 'delete':
        await api
          .delete(item.resource, nameOf(item.object), {
            ...scopeOf(item),
            propagationPolicy: action.propagationPolicy,
            preconditions: { uid },
          })
          .catch(ignoreNotFound);
        return;
      case 'orphan dependents':
        await runAll(dependents, (dependent) => unreference(dependent, new Set([uid])));
        return release(item, 'orphan');
      case 'await dependents':
        for (const dependent of dependents) queue.add(uidOf(dependent.object));
        return;
      case 'release':
        return release(item, action.finalizer);
    }
  }

  const name = 'garbage-collector-controller';
  const queue = createQueue(context, name, { reconcile, workers: 20 });
  return {
    name,
    queue,
    needs: watched.map(({ informer }) => informer),
    follow(resource) {
      const key = `${apiVersionOf(resource)} ${resource.kind}`;
      if (resources.has(key)) return;
      resources.set(key, resource);
      subscribe({ resource, informer: informers.of(resource) });
    },
  };
}

function remember(uids: Set<string>, uid: string): void {
  uids.add(uid);
  const [oldest] = uids;
  if (uids.size > remembered && oldest !== undefined) uids.delete(oldest);
}
