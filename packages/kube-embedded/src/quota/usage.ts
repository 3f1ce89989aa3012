import { type JsonObject, listAt, numberAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import { amountOf } from './quantity.js';

/** Amounts by the names that quotas have for them: `pods`, `requests.cpu`, `count/deployments.apps`. */
export type Usage = ReadonlyMap<string, number>;

const computed = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Kinds that quotas name without `count/`. */
const plain = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

const hasEnded = (pod: JsonObject): boolean => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');

/** What all containers of a pod ask for together: the sum of those that run, or the most that one of the first needs. */
export function podTotals(pod: JsonObject, part: 'requests' | 'limits'): Map<string, number> {
  const totals = new Map<string, number>();
  for (const container of objectsAt(pod, 'spec', 'containers')) {
    for (const [name, value] of Object.entries(objectAt(container, 'resources', part) ?? {})) {
      totals.set(name, (totals.get(name) ?? 0) + amountOf(value));
    }
  }
  for (const container of objectsAt(pod, 'spec', 'initContainers')) {
    for (const [name, value] of Object.entries(objectAt(container, 'resources', part) ?? {})) {
      totals.set(name, Math.max(totals.get(name) ?? 0, amountOf(value)));
    }
  }
  return totals;
}

/**
 * What an object takes of a quota.
 *
 * @param kind plural and group: `pods`, `deployments.apps`
 */
export function usageOf(kind: string, object: JsonObject): Usage {
  const usage = new Map([[`count/${kind}`, 1]]);
  if (plain.has(kind)) usage.set(kind, 1);
  if (kind === 'services') {
    const type = textAt(object, 'spec', 'type');
    if (type === 'NodePort' || type === 'LoadBalancer') {
      usage.set('services.nodeports', objectsAt(object, 'spec', 'ports').length);
    }
    if (type === 'LoadBalancer') usage.set('services.loadbalancers', 1);
  }
  if (kind === 'persistentvolumeclaims') {
    const storage = amountOf(objectAt(object, 'spec', 'resources', 'requests')?.['storage']);
    usage.set('requests.storage', storage);
    const storageClass = textAt(object, 'spec', 'storageClassName') ?? '';
    if (storageClass !== '') {
      usage.set(`${storageClass}.storageclass.storage.k8s.io/requests.storage`, storage);
      usage.set(`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`, 1);
    }
  }
  if (kind !== 'pods' || hasEnded(object)) return usage;
  usage.set('pods', 1);
  for (const [name, amount] of podTotals(object, 'requests')) {
    if (computed.has(name)) usage.set(name, amount);
    usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of podTotals(object, 'limits')) usage.set(`limits.${name}`, amount);
  return usage;
}

/** Whether a quota is for this object: one with scopes is for pods of these scopes alone. */
export function isInScope(quota: JsonObject, kind: string, object: JsonObject): boolean {
  const scopes = listAt(quota, 'spec', 'scopes').map((name) => ({ scopeName: name, operator: 'Exists' }));
  const all: readonly JsonObject[] = [...scopes, ...objectsAt(quota, 'spec', 'scopeSelector', 'matchExpressions')];
  if (all.length === 0) return true;
  if (kind !== 'pods') return false;
  const bestEffort = podTotals(object, 'requests').size + podTotals(object, 'limits').size === 0;
  const terminating = numberAt(object, 'spec', 'activeDeadlineSeconds') !== undefined;
  return all.every((scope) => {
    switch (textAt(scope, 'scopeName')) {
      case 'BestEffort':
        return bestEffort;
      case 'NotBestEffort':
        return !bestEffort;
      case 'Terminating':
        return terminating;
      case 'NotTerminating':
        return !terminating;
      case 'PriorityClass': {
        const name = textAt(object, 'spec', 'priorityClassName') ?? '';
        const values = listAt(scope, 'values');
        const operator = textAt(scope, 'operator');
        if (operator === 'Exists') return name !== '';
        if (operator === 'DoesNotExist') return name === '';
        return operator === 'In' ? values.includes(name) : !values.includes(name);
      }
      default:
        return false;
    }
  });
}
