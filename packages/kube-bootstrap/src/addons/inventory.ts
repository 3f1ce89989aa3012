import { configMaps, ignoreNotFound, listAll, type KubeApi } from '@kmd/kube-client';
import {
  FIELD_MANAGER,
  ID_LABEL,
  PARENT_NAMESPACE,
  parentName,
  parseParent,
  printParent,
  type Inventory,
} from './apply-set.js';

/** What an addon has in the cluster; undefined where it is not in it. */
export async function readInventory(api: KubeApi, addon: string, signal?: AbortSignal): Promise<Inventory | undefined> {
  const at = { namespace: PARENT_NAMESPACE, signal };
  const parent = await api.get(configMaps, parentName(addon), at).catch(ignoreNotFound);
  return parent && parseParent(parent);
}

/** The inventories of all addons in the cluster, by name. */
export async function listInventories(api: KubeApi, signal?: AbortSignal): Promise<Inventory[]> {
  const { items } = await listAll(api, configMaps, { namespace: PARENT_NAMESPACE, labelSelector: ID_LABEL, signal });
  return items.flatMap((parent) => parseParent(parent) ?? []).sort((a, b) => (a.addon < b.addon ? -1 : 1));
}

export async function writeInventory(api: KubeApi, inventory: Inventory, signal?: AbortSignal): Promise<void> {
  await api.patch(configMaps, parentName(inventory.addon), printParent(inventory), {
    namespace: PARENT_NAMESPACE,
    type: 'apply',
    fieldManager: FIELD_MANAGER,
    force: true,
    signal,
  });
}

export async function removeInventory(api: KubeApi, addon: string, signal?: AbortSignal): Promise<void> {
  await api.delete(configMaps, parentName(addon), { namespace: PARENT_NAMESPACE, signal }).catch(ignoreNotFound);
}
