import { ignoreNotFound, waitFor, WaitTimeoutError, type KubeClient } from '@kmd/kube-client';
import { messageOf } from '../thrown.js';
import { AddonError } from './addon.js';
import { readInventory, removeInventory } from './inventory.js';
import { discoverKinds } from './kinds.js';
import { deleteMembers, describeMember, findMembers } from './members.js';
import type { DeployOptions } from './progress.js';

/** How long objects, with the pods of workloads, may take to go, in milliseconds. */
const TIMEOUT = 120_000;

/**
 * Removes what an addon made, and nothing else, and waits until it and its pods are gone. Resolves to false where there is no such addon.
 * Throws `AddonError`, or the signal's reason; another call goes on from there.
 */
export async function removeAddon(api: KubeClient, name: string, options: DeployOptions = {}): Promise<boolean> {
  const { signal, onProgress, timeout = TIMEOUT } = options;
  const inventory = await readInventory(api, name, signal);
  if (inventory === undefined) return false;
  const members = await findMembers(api, discoverKinds(api), inventory, signal);
  const deadline = Date.now() + timeout;
  try {
    await deleteMembers(api, members, name, options);
    for (const member of members) {
      await waitFor(api, member.resource, member.name, (object) => object?.metadata?.uid !== member.uid, {
        namespace: member.namespace,
        signal,
        timeout: Math.max(1, deadline - Date.now()),
      }).catch(ignoreNotFound); // a custom kind may have gone with its definition
      onProgress?.({ addon: name, object: describeMember(member), action: 'removed' });
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const detail = messageOf(cause);
    const late = cause instanceof WaitTimeoutError;
    throw new AddonError(
      'ADDON_NOT_REMOVED',
      name,
      `addon ${name} is not gone: ${detail}${late ? '; something may hold it by a finalizer' : ''}`,
      { cause },
    );
  }
  // Last: while there is an inventory, what is left of the addon is found.
  await removeInventory(api, name, signal);
  return true;
}
