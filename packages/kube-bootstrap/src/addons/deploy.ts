import { ignoreNotFound, namespaces, waitFor, type KubeClient, type KubeObject, type Resource } from '@kmd/kube-client';
import { messageOf } from '../thrown.js';
import { AddonError, readinessOf, type Addon } from './addon.js';
import { applySetId, FIELD_MANAGER, PARENT_NAMESPACE, PART_OF_LABEL, type Inventory } from './apply-set.js';
import { readInventory, writeInventory } from './inventory.js';
import { discoverKinds, type GroupKind, type Kinds } from './kinds.js';
import { awaitKind, definedKinds } from './custom-kinds.js';
import { deleteMembers, findMembers, type Member } from './members.js';
import { describeObject, groupOf } from './object.js';
import type { DeployOptions } from './progress.js';

const TIMEOUT = 30_000;

/**
 * Applies the addons' objects, one after the other, by server-side apply as field manager `kmd`: what others changed in fields of its own
 * comes back, all else stays, and a second time changes nothing. What an earlier version of the addon had and this one has not is removed. Objects that were
 * there before the addon are changed, and stay when it goes. Throws `AddonError` naming the object, or the signal's reason.
 */
export async function deployAddons(
  api: KubeClient,
  addons: readonly Addon[],
  options: DeployOptions = {},
): Promise<void> {
  const kinds = discoverKinds(api);
  const known = new Set<string>();
  for (const addon of addons) await deployAddon(api, kinds, known, addon, options);
}

/** An object to apply, and where. */
interface Target {
  object: KubeObject;
  resource: Resource;
  name: string;
  /** Absent for kinds outside namespaces. */
  namespace?: string;
  /** For messages. */
  label: string;
}

async function deployAddon(
  api: KubeClient,
  kinds: Kinds,
  known: Set<string>,
  addon: Addon,
  options: DeployOptions,
): Promise<void> {
  const { signal, onProgress, timeout = TIMEOUT } = options;
  signal?.throwIfAborted();
  const refuse = (what: string, cause: unknown): never => {
    signal?.throwIfAborted();
    if (cause instanceof AddonError) throw cause;
    const detail = messageOf(cause);
    throw new AddonError('ADDON_REFUSED', addon.name, `addon ${addon.name}: ${what} was not taken: ${detail}`, {
      cause,
    });
  };
  const enter = async (namespace: string): Promise<void> => {
    if (!known.has(namespace)) await awaitNamespace(api, namespace, timeout, signal);
    known.add(namespace);
  };
  const defined = definedKinds(addon.objects);
  const targets = await Promise.all(addon.objects.map((object) => aim(kinds, defined, addon.name, object, signal)));
  const inventory = takeStock(addon, targets);
  const [before, owned] = await Promise.all([
    enter(PARENT_NAMESPACE).then(() => readInventory(api, addon.name, signal)),
    Promise.all(targets.map((target) => isOwned(api, addon.name, target, signal))),
  ]).catch((cause: unknown) => refuse('its inventory', cause));
  // Before anything is applied: what is begun and fails can be removed.
  await writeInventory(api, before === undefined ? inventory : join(before, inventory), signal).catch(
    (cause: unknown) => refuse('its inventory', cause),
  );
  for (const [index, target] of targets.entries()) {
    const { object, resource, name, namespace, label } = target;
    signal?.throwIfAborted();
    try {
      if (namespace !== undefined) await enter(namespace);
      if (defined.includes(resource)) await awaitKind(api, kinds, resource, { timeout, signal });
      await api.patch(resource, name, owned[index] === true ? withSet(object, addon.name) : object, {
        namespace,
        type: 'apply',
        fieldManager: FIELD_MANAGER,
        force: true,
        signal,
      });
    } catch (cause) {
      refuse(label, cause);
    }
    if (resource === namespaces) known.add(name);
    onProgress?.({ addon: addon.name, object: label, action: 'applied' });
  }
  if (before === undefined) return;
  const gone = (await findMembers(api, kinds, before, signal)).filter((member) => !targets.some(isSame(member)));
  await deleteMembers(api, gone, addon.name, options);
  await writeInventory(api, inventory, signal);
}

const isSame =
  (member: Member) =>
  ({ resource, name, namespace }: Target): boolean =>
    resource.group === member.resource.group &&
    resource.kind === member.resource.kind &&
    name === member.name &&
    namespace === member.namespace;

async function aim(
  kinds: Kinds,
  defined: readonly Resource[],
  addon: string,
  object: KubeObject,
  signal: AbortSignal | undefined,
): Promise<Target> {
  const { apiVersion = '', kind = '', metadata = {} } = object;
  const { name } = metadata;
  const label = describeObject(object);
  const resource =
    defined.find((one) => one.kind === kind && `${one.group}/${one.version}` === apiVersion) ??
    (await kinds.find(apiVersion, kind, signal));
  if (resource === undefined || name === undefined)
    throw new AddonError(
      'ADDON_UNKNOWN_KIND',
      addon,
      `addon ${addon}: ${label} (${apiVersion || 'no apiVersion'}) cannot be applied: ${name === undefined ? 'it has no name' : 'this cluster does not have its kind'}`,
    );
  return { object, resource, name, label, ...(resource.namespaced && { namespace: metadata.namespace ?? 'default' }) };
}

function takeStock(addon: Addon, targets: readonly Target[]): Inventory {
  return {
    addon: addon.name,
    kinds: targets.map(({ object, resource }): GroupKind => ({ group: groupOf(object), kind: resource.kind })),
    namespaces: targets.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])),
    ready: readinessOf(addon),
    source: addon.source,
  };
}

/** All that the one or the other may have. */
const join = (before: Inventory, now: Inventory): Inventory => ({
  ...now,
  kinds: [...before.kinds, ...now.kinds],
  namespaces: [...before.namespaces, ...now.namespaces],
});

const withSet = (object: KubeObject, addon: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata?.labels, [PART_OF_LABEL]: applySetId(addon) } },
});

/** Whether an object is the addon's: made by it, or about to be. Throws where it belongs to another set. */
async function isOwned(
  api: KubeClient,
  addon: string,
  { resource, name, namespace, label }: Target,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const there = await api.get(resource, name, { namespace, signal }).catch(ignoreNotFound);
  if (there === undefined) return true;
  const set = there.metadata?.labels?.[PART_OF_LABEL];
  if (set !== undefined && set !== applySetId(addon))
    throw new AddonError(
      'ADDON_REFUSED',
      addon,
      `addon ${addon}: ${label} belongs to another addon (${set}): disable that one first, or name the object otherwise`,
    );
  return set !== undefined;
}

/** `kube-system` is made by the API server, a moment after it begins to answer. */
async function awaitNamespace(
  api: KubeClient,
  name: string,
  timeout: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const there = await api.get(namespaces, name, { signal }).catch(ignoreNotFound);
  if (there === undefined) await waitFor(api, namespaces, name, (object) => object !== undefined, { signal, timeout });
}
