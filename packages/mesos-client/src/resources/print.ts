import type { DiskInfo, DiskSource, MesosValue, ReservationInfo, Resource } from '../types/resource.js';
import { ResourceCollection } from './collection.js';
import { printLabels } from './labels.js';
import { printRanges } from './ranges.js';
import { upgradeResource } from './resource.js';
import { printScalar } from './scalar.js';
import { printSet } from './string-set.js';

/**
 * Resources as Mesos' own messages show them: `cpus:2; mem(reservations: [(STATIC,web)]):512; ports:[31000-32000]`, copies of shared
 * ones counted; `{}` for none. For people: `parseResources` reads the unreserved ones back, not the rest.
 */
export function printResources(resources: readonly Resource[]): string {
  const parts = new ResourceCollection(resources)
    .counted()
    .map(({ resource, count }) => printResource(resource) + (resource.shared === undefined ? '' : `<${count}>`));
  return parts.length === 0 ? '{}' : parts.join('; ');
}

/** One resource, as {@link printResources} shows it. */
export function printResource(resource: Resource): string {
  const { name, allocation_info: allocation, reservations = [], disk, revocable, shared } = upgradeResource(resource);
  return [
    name,
    allocation === undefined ? '' : `(allocated: ${allocation.role ?? ''})`,
    reservations.length === 0 ? '' : `(reservations: [${reservations.map(printReservation).join(',')}])`,
    disk === undefined ? '' : `[${printDisk(disk)}]`,
    revocable === undefined ? '' : '{REV}',
    shared === undefined ? '' : '<SHARED>',
    `:${printValue(resource)}`,
  ].join('');
}

/** A value alone: `1.5`, `[1-5, 7-9]`, `{a, b}`, or a text. */
export function printValue({ type, scalar, ranges, set, text }: MesosValue): string {
  switch (type) {
    case 'SCALAR':
      return printScalar(scalar?.value ?? 0);
    case 'RANGES':
      return printRanges(ranges?.range ?? []);
    case 'SET':
      return printSet(set?.item ?? []);
    case 'TEXT':
      return text?.value ?? '';
  }
}

function printReservation({ type, role, principal, labels }: ReservationInfo): string {
  const parts = [type ?? 'UNKNOWN', role ?? ''];
  if (principal !== undefined) parts.push(principal);
  if (labels !== undefined) parts.push(printLabels(labels));
  return `(${parts.join(',')})`;
}

function printDisk({ source, persistence, volume }: DiskInfo): string {
  const origin = [source === undefined ? '' : printSource(source), persistence?.id ?? ''].filter((part) => part !== '');
  if (volume === undefined) return origin.join(',');
  const host = volume.host_path;
  const mode = host !== undefined && volume.mode !== undefined ? `:${volume.mode.toLowerCase()}` : '';
  return `${origin.join(',')}:${host === undefined ? '' : `${host}:`}${volume.container_path}${mode}`;
}

function printSource({ type, id, profile, vendor, mount, path }: DiskSource): string {
  if (id !== undefined || profile !== undefined) return `${type}(${vendor ?? ''},${id ?? ''},${profile ?? ''})`;
  const root = type === 'MOUNT' ? mount?.root : type === 'PATH' ? path?.root : undefined;
  return root === undefined ? type : `${type}:${root}`;
}
