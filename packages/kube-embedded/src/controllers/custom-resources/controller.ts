import {
  customResourceDefinitions,
  type CustomResourceDefinition,
  ignoreNotFound,
  listAll,
  type Resource,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { isDeleting, nameOf, namespaceOf, uidOf } from '../ownership.js';

const finalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** The resource of a definition, in its stored version if that is served. */
function resourceOf({ spec }: CustomResourceDefinition): Resource | undefined {
  const version =
    spec?.versions.find((each) => each.served && each.storage) ?? spec?.versions.find((each) => each.served);
  if (spec === undefined || version === undefined) return undefined;
  const { group, names, scope } = spec;
  return { group, version: version.name, plural: names.plural, kind: names.kind, namespaced: scope === 'Namespaced' };
}

export interface CustomResources {
  readonly controller: Controller;
  /** The custom kinds of this moment. */
  list(): Resource[];
}

/** Takes note of custom kinds as they come, and empties those whose definition is deleted. */
export function createCustomResourceController(
  context: ControllerContext,
  onKind: (resource: Resource) => void,
): CustomResources {
  const { api, informers } = context;
  const name = 'customresource-controller';
  const known = informers.of(customResourceDefinitions);
  const consider = (crd: CustomResourceDefinition) => {
    const resource = resourceOf(crd);
    if (isDeleting(crd)) queue.add(nameOf(crd));
    else if (resource) onKind(resource);
  };
  known.subscribe({ added: consider, updated: consider });

  const queue = createQueue(context, name, {
    async reconcile(key) {
      const crd = known.get(undefined, key);
      if (crd === undefined || !isDeleting(crd)) return;
      const resource = resourceOf(crd);
      if (resource) {
        const { items } = await listAll(api, resource);
        await runAll(
          items.filter((object) => !isDeleting(object)),
          (object) =>
            api
              .delete(resource, nameOf(object), {
                ...(resource.namespaced && { namespace: namespaceOf(object) }),
                preconditions: { uid: uidOf(object) },
              })
              .catch(ignoreNotFound),
        );
        if ((await listAll(api, resource, { limit: 1 })).items.length > 0) {
          // Some wait for their finalizers.
          queue.addAfter(key, 1000);
          return;
        }
      }
      const finalizers = (crd.metadata?.finalizers ?? []).filter((item) => item !== finalizer);
      const metadata = { resourceVersion: crd.metadata?.resourceVersion, finalizers };
      await api.patch(customResourceDefinitions, key, { metadata }, { type: 'merge' }).catch(ignoreNotFound);
    },
  });
  return {
    controller: { name, queue, needs: [known] },
    list: () => known.list().flatMap((crd) => resourceOf(crd) ?? []),
  };
}
