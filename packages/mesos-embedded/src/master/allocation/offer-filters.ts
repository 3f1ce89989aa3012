import { containsResources, type Resource } from '@kmd/mesos-client';

import type { Clock, Timer } from '../../clock.js';

interface Filter {
  readonly resources: readonly Resource[];
  readonly timer: Timer;
  /** The last answer: round after round the same is asked about agents of which nothing has changed. */
  answer: { readonly to: readonly Resource[]; readonly refused: boolean } | undefined;
}

/** Whom a filter concerns. */
export interface FilterKey {
  readonly frameworkId: string;
  readonly role: string;
  readonly agentId: string;
}

/** What frameworks refused: an agent with no more than that is not offered to the role until the filter ends. */
export class OfferFilters {
  readonly #clock: Clock;
  readonly #onExpiry: (agentId: string) => void;
  /** By framework id, role, agent id. */
  readonly #filters = new Map<string, Map<string, Map<string, Filter[]>>>();

  constructor(clock: Clock, onExpiry: (agentId: string) => void) {
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  add({ frameworkId, role, agentId }: FilterKey, resources: readonly Resource[], milliseconds: number): void {
    const byRole = entry(this.#filters, frameworkId, () => new Map<string, Map<string, Filter[]>>());
    const list = entry(
      entry(byRole, role, () => new Map<string, Filter[]>()),
      agentId,
      () => [],
    );
    const filter: Filter = {
      resources,
      answer: undefined,
      timer: this.#clock.after(milliseconds, () => {
        list.splice(list.indexOf(filter), 1);
        if (list.length === 0) byRole.get(role)?.delete(agentId);
        this.#onExpiry(agentId);
      }),
    };
    list.push(filter);
  }

  /** Whether the role would not have these, nor any part of them. The list is remembered, and must not change. */
  refuses({ frameworkId, role, agentId }: FilterKey, resources: readonly Resource[]): boolean {
    const filters = this.#filters.get(frameworkId)?.get(role)?.get(agentId);
    return filters?.some((filter) => isRefused(filter, resources)) === true;
  }

  /** How many filters there are, by role. */
  count(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const byRole of this.#filters.values()) {
      for (const [role, byAgent] of byRole) {
        for (const list of byAgent.values()) counts.set(role, (counts.get(role) ?? 0) + list.length);
      }
    }
    return counts;
  }

  /** Forgets the filters of a framework; of some of its roles when they are named. */
  clear(frameworkId: string, roles?: ReadonlySet<string>): void {
    const byRole = this.#filters.get(frameworkId);
    if (byRole === undefined) return;
    for (const [role, byAgent] of byRole) {
      if (roles !== undefined && !roles.has(role)) continue;
      for (const filter of [...byAgent.values()].flat()) filter.timer.cancel();
      byRole.delete(role);
    }
    if (byRole.size === 0) this.#filters.delete(frameworkId);
  }

  close(): void {
    for (const id of [...this.#filters.keys()]) this.clear(id);
  }
}

function isRefused(filter: Filter, resources: readonly Resource[]): boolean {
  if (filter.answer?.to !== resources)
    filter.answer = { to: resources, refused: containsResources(filter.resources, resources) };
  return filter.answer.refused;
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
