import type { DiskInfo, DiskSource, ReservationInfo, Resource } from '../types/resource.js';
import { equalLabels } from './labels.js';
import { addRanges, containsRanges, equalRanges, subtractRanges } from './ranges.js';
import { addScalars, compareScalars, subtractScalars, toThousandths } from './scalar.js';
import { addSets, containsSet, equalSets, subtractSets } from './string-set.js';

// Rules of one resource, after src/common/resources.cpp.

/**
 * The one form that arithmetic works on: reservations only in `reservations`, no `role`, no `reservation`. Offers of a real master
 * carry `role` beside it (recorded); frameworks without RESERVATION_REFINEMENT may send only `role` and `reservation`.
 */
export function upgradeResource(resource: Resource): Resource {
  if (resource.role === undefined && resource.reservation === undefined) return resource;
  const { role = '*', reservation, ...rest } = resource;
  if ((rest.reservations?.length ?? 0) > 0 || role === '*') return rest;
  const stack: ReservationInfo = reservation ? { ...reservation, type: 'DYNAMIC', role } : { type: 'STATIC', role };
  return { ...rest, reservations: [stack] };
}

/** Whether the amount is nothing: 0 (after rounding), no range, no item. */
export function isEmptyResource(resource: Resource): boolean {
  switch (resource.type) {
    case 'SCALAR':
      return toThousandths(resource.scalar?.value ?? 0) === 0;
    case 'RANGES':
      return (resource.ranges?.range ?? []).length === 0;
    case 'SET':
      return (resource.set?.item ?? []).length === 0;
    case 'TEXT':
      return false;
    default:
      // Without a type it is, as in protobuf, the first: a scalar.
      return true;
  }
}

/** Whether data outlives the task. */
export function isPersistentVolume(resource: Resource): boolean {
  return resource.disk?.persistence !== undefined;
}

/** Whether several tasks may use it at once. */
export function isShared(resource: Resource): boolean {
  return resource.shared !== undefined;
}

/** Whether it may be taken back at any time. */
export function isRevocable(resource: Resource): boolean {
  return resource.revocable !== undefined;
}

/** Amounts of the same kind and the same owner: everything but the amount is equal. */
export function equalMetadata(left: Resource, right: Resource): boolean {
  return isShared(left) === isShared(right) && equalOwner(left, right) && equalDisks(left.disk, right.disk);
}

/** Equal in everything, amounts included. */
export function equalResource(left: Resource, right: Resource): boolean {
  return equalMetadata(left, right) && equalAmounts(left, right);
}

/** Whether two resources melt into one when added. Persistent volumes and whole disks do not. */
export function isAddable(left: Resource, right: Resource): boolean {
  if (isShared(left) || isShared(right)) return isShared(left) && isShared(right) && equalResource(left, right);
  if (!equalMetadata(left, right)) return false;
  return left.disk === undefined || !isIndivisible(left.disk);
}

/** Whether `right` can be taken out of `left`, amounts aside. Persistent volumes and whole disks only as a whole. */
export function isSubtractable(left: Resource, right: Resource): boolean {
  if (isShared(left) || isShared(right)) return isShared(left) && isShared(right) && equalResource(left, right);
  if (!equalMetadata(left, right)) return false;
  return left.disk === undefined || !isIndivisible(left.disk) || equalAmounts(left, right);
}

/** Whether `right` is a part of `left`. */
export function containsResource(left: Resource, right: Resource): boolean {
  if (!isSubtractable(left, right)) return false;
  switch (left.type) {
    case 'SCALAR':
      return compareScalars(right.scalar?.value ?? 0, left.scalar?.value ?? 0) <= 0;
    case 'RANGES':
      return containsRanges(left.ranges?.range ?? [], right.ranges?.range ?? []);
    case 'SET':
      return containsSet(left.set?.item ?? [], right.set?.item ?? []);
    case 'TEXT':
      return false;
  }
}

/** `left` with the amount of `right` added. */
export function addAmount(left: Resource, right: Resource): Resource {
  switch (left.type) {
    case 'SCALAR':
      return { ...left, scalar: { value: addScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) } };
    case 'RANGES':
      return { ...left, ranges: { range: addRanges(left.ranges?.range ?? [], right.ranges?.range ?? []) } };
    case 'SET':
      return { ...left, set: { item: addSets(left.set?.item ?? [], right.set?.item ?? []) } };
    case 'TEXT':
      return left;
  }
}

/** `left` with the amount of `right` taken away; a scalar may become negative. */
export function subtractAmount(left: Resource, right: Resource): Resource {
  switch (left.type) {
    case 'SCALAR':
      return { ...left, scalar: { value: subtractScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) } };
    case 'RANGES':
      return { ...left, ranges: { range: subtractRanges(left.ranges?.range ?? [], right.ranges?.range ?? []) } };
    case 'SET':
      return { ...left, set: { item: subtractSets(left.set?.item ?? [], right.set?.item ?? []) } };
    case 'TEXT':
      return left;
  }
}

/** Equal type, role, principal and labels. */
export function equalReservation(left: ReservationInfo, right: ReservationInfo): boolean {
  return (
    left.type === right.type &&
    left.role === right.role &&
    left.principal === right.principal &&
    (left.labels === undefined) === (right.labels === undefined) &&
    equalLabels(left.labels, right.labels)
  );
}

function equalOwner(left: Resource, right: Resource): boolean {
  if (left.name !== right.name || left.type !== right.type) return false;
  if ((left.allocation_info === undefined) !== (right.allocation_info === undefined)) return false;
  if (left.allocation_info?.role !== right.allocation_info?.role) return false;
  if (isRevocable(left) !== isRevocable(right)) return false;
  if (left.provider_id?.value !== right.provider_id?.value) return false;
  const [mine, theirs] = [left.reservations ?? [], right.reservations ?? []];
  if (mine.length !== theirs.length) return false;
  return mine.every((reservation, i) => {
    const other = theirs[i];
    return other !== undefined && equalReservation(reservation, other);
  });
}

/** The volume is not compared: two mounts of one persistent volume are the same disk. */
function equalDisks(left: DiskInfo | undefined, right: DiskInfo | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.persistence?.id === right.persistence?.id && equalSources(left.source, right.source);
}

function equalSources(left: DiskSource | undefined, right: DiskSource | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return (
    left.type === right.type &&
    (left.path === undefined) === (right.path === undefined) &&
    left.path?.root === right.path?.root &&
    (left.mount === undefined) === (right.mount === undefined) &&
    left.mount?.root === right.mount?.root &&
    left.vendor === right.vendor &&
    left.id === right.id &&
    left.profile === right.profile &&
    (left.metadata === undefined) === (right.metadata === undefined) &&
    equalLabels(left.metadata, right.metadata)
  );
}

function isIndivisible(disk: DiskInfo): boolean {
  if (disk.persistence !== undefined) return true;
  switch (disk.source?.type) {
    case 'BLOCK':
    case 'MOUNT':
      return true;
    case 'RAW':
      return disk.source.id !== undefined;
    case 'PATH':
    case undefined:
      return false;
  }
}

function equalAmounts(left: Resource, right: Resource): boolean {
  switch (left.type) {
    case 'SCALAR':
      return compareScalars(left.scalar?.value ?? 0, right.scalar?.value ?? 0) === 0;
    case 'RANGES':
      return equalRanges(left.ranges?.range ?? [], right.ranges?.range ?? []);
    case 'SET':
      return equalSets(left.set?.item ?? [], right.set?.item ?? []);
    case 'TEXT':
      return false;
  }
}
