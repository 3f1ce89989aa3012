import { apiVersionOf, type Informer, type KubeObject, type OwnerReference, type Resource } from '@kmd/kube-client';

export const namespaceOf = (object: KubeObject): string => object.metadata?.namespace ?? '';
export const nameOf = (object: KubeObject): string => object.metadata?.name ?? '';
export const uidOf = (object: KubeObject): string => object.metadata?.uid ?? '';
export const isDeleting = (object: KubeObject): boolean => object.metadata?.deletionTimestamp !== undefined;

/** Work queue key of an object: `namespace/name`, the name alone when it has no namespace. */
export const keyOf = (object: KubeObject): string => {
  const namespace = object.metadata?.namespace;
  return namespace === undefined || namespace === '' ? nameOf(object) : `${namespace}/${nameOf(object)}`;
};

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return slash === -1 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The one owner reference that is marked as the managing controller. */
export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata?.ownerReferences?.find(({ controller }) => controller === true);

/** The one of `owners`, of the kind of `resource`, that manages an object: known, and the same (a new one of that name has another uid). */
export function managerOf<T extends KubeObject>(
  resource: Resource<T>,
  owners: Pick<Informer<T>, 'get'>,
  object: KubeObject,
): T | undefined {
  const reference = controllerOf(object);
  if (reference?.kind !== resource.kind) return undefined;
  const owner = owners.get(namespaceOf(object), reference.name);
  return owner !== undefined && uidOf(owner) === reference.uid ? owner : undefined;
}

/** The reference that makes `owner` the managing controller of an object. */
export const controllerReference = (resource: Resource, owner: KubeObject): OwnerReference => ({
  apiVersion: apiVersionOf(resource),
  kind: resource.kind,
  name: nameOf(owner),
  uid: uidOf(owner),
  controller: true,
  blockOwnerDeletion: true,
});

export interface Claims<T> {
  /** Managed already, and still matching. */
  owned: T[];
  /** Without a controller and matching: to be taken. */
  adopt: T[];
  /** Managed, matching no more: to be let go. */
  release: T[];
}

/**
 * Sorts objects by what a controller with a selector has to do about their ownership. A controller that is being deleted takes and
 * releases nothing, and an object that is being deleted is not taken.
 */
export function planClaims<T extends KubeObject>(
  owner: KubeObject,
  objects: Iterable<T>,
  matches: (labels: Record<string, string> | undefined) => boolean,
): Claims<T> {
  const claims: Claims<T> = { owned: [], adopt: [], release: [] };
  for (const object of objects) {
    const controller = controllerOf(object);
    const matching = matches(object.metadata?.labels);
    if (controller === undefined) {
      if (matching && !isDeleting(owner) && !isDeleting(object)) claims.adopt.push(object);
    } else if (controller.uid === uidOf(owner)) {
      if (matching) claims.owned.push(object);
      else if (!isDeleting(owner)) claims.release.push(object);
    }
  }
  return claims;
}
