import {
  ignoreNotFound,
  isNotFound,
  listAll,
  namespaces as namespaceResource,
  type Namespace,
  type Resource,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isDeleting, nameOf, namespaceOf, uidOf } from '../ownership.js';
import { planConditions, type Remains } from './conditions.js';

const finalizer = 'kubernetes';
/** When nothing tells of a change, what remains is looked at again after so many milliseconds. */
const patience = 15_000;

/** Empties namespaces that are being deleted, then lets them go. */
export function createNamespaceController(
  context: ControllerContext,
  kinds: readonly Resource[],
  watched: readonly Resource[],
  custom: () => readonly Resource[] = () => [],
): Controller {
  const { api, informers, clock } = context;
  const namespaces = informers.of(namespaceResource);
  const contents = kinds.filter(({ namespaced }) => namespaced);

  const add = (namespace: Namespace) => {
    if (isDeleting(namespace)) queue.add(nameOf(namespace));
  };
  namespaces.subscribe({ added: add, updated: add });
  // Pods take their time to end, others wait for finalizers: each that goes may have been the last.
  for (const resource of watched.filter(({ namespaced }) => namespaced)) {
    informers.of(resource).subscribe({
      deleted(object) {
        const namespace = namespaces.get(undefined, namespaceOf(object));
        if (namespace !== undefined) add(namespace);
      },
    });
  }

  /** Asks for the deletion of everything of one kind; answers what is left afterwards. */
  async function empty(resource: Resource, namespace: string): Promise<Remains> {
    const { items } = await listAll(api, resource, { namespace });
    await runAll(
      items.filter((object) => !isDeleting(object)),
      (object) =>
        api
          .delete(resource, nameOf(object), {
            namespace,
            propagationPolicy: 'Background',
            preconditions: { uid: uidOf(object) },
          })
          .catch(ignoreNotFound),
    );
    if (items.length === 0) return { resource, count: 0, finalizers: [] };
    const left = (await listAll(api, resource, { namespace })).items;
    return { resource, count: left.length, finalizers: left.flatMap(({ metadata }) => metadata?.finalizers ?? []) };
  }

  async function reconcile(name: string): Promise<void> {
    const cached = namespaces.get(undefined, name);
    if (cached === undefined || !isDeleting(cached)) return;
    if (!(cached.spec?.finalizers ?? []).includes(finalizer)) return;
    const results = await Promise.allSettled(
      [...contents, ...custom().filter(({ namespaced }) => namespaced)].map((resource) => empty(resource, name)),
    );
    const failures = results.filter((result) => result.status === 'rejected').map(({ reason }): unknown => reason);
    const remains = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
    const clean = failures.length === 0 && remains.every(({ count }) => count === 0);
    try {
      const namespace = await writeConditions(cached, remains, failures);
      if (clean) {
        const finalizers = (namespace.spec?.finalizers ?? []).filter((other) => other !== finalizer);
        await api.update(
          namespaceResource,
          { ...namespace, spec: { ...namespace.spec, finalizers } },
          { subresource: 'finalize' },
        );
        return;
      }
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    if (failures.length > 0) throw failures[0];
    queue.addAfter(name, patience);
  }

  async function writeConditions(namespace: Namespace, remains: Remains[], failures: unknown[]): Promise<Namespace> {
    const conditions = planConditions(namespace.status?.conditions ?? [], remains, failures, clock.now());
    if (conditions === undefined) return namespace;
    return api.update(
      namespaceResource,
      { ...namespace, status: { ...namespace.status, conditions } },
      { subresource: 'status' },
    );
  }

  const controllerName = 'namespace-controller';
  const queue = createQueue(context, controllerName, { reconcile });
  return { name: controllerName, queue, needs: [namespaces] };
}
