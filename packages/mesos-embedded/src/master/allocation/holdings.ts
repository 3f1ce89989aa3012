import { isRevocable, roundScalar, sizeOfRanges, type Resource } from '@kmd/mesos-client';

import { reservedTo } from '../../resources.js';

/** Amounts by resource name; scalars only where shares and quotas are concerned. */
export type Quantities = ReadonlyMap<string, number>;

const nothing: Quantities = new Map();

/** What one role holds: all of it, and the part that counts against its quota (neither reserved nor revocable). */
interface Held {
  readonly all: Map<string, number>;
  readonly free: Map<string, number>;
  /** How often something was offered: of two equal shares the one that was served less often comes first. */
  offers: number;
}

/** How much a framework holds, offered or used, by role: what dominant shares and quotas are computed of. */
export class Holdings {
  readonly #byRole = new Map<string, Held>();

  /** An offer was made. */
  offer(role: string, resources: readonly Resource[]): void {
    this.add(role, resources);
    this.#held(role).offers += 1;
  }

  add(role: string, resources: readonly Resource[]): void {
    this.#change(role, resources, 1);
  }

  remove(role: string, resources: readonly Resource[]): void {
    this.#change(role, resources, -1);
  }

  of(role: string): Quantities {
    return this.#byRole.get(role)?.all ?? nothing;
  }

  /** What counts against the quota of the role. */
  freeOf(role: string): Quantities {
    return this.#byRole.get(role)?.free ?? nothing;
  }

  offersOf(role: string): number {
    return this.#byRole.get(role)?.offers ?? 0;
  }

  /** Every role under which something is held, or was. */
  get roles(): Iterable<string> {
    return this.#byRole.keys();
  }

  #held(role: string): Held {
    let held = this.#byRole.get(role);
    if (held === undefined) this.#byRole.set(role, (held = { all: new Map(), free: new Map(), offers: 0 }));
    return held;
  }

  #change(role: string, resources: readonly Resource[], sign: 1 | -1): void {
    const { all, free } = this.#held(role);
    for (const resource of resources) {
      if (resource.scalar === undefined) continue;
      change(all, resource.name, sign * resource.scalar.value);
      if (isFree(resource)) change(free, resource.name, sign * resource.scalar.value);
    }
  }
}

/** Whether a resource is for anybody, and for as long as it is used. */
export function isFree(resource: Resource): boolean {
  return reservedTo(resource) === undefined && !isRevocable(resource);
}

/** Adds to an amount; one that becomes 0 vanishes. */
export function change(amounts: Map<string, number>, name: string, by: number): void {
  const amount = roundScalar((amounts.get(name) ?? 0) + by);
  if (amount === 0) amounts.delete(name);
  else amounts.set(name, amount);
}

/** Adds amounts to others, or takes them away with `sign` -1. */
export function changeAll(amounts: Map<string, number>, by: Quantities, sign: 1 | -1 = 1): void {
  for (const [name, amount] of by) change(amounts, name, sign * amount);
}

/** How much a resource is: ranges and sets count their members. */
export function quantityOf(resource: Resource): number {
  if (resource.scalar !== undefined) return resource.scalar.value;
  if (resource.ranges !== undefined) return sizeOfRanges(resource.ranges.range ?? []);
  return resource.set?.item?.length ?? 0;
}
