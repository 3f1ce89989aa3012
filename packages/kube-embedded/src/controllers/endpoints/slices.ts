import { services as serviceResource, type EndpointSlice, type Service } from '@kmd/kube-client';
import { canonicalText, isEquivalent } from '../equality.js';
import { controllerReference, isDeleting, nameOf, namespaceOf } from '../ownership.js';
import { familyOf, groupByPorts, isHeadless, referenceTo, type Backend } from './addresses.js';

type Endpoint = EndpointSlice['endpoints'][number];

/** Endpoints that one slice holds at most. */
const capacity = 100;
export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const managedBy = 'endpointslice-controller.k8s.io';
const headlessLabel = 'service.kubernetes.io/headless';

export interface SlicePlan {
  create: EndpointSlice[];
  update: EndpointSlice[];
  remove: EndpointSlice[];
}

const endpointOf = ({ pod, ip, ready, serving, terminating, hostname }: Backend): Endpoint => ({
  addresses: [ip],
  conditions: { ready, serving, terminating },
  ...(hostname !== undefined && { hostname }),
  ...(pod.spec?.nodeName !== undefined && { nodeName: pod.spec.nodeName }),
  targetRef: referenceTo(pod),
});

const identityOf = ({ addresses, targetRef }: Endpoint): string => `${targetRef?.uid ?? ''} ${addresses.join(',')}`;

/**
 * The slices of a service as they are to be. An endpoint stays in the slice it is in, new ones fill slices that have room, and only what
 * changes is written. A service without endpoints keeps one empty slice.
 */
export function planSlices(
  service: Service,
  backends: readonly Backend[],
  current: readonly EndpointSlice[],
): SlicePlan {
  const labels = {
    ...service.metadata?.labels,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
    [serviceNameLabel]: nameOf(service),
    [managedByLabel]: managedBy,
  };
  const make = (addressType: string, ports: EndpointSlice['ports'], endpoints: Endpoint[]): EndpointSlice => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${nameOf(service)}-`,
      namespace: namespaceOf(service),
      labels,
      ownerReferences: [controllerReference(serviceResource, service)],
    },
    addressType,
    endpoints,
    ...(ports && { ports }),
  });
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const alive = current.filter((slice) => !isDeleting(slice));
  const keyOf = (slice: Pick<EndpointSlice, 'addressType' | 'ports'>) =>
    `${slice.addressType} ${canonicalText(slice.ports ?? [])}`;
  const families = service.spec?.ipFamilies ?? ['IPv4'];
  const handled = new Set<EndpointSlice>();

  for (const family of families) {
    const members = backends.filter(({ ip }) => familyOf(ip) === family);
    for (const group of groupByPorts(members)) {
      const shape = { addressType: family, ports: group.ports };
      const wanted = new Map(group.backends.map(endpointOf).map((endpoint) => [identityOf(endpoint), endpoint]));
      const kept = alive
        .filter((slice) => keyOf(slice) === keyOf(shape))
        .map((slice) => {
          handled.add(slice);
          const endpoints = (slice.endpoints ?? []).flatMap((endpoint) => {
            const next = wanted.get(identityOf(endpoint));
            wanted.delete(identityOf(endpoint));
            return next === undefined ? [] : [next];
          });
          return { slice, endpoints };
        });
      const fresh = [...wanted.values()];
      for (const { endpoints } of kept) endpoints.push(...fresh.splice(0, Math.max(0, capacity - endpoints.length)));
      while (fresh.length > 0) plan.create.push(make(family, group.ports, fresh.splice(0, capacity)));
      for (const { slice, endpoints } of kept) {
        if (endpoints.length === 0) plan.remove.push(slice);
        else if (!isEquivalent(slice.endpoints, endpoints) || !isEquivalent(slice.metadata?.labels, labels)) {
          plan.update.push({ ...slice, metadata: { ...slice.metadata, labels }, endpoints });
        }
      }
    }
  }
  const leftover = alive.filter((slice) => !handled.has(slice));
  const remaining = alive.length - plan.remove.length - leftover.length + plan.create.length;
  if (remaining > 0) plan.remove.push(...leftover);
  else {
    // One slice stays, or is made, to say that there are no endpoints.
    const [first, ...others] = [...leftover, ...plan.remove];
    plan.remove = others;
    if (first === undefined) plan.create.push(make(families[0] ?? 'IPv4', undefined, []));
    else if ((first.endpoints ?? []).length > 0 || !isEquivalent(first.metadata?.labels, labels)) {
      plan.update.push({ ...first, metadata: { ...first.metadata, labels }, endpoints: [] });
    }
  }
  return plan;
}
