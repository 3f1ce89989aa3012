import type { Resource } from '../types/resource.js';
import { ResourceCollection } from './collection.js';
import { isReserved, reservationRole, toUnreserved } from './reservations.js';

/**
 * Picks resources that together make `target`, in Mesos' order: those reserved to the target's role, then unreserved ones, then
 * any other. Names, allocation, disk and so on must agree. Undefined when they do not suffice.
 *
 * ```ts
 * findResources(offer.resources, parseResources('cpus:0.5;mem:64;ports:[31000-31001]'));
 * ```
 */
export function findResources(resources: readonly Resource[], target: readonly Resource[]): Resource[] | undefined {
  const found = new ResourceCollection();
  // Each kind of the target is sought in all resources, as Mesos does.
  for (const wanted of new ResourceCollection(target)) {
    const part = findOne(resources, wanted);
    if (!part) return undefined;
    found.add(part);
  }
  return found.toArray();
}

function findOne(resources: readonly Resource[], target: Resource): Resource[] | undefined {
  const total = new ResourceCollection(resources);
  const remaining = new ResourceCollection(toUnreserved([target]));
  const found = new ResourceCollection();
  const preferences: ((resource: Resource) => boolean)[] = [(resource) => !isReserved(resource), () => true];
  if (isReserved(target)) {
    const role = reservationRole(target);
    preferences.unshift((resource) => isReserved(resource, role));
  }
  for (const isPreferred of preferences) {
    for (const resource of total.toArray().filter(isPreferred)) {
      const amount = toUnreserved([resource]);
      if (new ResourceCollection(amount).contains(remaining)) {
        const { reservations } = resource;
        return found
          .add(remaining.toArray().map((rest) => (reservations ? { ...rest, reservations } : rest)))
          .toArray();
      }
      if (remaining.contains(amount)) {
        found.add([resource]);
        total.subtract([resource]);
        remaining.subtract(amount);
      }
    }
  }
  return undefined;
}
