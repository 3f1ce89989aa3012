import type { Resource } from '../types/resource.js';
import {
  addAmount,
  containsResource,
  equalResource,
  isAddable,
  isEmptyResource,
  isPersistentVolume,
  isShared,
  isSubtractable,
  subtractAmount,
  upgradeResource,
} from './resource.js';
import { toThousandths } from './scalar.js';
import { validateResource } from './validate.js';

interface Entry {
  resource: Resource;
  /** Copies of a shared resource; 1 otherwise. */
  count: number;
}

/**
 * Resources to compute with, as Mesos' own `Resources` class does: equal kinds are merged, empty amounts vanish, copies of a shared
 * resource are counted. Mutable; build one for many operations, use `addResources` and its sisters for a single one.
 *
 * ```ts
 * const free = new ResourceCollection(offer.resources);
 * free.subtract(task.resources);
 * free.toArray();
 * ```
 */
export class ResourceCollection {
  #entries: Entry[] = [];

  /** Invalid resources are left out, as Mesos does: check input of others with `validateResource` first. */
  constructor(resources: Iterable<Resource> = []) {
    for (const resource of resources) this.#addValid(resource);
  }

  /** Distinct resources; copies of a shared one count once. */
  get size(): number {
    return this.#entries.length;
  }

  add(resources: Iterable<Resource>): this {
    for (const resource of resources) this.#addValid(resource);
    return this;
  }

  /** Takes away what is there; what is not there is ignored, and a scalar that would become negative vanishes. */
  subtract(resources: Iterable<Resource>): this {
    for (const { resource, count } of new ResourceCollection(resources).#entries) this.#subtractEntry(resource, count);
    return this;
  }

  contains(resources: Iterable<Resource>): boolean {
    const part = new ResourceCollection(resources);
    // Volumes are taken out one by one, so that two equal ones need two (src/common/resources.cpp, Resources::contains).
    const remaining = part.#entries.some(({ resource }) => isPersistentVolume(resource)) ? this.clone() : this;
    return part.#entries.every(({ resource, count }) => {
      if (!remaining.#containsEntry(resource, count)) return false;
      if (isPersistentVolume(resource)) remaining.#subtractEntry(resource, count);
      return true;
    });
  }

  equals(resources: Iterable<Resource>): boolean {
    const other = resources instanceof ResourceCollection ? resources : new ResourceCollection(resources);
    return this.contains(other) && other.contains(this);
  }

  /** Copies of a shared resource, 1 for another resource that is there with exactly this amount, else 0. */
  count(resource: Resource): number {
    const wanted = upgradeResource(resource);
    return this.#entries.find((entry) => equalResource(entry.resource, wanted))?.count ?? 0;
  }

  clone(): ResourceCollection {
    const copy = new ResourceCollection();
    copy.#entries = this.#entries.map((entry) => ({ ...entry }));
    return copy;
  }

  /** Every resource with its number of copies. */
  counted(): { resource: Resource; count: number }[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  /** Plain objects, copies of shared resources included. */
  toArray(): Resource[] {
    return [...this];
  }

  *[Symbol.iterator](): Iterator<Resource> {
    for (const { resource, count } of this.#entries) {
      for (let i = 0; i < count; i += 1) yield resource;
    }
  }

  #addValid(resource: Resource): void {
    if (validateResource(resource) !== undefined) return;
    const added = upgradeResource(resource);
    if (isEmptyResource(added)) return;
    const entry = this.#entries.find((candidate) => isAddable(candidate.resource, added));
    if (!entry) this.#entries.push({ resource: added, count: 1 });
    else if (isShared(added)) entry.count += 1;
    else entry.resource = addAmount(entry.resource, added);
  }

  #subtractEntry(resource: Resource, count: number): void {
    const index = this.#entries.findIndex((candidate) => isSubtractable(candidate.resource, resource));
    const entry = this.#entries[index];
    if (!entry) return;
    if (isShared(resource)) entry.count -= count;
    else entry.resource = subtractAmount(entry.resource, resource);
    const { scalar } = entry.resource;
    const negative = scalar !== undefined && toThousandths(scalar.value) < 0;
    if (entry.count > 0 && !negative && !isEmptyResource(entry.resource)) return;
    // The last takes the place of what is gone: Mesos' error texts show that order (src/common/resources.cpp, Resources::subtract).
    const last = this.#entries.pop();
    if (last !== undefined && last !== entry) this.#entries[index] = last;
  }

  #containsEntry(resource: Resource, count: number): boolean {
    return this.#entries.some((candidate) => {
      return containsResource(candidate.resource, resource) && (!isShared(resource) || candidate.count >= count);
    });
  }
}

/** Resources with only one copy of each shared one: what sums count. */
export function withoutCopies(resources: readonly Resource[]): readonly Resource[] {
  if (!resources.some(isShared)) return resources;
  return new ResourceCollection(resources).counted().map(({ resource }) => resource);
}
