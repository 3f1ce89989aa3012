import type { Endpoints, Service } from '@kmd/kube-client';
import { isEquivalent } from '../equality.js';
import { nameOf, namespaceOf } from '../ownership.js';
import { groupByPorts, isHeadless, referenceTo, type Backend } from './addresses.js';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

/** Addresses that one Endpoints object holds at most; an annotation tells that some are missing. */
const capacity = 1000;
const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const headlessLabel = 'service.kubernetes.io/headless';
export const managedByLabel = 'endpoints.kubernetes.io/managed-by';
export const managedBy = 'endpoint-controller';

const addressOf = ({ pod, ip, hostname }: Backend): Address => ({
  ip,
  ...(hostname !== undefined && { hostname }),
  ...(pod.spec?.nodeName !== undefined && { nodeName: pod.spec.nodeName }),
  targetRef: referenceTo(pod),
});

/** The subsets of a service's Endpoints: addresses by what ports they serve, ready ones apart from those that are not. */
export function planSubsets(service: Service, backends: readonly Backend[]): Subset[] {
  const publishAll = service.spec?.publishNotReadyAddresses === true;
  // A headless service may have no ports: its addresses are for the DNS alone. Any other port set that is empty serves nothing.
  const portless = (service.spec?.ports ?? []).length === 0 && isHeadless(service);
  const shown = backends.filter(({ terminating }) => publishAll || !terminating);
  return groupByPorts(shown)
    .filter(({ ports }) => ports.length > 0 || portless)
    .map(({ ports, backends: members }): Subset => {
      const ready = members.filter((backend) => backend.ready).map(addressOf);
      const notReady = members.filter((backend) => !backend.ready).map(addressOf);
      return {
        ...(ready.length > 0 && { addresses: ready }),
        ...(notReady.length > 0 && { notReadyAddresses: notReady }),
        ...(ports.length > 0 && { ports: ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port })) }),
      };
    });
}

/** Cuts to the capacity, ready addresses first. */
function truncate(subsets: readonly Subset[]): { subsets: Subset[]; truncated: boolean } {
  const count = (key: 'addresses' | 'notReadyAddresses') =>
    subsets.reduce((n, subset) => n + (subset[key]?.length ?? 0), 0);
  if (count('addresses') + count('notReadyAddresses') <= capacity) return { subsets: [...subsets], truncated: false };
  let readyRoom = capacity;
  const readyCut = subsets.map((subset) => {
    const addresses = (subset.addresses ?? []).slice(0, readyRoom);
    readyRoom -= addresses.length;
    return addresses;
  });
  let room = readyRoom;
  const cut = subsets.map((subset, index): Subset => {
    const addresses = readyCut[index] ?? [];
    const notReadyAddresses = (subset.notReadyAddresses ?? []).slice(0, room);
    room -= notReadyAddresses.length;
    return {
      ...(subset.ports && { ports: subset.ports }),
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
    };
  });
  return { subsets: cut.filter(({ addresses, notReadyAddresses }) => addresses ?? notReadyAddresses), truncated: true };
}

/** The Endpoints object of a service as it is to be, or nothing when the current one is that already. */
export function planEndpoints(
  service: Service,
  backends: readonly Backend[],
  current: Endpoints | undefined,
): Endpoints | undefined {
  const { subsets, truncated } = truncate(planSubsets(service, backends));
  const annotations = Object.fromEntries(
    Object.entries(current?.metadata?.annotations ?? {}).filter(([key]) => key !== overCapacity),
  );
  const labels = {
    ...service.metadata?.labels,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
    [managedByLabel]: managedBy,
  };
  const next: Endpoints = {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...current?.metadata,
      name: nameOf(service),
      namespace: namespaceOf(service),
      labels,
      annotations: truncated ? { ...annotations, [overCapacity]: 'truncated' } : annotations,
    },
    subsets,
  };
  const unchanged =
    current !== undefined &&
    isEquivalent(current.subsets, subsets) &&
    isEquivalent(current.metadata?.labels, labels) &&
    isEquivalent(current.metadata?.annotations, next.metadata?.annotations);
  return unchanged ? undefined : next;
}
