import type { KubeObject, OwnerReference, Resource } from '@kmd/kube-client';
import { isDeleting, namespaceOf, uidOf } from '../ownership.js';

/** An object as the garbage collector knows it. */
export interface Item {
  readonly resource: Resource;
  /** With its metadata at least. */
  readonly object: KubeObject;
}

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export const ownersOf = ({ object }: Item): readonly OwnerReference[] => object.metadata?.ownerReferences ?? [];

const isWaitingFor = (finalizer: string, { object }: Item): boolean =>
  isDeleting(object) && (object.metadata?.finalizers?.includes(finalizer) ?? false);

/** Being deleted, and to go only after what it owns. */
export const isForeground = (item: Item): boolean => isWaitingFor(foregroundFinalizer, item);
/** Being deleted, and to leave what it owns behind. */
export const isOrphaning = (item: Item): boolean => isWaitingFor(orphanFinalizer, item);

/** Whether the reference can point at this item: an owner lives in the dependent's namespace, or in none. */
export const isReachable = (owner: Item, dependent: Item): boolean =>
  !owner.resource.namespaced || namespaceOf(owner.object) === namespaceOf(dependent.object);

/** Who owns whom, by uid. */
export class OwnerGraph {
  readonly #items = new Map<string, Item>();
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Item | undefined {
    return this.#items.get(uid);
  }

  /** Known objects that name this uid as an owner. */
  dependentsOf(uid: string): Item[] {
    return Array.from(this.#dependents.get(uid) ?? [], (dependent) => this.#items.get(dependent)).filter(
      (item) => item !== undefined,
    );
  }

  put(item: Item): void {
    const uid = uidOf(item.object);
    this.#unlink(uid);
    this.#items.set(uid, item);
    for (const owner of ownersOf(item)) {
      let dependents = this.#dependents.get(owner.uid);
      if (dependents === undefined) this.#dependents.set(owner.uid, (dependents = new Set<string>()));
      dependents.add(uid);
    }
  }

  remove(uid: string): void {
    this.#unlink(uid);
    this.#items.delete(uid);
  }

  #unlink(uid: string): void {
    const item = this.#items.get(uid);
    if (item === undefined) return;
    for (const owner of ownersOf(item)) {
      const dependents = this.#dependents.get(owner.uid);
      dependents?.delete(uid);
      if (dependents?.size === 0) this.#dependents.delete(owner.uid);
    }
  }
}
