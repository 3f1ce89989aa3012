import type { Informer, KubeObject, Pod, Resource } from '@kmd/kube-client';
import type { Expectations } from './expectations.js';
import { controllerOf, isDeleting, keyOf, managerOf, namespaceOf, uidOf } from './ownership.js';
import type { Labels } from './selector.js';

export interface OwnedChangesOptions<T extends KubeObject> {
  resource: Resource<T>;
  owners: Informer<T>;
  pods: Informer<Pod>;
  /** Told of the pods that come and go. */
  expectations: Expectations;
  matches(owner: T, labels: Labels | undefined): boolean;
  /** An owner has come, changed or gone, or a pod of it, or one without a controller that it may adopt. */
  wake(key: string): void;
}

/** Brings the owners of pods back by each change of them and of their pods. */
export function followOwned<T extends KubeObject>(options: OwnedChangesOptions<T>): void {
  const { resource, owners, pods, expectations, matches, wake } = options;
  const ownerOf = (pod: Pod) => managerOf(resource, owners, pod);
  const wakeOwner = (owner: T) => wake(keyOf(owner));
  const wakeAll = (pod: Pod) => {
    const owner = ownerOf(pod);
    if (owner !== undefined) wakeOwner(owner);
    else if (controllerOf(pod) === undefined) {
      for (const other of owners.list()) {
        if (namespaceOf(other) === namespaceOf(pod) && matches(other, pod.metadata?.labels)) wakeOwner(other);
      }
    }
  };
  const observeDeletion = (pod: Pod) => {
    const owner = ownerOf(pod);
    if (owner !== undefined) expectations.observeDeletion(keyOf(owner), uidOf(pod));
  };
  owners.subscribe({ added: wakeOwner, updated: wakeOwner, deleted: wakeOwner });
  pods.subscribe({
    added(pod) {
      const owner = ownerOf(pod);
      if (isDeleting(pod)) observeDeletion(pod);
      else if (owner !== undefined) expectations.observeCreation(keyOf(owner));
      wakeAll(pod);
    },
    updated(pod, old) {
      if (isDeleting(pod)) observeDeletion(pod);
      const before = ownerOf(old);
      if (before !== undefined && before !== ownerOf(pod)) wakeOwner(before);
      wakeAll(pod);
    },
    deleted(pod) {
      observeDeletion(pod);
      wakeAll(pod);
    },
  });
}
