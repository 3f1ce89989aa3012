import { KubeError } from '@kmd/kube-client';
import { badRequest, notFound } from '../errors.js';
import { type JsonObject, clone, ensureObject, isObject, numberAt, objectAt, objectsAt, textAt } from '../json/tree.js';
import { selects } from '../kinds/validation/workload.js';
import { type Backend, type WriteRequest, keyOf, stamp } from '../requests/backend.js';
import { type DeleteRequest, deleteObject, readDeleteOptions } from '../requests/delete.js';
import { type Target, named } from '../requests/target.js';
import { success } from './binding.js';

const budgets = 'poddisruptionbudgets.policy';
/** Evictions that a budget remembers at most until its controller saw them. */
const remembered = 2000;

const refuse = (message: string, causes?: readonly object[]): KubeError =>
  new KubeError(
    429,
    'TooManyRequests',
    message,
    causes === undefined ? {} : { details: { causes, retryAfterSeconds: 10 } },
  );

const isReady = (pod: JsonObject): boolean =>
  objectsAt(pod, 'status', 'conditions').some(({ type, status }) => type === 'Ready' && status === 'True');

/** Deletes a pod by way of its `eviction`, where its disruption budget allows it (429 where not). */
export function evictPod(backend: Backend, target: Target, received: unknown, request: WriteRequest): JsonObject {
  const options: DeleteRequest = readDeleteOptions(objectAt(isObject(received) ? received : {}, 'deleteOptions'));
  const dryRun = request.dryRun === true || options.dryRun === true;
  const { kind, namespace, name } = named(target);
  const given = textAt(isObject(received) ? received : {}, 'metadata', 'name') ?? '';
  if (given !== '' && given !== name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = backend.store.get(kind.store, keyOf(namespace, name));
  if (!pod) throw notFound(kind, name);
  const phase = textAt(pod, 'status', 'phase') ?? '';
  // What does not run, or is going already, disrupts nobody.
  const harmless =
    ['Pending', 'Succeeded', 'Failed'].includes(phase) || textAt(pod, 'metadata', 'deletionTimestamp') !== undefined;
  if (!harmless) askBudget(backend, namespace, name, pod, dryRun);
  deleteObject(backend, target, { ...options, dryRun });
  return success;
}

function askBudget(backend: Backend, namespace: string, name: string, pod: JsonObject, dryRun: boolean): void {
  const labels = objectAt(pod, 'metadata', 'labels') ?? {};
  const found = backend.store
    .list(budgets, namespace)
    .objects.filter(
      (budget) => objectAt(budget, 'spec', 'selector') && selects(objectAt(budget, 'spec', 'selector'), labels),
    );
  const [budget] = found;
  if (found.length > 1) {
    throw new KubeError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  }
  if (!budget) return;
  const budgetName = textAt(budget, 'metadata', 'name') ?? '';
  const healthy = numberAt(budget, 'status', 'currentHealthy') ?? 0;
  const desired = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
  const policy = textAt(budget, 'spec', 'unhealthyPodEvictionPolicy');
  if (!isReady(pod) && (policy === 'AlwaysAllow' || (healthy >= desired && desired > 0))) return;
  if ((numberAt(budget, 'status', 'observedGeneration') ?? 0) < (numberAt(budget, 'metadata', 'generation') ?? 0)) {
    throw refuse("Cannot evict pod as it would violate the pod's disruption budget.", [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${budgetName} is still being processed by the server.`,
      },
    ]);
  }
  const allowed = numberAt(budget, 'status', 'disruptionsAllowed') ?? 0;
  if (allowed <= 0) {
    throw refuse("Cannot evict pod as it would violate the pod's disruption budget.", [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${budgetName} needs ${desired} healthy pods and has ${healthy} currently`,
      },
    ]);
  }
  const next = clone(budget);
  const status = ensureObject(next, 'status');
  const disrupted = ensureObject(status, 'disruptedPods');
  if (Object.keys(disrupted).length >= remembered) {
    throw refuse('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  status['disruptionsAllowed'] = allowed - 1;
  disrupted[name] = stamp(backend.now());
  if (!dryRun) backend.store.put(budgets, keyOf(namespace, budgetName), next);
}
