import { isConflict, ignoreNotFound, isNotFound, type KubeApi, type KubeObject, type Resource } from '@kmd/kube-client';
import { runAll } from './batch.js';
import { controllerReference, isDeleting, nameOf, namespaceOf, planClaims, uidOf } from './ownership.js';
import type { Labels } from './selector.js';

export interface ClaimOptions<O extends KubeObject, T extends KubeObject> {
  ownerResource: Resource<O>;
  owner: O;
  resource: Resource<T>;
  /** What the owner manages already, and what nobody manages, from a cache. */
  candidates: Iterable<T>;
  matches(labels: Labels | undefined): boolean;
}

/**
 * Takes matching objects that have no controller, lets go of managed ones that match no more, and answers the objects managed now. Each
 * patch names the version that was looked at, so that an object that changed meanwhile is judged anew.
 */
export async function claim<O extends KubeObject, T extends KubeObject>(
  api: KubeApi,
  options: ClaimOptions<O, T>,
): Promise<T[]> {
  const { owner, ownerResource, resource, candidates, matches } = options;
  const { owned, adopt, release } = planClaims(owner, candidates, matches);
  const setOwners = (object: T, ownerReferences: NonNullable<T['metadata']>['ownerReferences']) =>
    api.patch(
      resource,
      nameOf(object),
      { metadata: { resourceVersion: object.metadata?.resourceVersion, ownerReferences: ownerReferences ?? null } },
      { type: 'merge', namespace: namespaceOf(object) },
    );
  const references = (object: T) => object.metadata?.ownerReferences ?? [];

  await runAll(release, (object) =>
    setOwners(
      object,
      references(object).filter(({ uid }) => uid !== uidOf(owner)),
    ).catch(ignoreNotFound),
  );
  if (adopt.length > 0) {
    // The cache may be behind: an owner that is gone or going must not take anything.
    const fresh = await api.get(ownerResource, nameOf(owner), { namespace: namespaceOf(owner) });
    if (uidOf(fresh) === uidOf(owner) && !isDeleting(fresh)) {
      await runAll(adopt, async (object) => {
        try {
          owned.push(await setOwners(object, [...references(object), controllerReference(ownerResource, owner)]));
        } catch (error) {
          // Another controller took it, or it is gone: the events of that change bring this controller back.
          if (!isNotFound(error) && !isConflict(error)) throw error;
        }
      });
    }
  }
  return owned;
}
