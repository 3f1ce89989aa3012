import type { Resource } from '@kmd/mesos-client';
import { roundScalar } from '@kmd/mesos-client';

/** Amounts by resource name; ranges count their members. */
export type Quantities = ReadonlyMap<string, number>;

/** How much of each resource a framework holds, by role: what dominant shares are computed of. */
export class Holdings {
  readonly #byRole = new Map<string, Map<string, number>>();

  add(role: string, resources: readonly Resource[]): void {
    this.#change(role, resources, 1);
  }

  remove(role: string, resources: readonly Resource[]): void {
    this.#change(role, resources, -1);
  }

  of(role: string): Quantities {
    return this.#byRole.get(role) ?? new Map<string, number>();
  }

  /** The largest part that the role holds of any resource of the cluster. */
  share(role: string, total: Quantities): number {
    let share = 0;
    for (const [name, amount] of this.of(role)) {
      const whole = total.get(name) ?? 0;
      if (whole > 0) share = Math.max(share, amount / whole);
    }
    return share;
  }

  #change(role: string, resources: readonly Resource[], sign: 1 | -1): void {
    let held = this.#byRole.get(role);
    if (held === undefined) this.#byRole.set(role, (held = new Map()));
    for (const resource of resources) {
      const amount = roundScalar((held.get(resource.name) ?? 0) + sign * quantityOf(resource));
      if (amount === 0) held.delete(resource.name);
      else held.set(resource.name, amount);
    }
  }
}

/** How much a resource is. */
export function quantityOf(resource: Resource): number {
  if (resource.scalar !== undefined) return resource.scalar.value;
  if (resource.ranges !== undefined) {
    return (resource.ranges.range ?? []).reduce((sum, { begin, end }) => sum + end - begin + 1, 0);
  }
  return resource.set?.item?.length ?? 0;
}
