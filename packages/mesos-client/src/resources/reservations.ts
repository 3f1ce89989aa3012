import { ResourcesError } from '../errors.js';
import type { ReservationInfo, Resource } from '../types/resource.js';
import { ResourceCollection } from './collection.js';
import { equalReservation, upgradeResource } from './resource.js';
import { isStrictSubroleOf } from './roles.js';
import { validateResource } from './validate.js';

/** Whether a resource is reserved, to `role` if that is given. */
export function isReserved(resource: Resource, role?: string): boolean {
  const reservedTo = reservationRole(resource);
  return reservedTo !== '*' && (role === undefined || reservedTo === role);
}

/** The role of the innermost reservation; `*` when unreserved. */
export function reservationRole(resource: Resource): string {
  return upgradeResource(resource).reservations?.at(-1)?.role ?? '*';
}

/** Whether the innermost reservation was made by a RESERVE. */
export function isDynamicallyReserved(resource: Resource): boolean {
  return upgradeResource(resource).reservations?.at(-1)?.type === 'DYNAMIC';
}

/** Resources reserved, to `role` if that is given. */
export function reservedResources(resources: readonly Resource[], role?: string): Resource[] {
  return resources.map(upgradeResource).filter((resource) => isReserved(resource, role));
}

/** Resources that are reserved to nobody. */
export function unreservedResources(resources: readonly Resource[]): Resource[] {
  return resources.map(upgradeResource).filter((resource) => !isReserved(resource));
}

/** Reserved resources by role. */
export function reservationsByRole(resources: readonly Resource[]): Map<string, Resource[]> {
  const byRole = new Map<string, Resource[]>();
  for (const resource of reservedResources(resources)) {
    const role = reservationRole(resource);
    byRole.set(role, [...(byRole.get(role) ?? []), resource]);
  }
  return byRole;
}

/** What a role may be offered: unreserved, its own, and what is reserved to roles above it. */
export function allocatableTo(resources: readonly Resource[], role: string): Resource[] {
  return resources.map(upgradeResource).filter((resource) => {
    const reservedTo = reservationRole(resource);
    return reservedTo === '*' || reservedTo === role || isStrictSubroleOf(role, reservedTo);
  });
}

/** Adds a reservation on top. Throws `ResourcesError` where it does not refine the one below. */
export function pushReservation(resources: readonly Resource[], reservation: ReservationInfo): Resource[] {
  return new ResourceCollection(
    resources.map((resource) => {
      const upgraded = upgradeResource(resource);
      const pushed = { ...upgraded, reservations: [...(upgraded.reservations ?? []), reservation] };
      const problem = validateResource(pushed);
      if (problem !== undefined) throw new ResourcesError(`cannot reserve ${resource.name}: ${problem}`);
      return pushed;
    }),
  ).toArray();
}

/** Takes the topmost reservation off. Throws `ResourcesError` where there is none. */
export function popReservation(resources: readonly Resource[]): Resource[] {
  return new ResourceCollection(
    resources.map((resource) => {
      const { reservations = [], ...rest } = upgradeResource(resource);
      if (reservations.length === 0) throw new ResourcesError(`cannot unreserve ${resource.name}: it is not reserved`);
      return reservations.length === 1 ? rest : { ...rest, reservations: reservations.slice(0, -1) };
    }),
  ).toArray();
}

/** The same amounts, unreserved. */
export function toUnreserved(resources: readonly Resource[]): Resource[] {
  return new ResourceCollection(resources.map(withoutReservations)).toArray();
}

/** The same amounts with the reservations that both have from the bottom on. Both hold equal amounts of one reservation each. */
export function reservationAncestor(left: readonly Resource[], right: readonly Resource[]): Resource[] {
  const [mine, theirs] = [left[0], right[0]].map((resource) => (resource ? upgradeResource(resource) : undefined));
  const amounts = toUnreserved(left);
  if (!mine || !theirs || !new ResourceCollection(amounts).equals(toUnreserved(right))) {
    throw new ResourcesError('no common reservation: both sides need the same, non-empty amounts');
  }
  const other = theirs.reservations ?? [];
  const differing = (mine.reservations ?? []).findIndex((reservation, i) => {
    const counterpart = other[i];
    return counterpart === undefined || !equalReservation(reservation, counterpart);
  });
  const common = (mine.reservations ?? []).slice(0, differing < 0 ? undefined : differing);
  return common.reduce(pushReservation, amounts);
}

/** Marks resources as offered or allocated to a role. */
export function allocateResources(resources: readonly Resource[], role: string): Resource[] {
  return resources.map((resource) => ({ ...upgradeResource(resource), allocation_info: { role } }));
}

/** Takes the mark of `allocateResources` off, and merges. */
export function unallocateResources(resources: readonly Resource[]): Resource[] {
  return new ResourceCollection(
    resources.map((resource) => {
      const unallocated = { ...upgradeResource(resource) };
      delete unallocated.allocation_info;
      return unallocated;
    }),
  ).toArray();
}

/** The same resource, unreserved. */
export function withoutReservations(resource: Resource): Resource {
  const unreserved = { ...upgradeResource(resource) };
  delete unreserved.reservations;
  return unreserved;
}
