import { isNotFound, waitFor, WaitTimeoutError, type KubeClient } from '@kmd/kube-client';
import { AddonError } from './addon.js';
import type { DeployOptions } from './deploy.js';
import { readInventory, removeInventory } from './inventory.js';
import { discoverKinds } from './kinds.js';
import { findMembers, removeMembers } from './members.js';

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
    await removeMembers(api, members, {
      signal,
      onRemoved: (object) => onProgress?.({ addon: name, object, action: 'removed' }),
    });
    for (const { resource, name, namespace, uid } of members)
      await waitFor(api, resource, name, (object) => object === undefined || object.metadata?.uid !== uid, {
        namespace,
        signal,
        timeout: Math.max(1, deadline - Date.now()),
      }).catch((error: unknown) => {
        // Of a custom kind that went with its definition.
        if (!isNotFound(error)) throw error;
      });
  } catch (cause) {
    signal?.throwIfAborted();
    const detail = cause instanceof Error ? cause.message : String(cause);
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
