import {
  endpoints as endpointsResource,
  endpointSlices as sliceResource,
  ignoreNotFound,
  services as serviceResource,
  type Endpoints,
  type EndpointSlice,
} from '@kmd/kube-client';
import { runAll } from '../batch.js';
import { createQueue, type Controller, type ControllerContext } from '../controller.js';
import { canonicalText, isEquivalent } from '../equality.js';
import { expectationPatience, Expectations } from '../expectations.js';
import { Index } from '../informers.js';
import { controllerReference, isDeleting, keyOf, nameOf, namespaceOf, splitKey, uidOf } from '../ownership.js';
import { familyOf, hasSelector } from './addresses.js';
import { managedByLabel, serviceNameLabel } from './slices.js';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Endpoint = EndpointSlice['endpoints'][number];

const managedBy = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
/** Addresses of one subset that are mirrored at most. */
const capacity = 1000;
const unmirrored = new Set([
  'endpoints.kubernetes.io/last-change-trigger-time',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

const endpointsOf = (subset: Subset): Endpoint[] => {
  const as = (ready: boolean, addresses: Subset['addresses'] = []) =>
    addresses.map(({ ip, hostname, nodeName, targetRef }): Endpoint => ({
      addresses: [ip],
      conditions: { ready },
      ...(hostname !== undefined && { hostname }),
      ...(nodeName !== undefined && { nodeName }),
      ...(targetRef && { targetRef }),
    }));
  return [...as(true, subset.addresses), ...as(false, subset.notReadyAddresses)].slice(0, capacity);
};

/** The slices that show hand-made Endpoints: one for each set of ports and each family of addresses. */
export function planMirror(endpoints: Endpoints): EndpointSlice[] {
  const annotations = Object.entries(endpoints.metadata?.annotations ?? {}).filter(([key]) => !unmirrored.has(key));
  return (endpoints.subsets ?? []).flatMap((subset) => {
    const families = Map.groupBy(endpointsOf(subset), ({ addresses: [ip = ''] }) => familyOf(ip));
    return [...families].map(([addressType, members]): EndpointSlice => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${nameOf(endpoints)}-`,
        namespace: namespaceOf(endpoints),
        labels: {
          ...endpoints.metadata?.labels,
          [serviceNameLabel]: nameOf(endpoints),
          [managedByLabel]: managedBy,
        },
        ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
        ownerReferences: [controllerReference(endpointsResource, endpoints)],
      },
      addressType,
      endpoints: members,
      ports: (subset.ports ?? []).map(({ name = '', ...port }) => ({ name, ...port })),
    }));
  });
}

const shapeOf = ({ addressType, ports }: EndpointSlice): string => `${addressType} ${canonicalText(ports ?? [])}`;

/** Shows the Endpoints of services without selectors, which people write by hand, as EndpointSlices too. */
export function createMirroringController(context: ControllerContext): Controller {
  const { api, informers } = context;
  const name = 'endpointslicemirroring-controller';
  const services = informers.of(serviceResource);
  const endpoints = informers.of(endpointsResource);
  const slices = informers.of(sliceResource);
  const expectations = new Expectations(context.clock);
  const ownKey = ({ metadata }: EndpointSlice): string =>
    metadata?.labels?.[managedByLabel] === managedBy
      ? `${metadata.namespace ?? ''}/${metadata.labels[serviceNameLabel] ?? ''}`
      : '';
  const own = new Index(slices, (slice) => [ownKey(slice)]);

  const add = (object: Parameters<typeof keyOf>[0]) => queue.add(keyOf(object));
  endpoints.subscribe({ added: add, updated: add, deleted: add });
  services.subscribe({ added: add, updated: add, deleted: add });
  slices.subscribe({
    added(slice) {
      const key = ownKey(slice);
      if (key === '') return;
      expectations.observeCreation(key);
      queue.add(key);
    },
    deleted: (slice) => {
      if (ownKey(slice) !== '') queue.add(ownKey(slice));
    },
  });

  /** What is to be mirrored: made by hand, of a service that does not select its pods. */
  function source(namespace: string, of: string): Endpoints | undefined {
    const service = services.get(namespace, of);
    const found = endpoints.get(namespace, of);
    const skipped = found?.metadata?.labels?.[skipLabel] === 'true';
    const elected = found?.metadata?.annotations?.['control-plane.alpha.kubernetes.io/leader'] !== undefined;
    if (!found || !service || hasSelector(service) || skipped || elected || isDeleting(found)) return undefined;
    return found;
  }

  const queue = createQueue(context, name, {
    async reconcile(key) {
      const { namespace, name: of } = splitKey(key);
      if (!expectations.areMet(key)) {
        queue.addAfter(key, expectationPatience);
        return;
      }
      const wanted = source(namespace, of);
      const left = [...own.get(key)].filter((slice) => !isDeleting(slice));
      const create: EndpointSlice[] = [];
      const update: EndpointSlice[] = [];
      for (const slice of wanted ? planMirror(wanted) : []) {
        const at = left.findIndex((other) => shapeOf(other) === shapeOf(slice));
        const [found] = at < 0 ? [] : left.splice(at, 1);
        if (!found) create.push(slice);
        else if (!isEquivalent([found.endpoints, found.metadata?.labels], [slice.endpoints, slice.metadata?.labels])) {
          // As the real one writes it again, without the beginning of its name.
          const metadata = { ...found.metadata, ...labelsOf(slice) };
          delete metadata.generateName;
          update.push({ ...found, endpoints: slice.endpoints, metadata });
        }
      }
      expectations.expectCreations(key, create.length);
      await runAll(create, (slice) =>
        api.create(sliceResource, slice, { namespace }).catch((error: unknown) => {
          expectations.observeCreation(key);
          throw error;
        }),
      );
      await runAll(update, (slice) => api.update(sliceResource, slice, { namespace }));
      await runAll(left, (slice) =>
        api
          .delete(sliceResource, nameOf(slice), { namespace, preconditions: { uid: uidOf(slice) } })
          .catch(ignoreNotFound),
      );
    },
  });
  return { name, queue, needs: [services, endpoints, slices] };
}

const labelsOf = ({ metadata }: EndpointSlice) => (metadata?.labels ? { labels: metadata.labels } : {});
