import type { DiskSource, Range, ReservationInfo, Resource } from '../types/resource.js';
import { equalLabels, printLabels } from './labels.js';
import { coalesceRanges, sizeOfRanges } from './ranges.js';
import { isStrictSubroleOf, validateRole } from './roles.js';
import { toThousandths } from './scalar.js';

/** Why Mesos refuses a resource, in its own words (src/common/resources.cpp); undefined if it does not. */
export function validateResource(resource: Resource): string | undefined {
  if (!resource.name) return 'Empty resource name';
  return (
    validateAmount(resource) ?? validateDisk(resource) ?? validateReservations(resource) ?? validateShared(resource)
  );
}

function validateAmount({ type, scalar, ranges, set }: Resource): string | undefined {
  switch (type) {
    case 'SCALAR':
      if (scalar === undefined || ranges !== undefined || set !== undefined) return 'Invalid scalar resource';
      if (scalar.value !== 0 && !(toThousandths(scalar.value) > 0)) return 'Invalid scalar resource: value <= 0';
      return undefined;
    case 'RANGES':
      if (ranges === undefined || scalar !== undefined || set !== undefined) return 'Invalid ranges resource';
      return validateRanges(ranges.range ?? []);
    case 'SET':
      if (set === undefined || scalar !== undefined || ranges !== undefined) return 'Invalid set resource';
      if (new Set(set.item).size < (set.item ?? []).length) return 'Invalid set resource: duplicated elements';
      return undefined;
    default:
      return 'Unsupported resource type';
  }
}

function validateRanges(ranges: readonly Range[]): string | undefined {
  let previous: Range | undefined;
  let sorted = true;
  for (const range of ranges) {
    if (range.begin > range.end) return 'Invalid ranges resource: begin > end';
    sorted &&= previous === undefined || previous.end < range.begin;
    previous = range;
  }
  if (sorted || sizeOfRanges(ranges) === sizeOfRanges(coalesceRanges(ranges))) return undefined;
  return 'Invalid ranges resource: overlapping ranges';
}

function validateDisk({ name, disk }: Resource): string | undefined {
  if (disk === undefined) return undefined;
  if (name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  return disk.source === undefined ? undefined : validateSource(disk.source);
}

function validateSource({ type, mount, path }: DiskSource): string | undefined {
  switch (type) {
    case 'PATH':
    case 'MOUNT':
      return undefined;
    case 'BLOCK':
    case 'RAW':
      if (mount !== undefined) return `Mount should not be set for ${type} disk source`;
      if (path !== undefined) return `Path should not be set for ${type} disk source`;
      return undefined;
    default:
      return "Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'";
  }
}

function validateReservations(resource: Resource): string | undefined {
  const { role, reservation, reservations = [] } = resource;
  const [first] = reservations;
  if (!first) {
    const problem = validateRole(role ?? '*');
    if (problem !== undefined || reservation === undefined) return problem;
    if (reservation.type !== undefined) {
      return "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field";
    }
    if (reservation.role !== undefined) {
      return "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field";
    }
    return (role ?? '*') === '*' ? 'Invalid reservation: role "*" cannot be dynamically reserved' : undefined;
  }
  return (
    reservations.map(validateReservation).find((problem) => problem !== undefined) ??
    validateRefinements(reservations) ??
    validateOldFields(resource, first, reservations.length)
  );
}

function validateReservation({ type, role }: ReservationInfo): string | undefined {
  if (type === undefined) return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
  if (role === undefined) return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
  return validateRole(role) ?? (role === '*' ? 'Invalid reservation: role "*" cannot be reserved' : undefined);
}

function validateRefinements(reservations: readonly ReservationInfo[]): string | undefined {
  for (const [i, { type, role = '' }] of reservations.entries()) {
    const ancestor = reservations[i - 1]?.role;
    if (ancestor === undefined) continue;
    if (type === 'STATIC') return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    if (!isStrictSubroleOf(role, ancestor)) {
      return `Invalid refined reservation: role '${role}' is not a refinement of '${ancestor}'`;
    }
  }
  return undefined;
}

/** `role` and `reservation` beside `reservations` must say the same. */
function validateOldFields({ role, reservation }: Resource, first: ReservationInfo, size: number): string | undefined {
  const prefix = 'Invalid resource format:';
  if (size > 1) {
    const field = role !== undefined ? 'role' : reservation !== undefined ? 'reservation' : undefined;
    return field === undefined
      ? undefined
      : `${prefix} 'Resource.${field}' must not be set if there is more than one reservation in 'Resource.reservations'`;
  }
  if (role !== undefined && role !== first.role) {
    return `${prefix} 'Resource.role' field with '${role}' does not match the role '${first.role ?? ''}' in 'Resource.reservations'`;
  }
  if (first.type === 'STATIC') {
    return reservation === undefined
      ? undefined
      : `${prefix} 'Resource.reservation' must not be set if the single reservation in 'Resource.reservations' is STATIC`;
  }
  if ((role === undefined) !== (reservation === undefined)) {
    return `${prefix} 'Resource.role' and 'Resource.reservation' must either be both set or both not set if the single reservation in 'Resource.reservations' is DYNAMIC`;
  }
  if (reservation === undefined) return undefined;
  if ((reservation.principal ?? '') !== (first.principal ?? '')) {
    return `${prefix} 'Resource.reservation.principal' field with '${reservation.principal ?? ''}' does not match the principal '${first.principal ?? ''}' in 'Resource.reservations'`;
  }
  return equalLabels(reservation.labels, first.labels)
    ? undefined
    : `${prefix} 'Resource.reservation.labels' field with '${printLabels(reservation.labels)}' does not match the labels '${printLabels(first.labels)}' in 'Resource.reservations'`;
}

function validateShared({ name, disk, shared }: Resource): string | undefined {
  if (shared === undefined) return undefined;
  if (name !== 'disk') return `Resource ${name} cannot be shared`;
  return disk?.persistence === undefined ? 'Only persistent volumes can be shared' : undefined;
}
