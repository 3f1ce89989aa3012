import { ignoreNotFound, listAll, type KubeApi, type Resource } from '@kmd/kube-client';
import { applySetId, PART_OF_LABEL, type Inventory } from './apply-set.js';
import type { Kinds } from './kinds.js';
import { describeObject, rankOf } from './object.js';
import type { DeployOptions } from './progress.js';

/** An object that an addon made. */
export interface Member {
  resource: Resource;
  name: string;
  namespace?: string | undefined;
  uid?: string | undefined;
}

/** All that carries the label of an addon's set, in the order in which it is removed. Kinds that the server no longer has have no members. */
export async function findMembers(
  api: KubeApi,
  kinds: Kinds,
  { addon, kinds: groupKinds }: Inventory,
  signal?: AbortSignal,
): Promise<Member[]> {
  const labelSelector = `${PART_OF_LABEL}=${applySetId(addon)}`;
  const distinct = new Map(groupKinds.map((one) => [`${one.kind}.${one.group}`, one]));
  const found = await Promise.all(
    [...distinct.values()].map(async (one): Promise<Member[]> => {
      const resource = await kinds.findPreferred(one, signal);
      if (resource === undefined) return [];
      const { items } = await listAll(api, resource, { labelSelector, signal });
      return items.map(({ metadata: { name = '', namespace, uid } = {} }) => ({ resource, name, namespace, uid }));
    }),
  );
  return found.flat().sort((a, b) => rankOf(b.resource) - rankOf(a.resource));
}

/** Deletes objects one after the other, each to end when what it keeps has: a deployment after its pods. Does not wait for that. */
export async function deleteMembers(
  api: KubeApi,
  members: readonly Member[],
  addon: string,
  { signal, onProgress }: Pick<DeployOptions, 'signal' | 'onProgress'>,
): Promise<void> {
  for (const member of members) {
    const { resource, name, namespace, uid } = member;
    signal?.throwIfAborted();
    const preconditions = uid === undefined ? undefined : { uid };
    await api
      .delete(resource, name, { namespace, signal, preconditions, propagationPolicy: 'Foreground' })
      .catch(ignoreNotFound);
    onProgress?.({ addon, object: describeMember(member), action: 'removing' });
  }
}

export const describeMember = ({ resource, name, namespace }: Member): string =>
  describeObject({ kind: resource.kind, metadata: { name, ...(namespace !== undefined && { namespace }) } });
