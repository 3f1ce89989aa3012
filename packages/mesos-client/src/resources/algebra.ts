import type { Range, Resource, ValueType } from '../types/resource.js';
import { ResourceCollection, withoutCopies } from './collection.js';
import { coalesceRanges } from './ranges.js';
import { isRevocable, isPersistentVolume, isShared } from './resource.js';
import { addScalars } from './scalar.js';
import { addSets } from './string-set.js';

// Functions over plain arrays, as offers and tasks carry them. Results have no `role` or `reservation` field, only `reservations`.

/** Both together, merged. */
export function addResources(left: readonly Resource[], right: readonly Resource[]): Resource[] {
  return new ResourceCollection(left).add(right).toArray();
}

/** `left` without `right`; what `left` does not have is ignored. */
export function subtractResources(left: readonly Resource[], right: readonly Resource[]): Resource[] {
  return new ResourceCollection(left).subtract(right).toArray();
}

/** Whether all of `part` is in `whole`: names, reservations, allocation and amounts. */
export function containsResources(whole: readonly Resource[], part: readonly Resource[]): boolean {
  return new ResourceCollection(whole).contains(part);
}

/** Equal however split and ordered. */
export function equalResources(left: readonly Resource[], right: readonly Resource[]): boolean {
  return new ResourceCollection(left).equals(right);
}

/** Merged, without empty and invalid ones. */
export function mergeResources(resources: readonly Resource[]): Resource[] {
  return new ResourceCollection(resources).toArray();
}

/**
 * Sum of a scalar over all roles, rounded to three decimals; undefined when there is none. `mem` and `disk` are in MB. Copies of a
 * shared volume count once.
 */
export function scalarOf(resources: readonly Resource[], name: string): number | undefined {
  let sum: number | undefined;
  for (const resource of withoutCopies(resources)) {
    if (resource.name === name && resource.type === 'SCALAR') sum = addScalars(sum ?? 0, resource.scalar?.value ?? 0);
  }
  return sum;
}

/** Union of ranges over all roles, sorted; undefined when there is none. */
export function rangesOf(resources: readonly Resource[], name: string): Range[] | undefined {
  const found = resources.filter((resource) => resource.name === name && resource.type === 'RANGES');
  return found.length === 0 ? undefined : coalesceRanges(found.flatMap((resource) => resource.ranges?.range ?? []));
}

/** Union of sets over all roles; undefined when there is none. */
export function setOf(resources: readonly Resource[], name: string): string[] | undefined {
  const found = resources.filter((resource) => resource.name === name && resource.type === 'SET');
  return found.length === 0
    ? undefined
    : addSets(
        [],
        found.flatMap((resource) => resource.set?.item ?? []),
      );
}

/** Resources of one name. */
export function namedResources(resources: readonly Resource[], name: string): Resource[] {
  return resources.filter((resource) => resource.name === name);
}

/** Every name once. */
export function namesOfResources(resources: readonly Resource[]): string[] {
  return [...new Set(resources.map(({ name }) => name))];
}

/** Type of value by name. */
export function typesOfResources(resources: readonly Resource[]): Record<string, ValueType> {
  return Object.fromEntries(resources.map(({ name, type }) => [name, type]));
}

/** Only persistent volumes. */
export function persistentVolumes(resources: readonly Resource[]): Resource[] {
  return resources.filter(isPersistentVolume);
}

/** Only revocable ones. */
export function revocableResources(resources: readonly Resource[]): Resource[] {
  return resources.filter(isRevocable);
}

/** All but revocable ones. */
export function nonRevocableResources(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => !isRevocable(resource));
}

/** Only shared ones. */
export function sharedResources(resources: readonly Resource[]): Resource[] {
  return resources.filter(isShared);
}

/** All but shared ones. */
export function nonSharedResources(resources: readonly Resource[]): Resource[] {
  return resources.filter((resource) => !isShared(resource));
}
