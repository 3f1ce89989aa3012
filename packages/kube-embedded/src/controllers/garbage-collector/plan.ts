import type { OwnerReference } from '@kmd/kube-client';
import { foregroundFinalizer, isForeground, isOrphaning, orphanFinalizer, ownersOf, type Item } from './graph.js';
import { isDeleting, uidOf } from '../ownership.js';

/** What is known of an owner that a reference names. */
export type OwnerState = 'alive' | 'deletes its dependents' | 'absent';

export type CollectAction =
  | { type: 'nothing' }
  /** Take the references to these owners away. */
  | { type: 'unreference'; owners: ReadonlySet<string> }
  | { type: 'delete'; propagationPolicy: 'Orphan' | 'Background' | 'Foreground' }
  /** Free its dependents, then let it go. */
  | { type: 'orphan dependents' }
  /** Collect its dependents; it goes when the last blocking one is gone. */
  | { type: 'await dependents' }
  | { type: 'release'; finalizer: string };

/** What the garbage collector does about one object. */
export function planCollection(
  item: Item,
  dependents: readonly Item[],
  owners: ReadonlyMap<string, OwnerState>,
): CollectAction {
  if (isOrphaning(item)) {
    return dependents.length > 0 ? { type: 'orphan dependents' } : { type: 'release', finalizer: orphanFinalizer };
  }
  if (isForeground(item)) {
    const blocking = dependents.some((dependent) => isBlocking(dependent, uidOf(item.object)));
    return blocking ? { type: 'await dependents' } : { type: 'release', finalizer: foregroundFinalizer };
  }
  if (isDeleting(item.object)) return { type: 'nothing' };
  const references = ownersOf(item);
  if (references.length === 0) return { type: 'nothing' };

  const withState = (state: OwnerState) => references.filter(({ uid }) => owners.get(uid) === state);
  const gone = [...withState('absent'), ...withState('deletes its dependents')];
  // One owner that stays keeps the object; the others' references are of no more use.
  if (gone.length < references.length) {
    return gone.length === 0
      ? { type: 'nothing' }
      : { type: 'unreference', owners: new Set(gone.map(({ uid }) => uid)) };
  }
  if (withState('deletes its dependents').length > 0 && dependents.length > 0) {
    return { type: 'delete', propagationPolicy: 'Foreground' };
  }
  const finalizers = item.object.metadata?.finalizers ?? [];
  if (finalizers.includes(orphanFinalizer)) return { type: 'delete', propagationPolicy: 'Orphan' };
  if (finalizers.includes(foregroundFinalizer)) return { type: 'delete', propagationPolicy: 'Foreground' };
  return { type: 'delete', propagationPolicy: 'Background' };
}

const isBlocking = (dependent: Item, owner: string): boolean =>
  ownersOf(dependent).some(
    ({ uid, blockOwnerDeletion }: OwnerReference) => uid === owner && blockOwnerDeletion === true,
  );
