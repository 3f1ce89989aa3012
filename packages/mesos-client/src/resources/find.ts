import type { Resource } from '../types/resource.js';
import { ResourceCollection } from './collection.js';
import { isReserved, reservationRole, withoutReservations } from './reservations.js';
import { containsResource, subtractAmount } from './resource.js';

type Preference = (resource: Resource) => boolean;

/**
 * Picks resources that together make `target`, in Mesos' order: those reserved to the target's role, then unreserved ones, then
 * any other. Names, allocation, disk and so on must agree. Undefined when they do not suffice. What is found is a part of `resources`,
 * and more is found than by `Resources::find`, which takes one resource of each preference and no more.
 *
 * ```ts
 * findResources(offer.resources, parseResources('cpus:0.5;mem:64;ports:[31000-31001]'));
 * ```
 */
export function findResources(resources: readonly Resource[], target: readonly Resource[]): Resource[] | undefined {
  const free = new ResourceCollection(resources);
  const found = new ResourceCollection();
  for (const wanted of new ResourceCollection(target)) {
    const parts = findOne(free, wanted);
    if (!parts) return undefined;
    found.add(parts);
  }
  return found.toArray();
}

/** Takes what it finds out of `free`. */
function findOne(free: ResourceCollection, target: Resource): Resource[] | undefined {
  const parts: Resource[] = [];
  let missing = withoutReservations(target);
  for (const isPreferred of preferencesOf(target)) {
    for (const resource of free.toArray()) {
      if (resource.name !== target.name || !isPreferred(resource)) continue;
      const amount = withoutReservations(resource);
      if (containsResource(amount, missing)) {
        const { reservations } = resource;
        const last = reservations ? { ...missing, reservations } : missing;
        free.subtract([last]);
        return [...parts, last];
      }
      if (containsResource(missing, amount)) {
        parts.push(resource);
        free.subtract([resource]);
        missing = subtractAmount(missing, amount);
      }
    }
  }
  return undefined;
}

function preferencesOf(target: Resource): Preference[] {
  const others: Preference[] = [(resource) => !isReserved(resource), () => true];
  if (!isReserved(target)) return others;
  const role = reservationRole(target);
  return [(resource) => isReserved(resource, role), ...others];
}
