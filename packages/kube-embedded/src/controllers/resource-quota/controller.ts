import { ignoreNotFound, type KubeObject, type Resource } from '@kmd/kube-client';
import { isObject, objectAt, type JsonObject } from '../../json/tree.js';
import { printAmount } from '../../quota/quantity.js';
import { isInScope, usageOf } from '../../quota/usage.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isEquivalent } from '../equality.js';
import { keyOf, namespaceOf, splitKey } from '../ownership.js';
import { resourceQuotas } from '../workloads.js';

const storeOf = ({ group, plural }: Resource): string => (group === '' ? plural : `${plural}.${group}`);
/** Kinds of which more than their number counts. */
const measured = new Set(['pods', 'services', 'persistentvolumeclaims']);

/** An object of a cache as the plain JSON that it is. */
function plainOf(object: KubeObject): JsonObject {
  const value: unknown = object;
  return isObject(value) ? value : {};
}

/** Writes into quotas how much of them is used. Keeping to them is the API server's work. */
export function createResourceQuotaController(context: ControllerContext, kinds: readonly Resource[]): Controller {
  const { api, informers } = context;
  const name = 'resourcequota-controller';
  const quotas = informers.of(resourceQuotas);
  const counted = kinds
    .filter(({ namespaced }) => namespaced)
    .map((resource) => ({ store: storeOf(resource), informer: informers.of(resource) }));
  const wake = (object: KubeObject) => {
    for (const quota of quotas.list()) if (namespaceOf(quota) === namespaceOf(object)) queue.add(keyOf(quota));
  };
  quotas.subscribe({ added: (quota) => queue.add(keyOf(quota)), updated: (quota) => queue.add(keyOf(quota)) });
  for (const { store, informer } of counted) {
    informer.subscribe({ added: wake, deleted: wake, ...(measured.has(store) && { updated: wake }) });
  }

  async function reconcile(key: string): Promise<void> {
    const { namespace, name: quotaName } = splitKey(key);
    const cached = quotas.get(namespace, quotaName);
    if (cached === undefined) return;
    const quota = plainOf(cached);
    const hard = objectAt(quota, 'spec', 'hard') ?? {};
    const sums = new Map<string, number>();
    for (const { store, informer } of counted) {
      for (const object of informer.list()) {
        if (namespaceOf(object) !== namespace) continue;
        const plain = plainOf(object);
        if (!isInScope(quota, store, plain)) continue;
        for (const [resource, amount] of usageOf(store, plain)) sums.set(resource, (sums.get(resource) ?? 0) + amount);
      }
    }
    const used = Object.fromEntries(
      Object.entries(hard).map(([resource, limit]) => [
        resource,
        printAmount(resource, sums.get(resource) ?? 0, limit),
      ]),
    );
    const status = { hard, used };
    if (isEquivalent(cached.status, status)) return;
    await api.update(resourceQuotas, { ...cached, status }, { namespace, subresource: 'status' }).catch(ignoreNotFound);
  }
  const queue = createQueue(context, name, { reconcile, pace: 50 });
  return { name, queue, needs: [quotas, ...counted.map(({ informer }) => informer)] };
}
