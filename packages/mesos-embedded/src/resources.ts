import type { ReservationInfo, Resource } from '@kmd/mesos-client';

import { omit } from './omit.js';

/**
 * Resources come in two forms: before Mesos 1.4 a reservation was a `role` (and a `reservation`), since then it is the stack
 * `reservations`. Inside, only the newer form is used, without `allocation_info`: equal resources then look equal.
 */
export function normalise(resources: readonly Resource[]): Resource[] {
  return resources.map((resource) => {
    const { role, reservation, reservations: stack = [] } = resource;
    const rest = omit(resource, 'role', 'reservation', 'allocation_info', 'reservations');
    if (stack.length > 0) return { ...rest, reservations: stack };
    if (role === undefined || role === '*') return rest;
    return { ...rest, reservations: [legacyReservation(role, reservation)] };
  });
}

function legacyReservation(role: string, reservation: ReservationInfo | undefined): ReservationInfo {
  return reservation === undefined ? { type: 'STATIC', role } : { ...reservation, type: 'DYNAMIC', role };
}

/** The same resources, allocated to a role. */
export function allocate(resources: readonly Resource[], role: string): Resource[] {
  return resources.map((resource) => ({ ...resource, allocation_info: { role } }));
}

/** The role a resource is reserved to: that of the last reservation of its stack; none for an unreserved one. */
export function reservedTo(resource: Resource): string | undefined {
  const last = resource.reservations?.at(-1);
  if (last !== undefined) return last.role;
  return resource.role === undefined || resource.role === '*' ? undefined : resource.role;
}

/** Whether a role may use a resource: unreserved, or reserved to the role or to one above it (`a` for `a/b`). */
export function isUsableBy(resource: Resource, role: string): boolean {
  const owner = reservedTo(resource);
  return owner === undefined || owner === role || role.startsWith(`${owner}/`);
}

/**
 * The form that frameworks without RESERVATION_REFINEMENT, and the legacy endpoints, are given: `role` on each resource,
 * `*` where it is unreserved. A stack of several reservations has no such form and stays as it is.
 */
export function toLegacyForm(resource: Resource, keepStack = false): Resource {
  const stack = resource.reservations ?? [];
  const [only] = stack;
  if (only === undefined) return { ...resource, role: '*' };
  if (stack.length > 1 || only.role === undefined) return resource;
  const { reservations, ...rest } = resource;
  const legacy: Resource = { ...rest, role: only.role };
  if (only.type === 'DYNAMIC') legacy.reservation = omit(only, 'type', 'role');
  return keepStack ? { ...legacy, reservations } : legacy;
}
