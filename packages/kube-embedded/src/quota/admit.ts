import { forbidden } from '../errors.js';
import { type JsonObject, clone, ensureObject, equal, numberAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import type { Kind } from '../kinds/kind.js';
import { findKind } from '../kinds/table.js';
import { recordUpdate } from '../patch/managers.js';
import { type Backend, keyOf } from '../requests/backend.js';
import { amountOf, printAmount } from './quantity.js';
import { type Usage, isInScope, usageOf } from './usage.js';

const nothing: Usage = new Map();
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

/** What a quota will have used of some resources once an object is written. */
export interface Charge {
  readonly quota: JsonObject;
  readonly used: ReadonlyMap<string, number>;
}

const isTerminating = (pod: JsonObject): boolean => numberAt(pod, 'spec', 'activeDeadlineSeconds') !== undefined;

/** Whether quotas are held against a change: of what may take more than before, or come into another scope. */
function isMeasured(kind: Kind, subresource: string, next: JsonObject, old: JsonObject): boolean {
  if (kind.store === 'services' || kind.store === 'persistentvolumeclaims') return subresource === '';
  if (kind.store !== 'pods') return false;
  return subresource === 'resize' || (subresource === '' && isTerminating(next) !== isTerminating(old));
}

/** What all objects of a kind take of a quota now. */
function countUsed(backend: Backend, quota: JsonObject, store: string, namespace: string): Map<string, number> {
  const used = new Map<string, number>();
  for (const object of backend.store.list(store, namespace).objects) {
    if (!isInScope(quota, store, object)) continue;
    for (const [resource, amount] of usageOf(store, object)) used.set(resource, (used.get(resource) ?? 0) + amount);
  }
  return used;
}

/**
 * Refuses an object, or a change of one, with which a quota of its namespace would be exceeded. What is there is counted at this moment: nothing slips
 * through between. Returns what is to be charged when the object is written.
 */
export function admitQuota(
  backend: Backend,
  kind: Kind,
  object: JsonObject,
  change?: { readonly old: JsonObject; readonly subresource: string },
): Charge[] {
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  if (change && !isMeasured(kind, change.subresource, object, change.old)) return [];
  const quotas = namespace === '' ? [] : backend.store.list('resourcequotas', namespace).objects;
  if (quotas.length === 0) return [];
  const name = textAt(object, 'metadata', 'name') ?? '';
  const usage = usageOf(kind.store, object);
  const charges: Charge[] = [];
  for (const quota of quotas) {
    if (!isInScope(quota, kind.store, object)) continue;
    const hard = objectAt(quota, 'spec', 'hard') ?? {};
    const quotaName = textAt(quota, 'metadata', 'name') ?? '';
    const silent = kind.store === 'pods' ? unspecified(hard, object) : [];
    if (silent.length > 0) throw forbidden(kind, name, `failed quota: ${quotaName}: must specify ${silent.join('; ')}`);
    const before = change && isInScope(quota, kind.store, change.old) ? usageOf(kind.store, change.old) : nothing;
    const more = new Map(
      [...usage].map(([resource, amount]) => [resource, amount - (before.get(resource) ?? 0)] as const),
    );
    const limited = Object.keys(hard)
      .filter((resource) => (more.get(resource) ?? 0) > 0)
      .sort();
    if (limited.length === 0) continue;
    const used = countUsed(backend, quota, kind.store, namespace);
    const total = (resource: string): number => (used.get(resource) ?? 0) + (more.get(resource) ?? 0);
    const exceeded = limited.filter((resource) => total(resource) > amountOf(hard[resource]) + 1e-9);
    if (exceeded.length === 0) {
      charges.push({ quota, used: new Map(limited.map((resource) => [resource, total(resource)])) });
      continue;
    }
    const say = (amount: (resource: string) => number): string =>
      exceeded.map((resource) => `${resource}=${printAmount(resource, amount(resource), hard[resource])}`).join(',');
    throw forbidden(
      kind,
      name,
      `exceeded quota: ${quotaName}, requested: ${say((resource) => more.get(resource) ?? 0)}, used: ${say((resource) => used.get(resource) ?? 0)}, limited: ${say((resource) => amountOf(hard[resource]))}`,
    );
  }
  return charges;
}

/** Writes charges into the status of their quotas, in the turn that writes the object. Quotas that have no status yet get it from their controller. */
export function chargeQuotas(backend: Backend, charges: readonly Charge[]): void {
  const kind = findKind('', 'v1', 'resourcequotas');
  for (const { quota, used } of charges) {
    const hard = objectAt(quota, 'status', 'hard');
    if (!kind || !hard) continue;
    const counted = [...used].filter(([resource]) => hard[resource] !== undefined);
    const next = clone(quota);
    const status = ensureObject(next, 'status');
    for (const [resource, amount] of counted) {
      ensureObject(status, 'used')[resource] = printAmount(resource, amount, hard[resource]);
    }
    if (equal(next, quota)) continue;
    recordUpdate(backend, kind, quota, next, 'kube-apiserver', 'status');
    const key = keyOf(textAt(quota, 'metadata', 'namespace'), textAt(quota, 'metadata', 'name') ?? '');
    backend.store.put(kind.store, key, next);
  }
}
