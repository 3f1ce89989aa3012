import { forbidden } from '../errors.js';
import { type JsonObject, objectAt, objectsAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import type { Backend } from '../requests/backend.js';
import { amountOf, printAmount } from './quantity.js';
import { isInScope, usageOf } from './usage.js';

const asked = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/;

/** Compute resources that a quota limits and that containers of the pod say nothing of: they must, or nothing could be counted. */
function unspecified(hard: JsonObject, pod: JsonObject): string[] {
  const containers = [...objectsAt(pod, 'spec', 'initContainers'), ...objectsAt(pod, 'spec', 'containers')];
  return Object.keys(hard)
    .sort()
    .flatMap((name) => {
      const [, part = 'requests', resource = ''] = asked.exec(name) ?? [];
      const silent = containers.filter((container) => objectAt(container, 'resources', part)?.[resource] === undefined);
      if (resource === '' || silent.length === 0) return [];
      return [
        `${name} for: ${silent
          .map((container) => textAt(container, 'name') ?? '')
          .sort()
          .join(',')}`,
      ];
    });
}

/** Refuses an object with which a quota of its namespace would be exceeded. What is there is counted at this moment: nothing slips through between. */
export function admitQuota(backend: Backend, kind: Kind, object: JsonObject): void {
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const quotas = namespace === '' ? [] : backend.store.list('resourcequotas', namespace).objects;
  if (quotas.length === 0) return;
  const name = textAt(object, 'metadata', 'name') ?? '';
  const usage = usageOf(kind.store, object);
  for (const quota of quotas) {
    const hard = objectAt(quota, 'spec', 'hard') ?? {};
    const limited = Object.keys(hard)
      .filter((resource) => usage.has(resource))
      .sort();
    if (!isInScope(quota, kind.store, object)) continue;
    const quotaName = textAt(quota, 'metadata', 'name') ?? '';
    const silent = kind.store === 'pods' ? unspecified(hard, object) : [];
    if (silent.length > 0) throw forbidden(kind, name, `failed quota: ${quotaName}: must specify ${silent.join('; ')}`);
    if (limited.length === 0) continue;
    const used = new Map<string, number>();
    for (const other of backend.store.list(kind.store, namespace).objects) {
      if (!isInScope(quota, kind.store, other)) continue;
      for (const [resource, amount] of usageOf(kind.store, other))
        used.set(resource, (used.get(resource) ?? 0) + amount);
    }
    const exceeded = limited.filter(
      (resource) => (used.get(resource) ?? 0) + (usage.get(resource) ?? 0) > amountOf(hard[resource]) + 1e-9,
    );
    if (exceeded.length === 0) continue;
    const say = (amount: (resource: string) => number): string =>
      exceeded.map((resource) => `${resource}=${printAmount(resource, amount(resource), hard[resource])}`).join(',');
    throw forbidden(
      kind,
      name,
      `exceeded quota: ${quotaName}, requested: ${say((resource) => usage.get(resource) ?? 0)}, used: ${say((resource) => used.get(resource) ?? 0)}, limited: ${say((resource) => amountOf(hard[resource]))}`,
    );
  }
}
