import { containsResources, shrinkToLimits, subtractResources, type Resource } from '@kmd/mesos-client';

import { every, type Clock, type Timer } from '../clock.js';
import { isUsableBy, reservedTo } from '../resources.js';
import type { Agent } from './agent.js';
import type { Framework } from './framework.js';
import { quantityOf, type Quantities } from './holdings.js';
import type { Quotas } from './quota.js';
import type { Weights } from './weights.js';

/** What the allocator divides, and where its decisions go. */
export interface Cluster {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly frameworks: ReadonlyMap<string, Framework>;
  readonly weights: Pick<Weights, 'of'>;
  readonly quotas: Pick<Quotas, 'of' | 'any'>;
  /** Asks frameworks for agents that are to be taken away. */
  announceMaintenance(): void;
  /** Offers what one round gave to a framework. */
  makeOffers(framework: Framework, grants: readonly Grant[]): void;
}

/** Resources of an agent, meant for a role of a framework. */
export interface Grant {
  readonly agent: Agent;
  readonly role: string;
  readonly resources: readonly Resource[];
}

interface Filter {
  readonly resources: readonly Resource[];
  readonly timer: Timer;
}

/** How long a round waits for more events, in milliseconds, so that what happens together is divided together. */
const batchDelay = 1;

/**
 * Divides available resources by dominant share, roles first, then the frameworks of a role (docs/allocation-modules.md).
 * A round runs soon after something changed, for the agents concerned, and for all of them at every interval.
 */
export class Allocator {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  /** By framework id, then `role\0agent`. */
  readonly #filters = new Map<string, Map<string, Filter[]>>();
  readonly #candidates = new Set<string>();
  readonly #eager: boolean;
  #scheduled: Timer | undefined;
  readonly #interval: Timer;
  /** Amounts of the whole cluster; computed anew when agents come or go. */
  #total: Quantities | undefined;

  constructor(
    cluster: Cluster,
    clock: Clock,
    flags: { readonly allocationInterval: number; readonly eagerAllocation: boolean },
  ) {
    this.#eager = flags.eagerAllocation;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#interval = every(clock, flags.allocationInterval, () => {
      this.#cluster.announceMaintenance();
      this.allocateAll();
    });
  }

  close(): void {
    this.#interval.cancel();
    this.#scheduled?.cancel();
    for (const framework of this.#filters.keys()) this.clearFilters(framework);
  }

  /** Something of this agent became free. */
  agentChanged(agentId: string): void {
    this.#candidates.add(agentId);
    this.#schedule();
  }

  /** An agent came or went for good. */
  totalChanged(): void {
    this.#total = undefined;
  }

  /** A framework came, or wants offers again. */
  allocateAll(): void {
    for (const id of this.#cluster.agents.keys()) this.#candidates.add(id);
    this.#schedule();
  }

  /** Keeps resources of an agent from a role of a framework, for a time. */
  refuse(
    grant: { frameworkId: string; role: string; agentId: string; resources: readonly Resource[] },
    seconds: number,
  ): void {
    const { frameworkId, role, agentId, resources } = grant;
    if (seconds <= 0 || resources.length === 0) return;
    const key = `${role}\0${agentId}`;
    let byKey = this.#filters.get(frameworkId);
    if (byKey === undefined) this.#filters.set(frameworkId, (byKey = new Map()));
    let filters = byKey.get(key);
    if (filters === undefined) byKey.set(key, (filters = []));
    const list = filters;
    const filter: Filter = {
      resources,
      timer: this.#clock.after(seconds * 1000, () => {
        const index = list.indexOf(filter);
        if (index >= 0) list.splice(index, 1);
        if (this.#eager) this.agentChanged(agentId);
      }),
    };
    list.push(filter);
  }

  /** Forgets the filters of a framework; of some of its roles when they are named. */
  clearFilters(frameworkId: string, roles?: ReadonlySet<string>): void {
    const byKey = this.#filters.get(frameworkId);
    if (byKey === undefined) return;
    for (const [key, filters] of byKey) {
      if (roles !== undefined && !roles.has(key.slice(0, key.indexOf('\0')))) continue;
      for (const filter of filters) filter.timer.cancel();
      byKey.delete(key);
    }
    if (byKey.size === 0) this.#filters.delete(frameworkId);
  }

  #schedule(): void {
    this.#scheduled ??= this.#clock.after(batchDelay, () => {
      this.#scheduled = undefined;
      this.#run();
    });
  }

  #run(): void {
    // Mesos shuffles the agents of a round; here the youngest comes first, every time.
    const candidates = [...this.#candidates].reverse();
    this.#candidates.clear();
    const grants = new Map<Framework, Grant[]>();
    for (const id of candidates) {
      const agent = this.#cluster.agents.get(id);
      if (agent?.active === true && agent.available.length > 0) this.#divide(agent, grants);
    }
    for (const [framework, list] of grants) this.#cluster.makeOffers(framework, list.reverse());
  }

  #divide(agent: Agent, grants: Map<Framework, Grant[]>): void {
    for (const { role, framework } of this.#claims()) {
      const usable = this.#withinLimits(
        role,
        inOfferOrder(agent.available.filter((resource) => isUsableBy(resource, role))),
      );
      if (!isWorthOffering(usable) || this.#isFiltered(framework.id, role, agent.id, usable)) continue;
      agent.reserveForOffer(usable);
      framework.holdings.add(role, usable);
      const list = grants.get(framework);
      const grant: Grant = { agent, role, resources: usable };
      if (list === undefined) grants.set(framework, [grant]);
      else list.push(grant);
      if (agent.available.length === 0) return;
    }
  }

  /** What a role may still be offered: its limits count what it holds already; reserved resources are its own anyway. */
  #withinLimits(role: string, resources: readonly Resource[]): Resource[] {
    const { limits } = this.#cluster.quotas.of(role);
    if (limits.size === 0) return [...resources];
    const left = new Map([...limits].map(([name, limit]) => [name, Math.max(limit - this.#held(role, name), 0)]));
    const reserved = resources.filter((resource) => reservedTo(resource) !== undefined);
    const free = resources.filter((resource) => reservedTo(resource) === undefined);
    return [...reserved, ...shrinkToLimits(free, left)];
  }

  #held(role: string, name: string): number {
    let held = 0;
    for (const framework of this.#cluster.frameworks.values()) held += framework.holdings.of(role).get(name) ?? 0;
    return held;
  }

  /** Whether a role has less than it was promised: such roles come before all others (docs/quota.md). */
  #isOwed(role: string): boolean {
    if (!this.#cluster.quotas.any) return false;
    return [...this.#cluster.quotas.of(role).guarantees].some(([name, amount]) => this.#held(role, name) < amount);
  }

  /** Who may be offered something, the poorest first: by the share of the role over its weight, then of the framework within it. */
  #claims(): { role: string; framework: Framework }[] {
    const total = this.#totals();
    const roleShares = new Map<string, number>();
    const claims: { role: string; framework: Framework; share: number }[] = [];
    for (const framework of this.#cluster.frameworks.values()) {
      for (const role of framework.roles) {
        const share = framework.holdings.share(role, total);
        roleShares.set(role, (roleShares.get(role) ?? 0) + share / this.#cluster.weights.of(role));
        if (framework.connected && !framework.suppressed.has(role)) claims.push({ role, framework, share });
      }
    }
    const owed = new Map([...roleShares.keys()].map((role) => [role, this.#isOwed(role) ? 0 : 1]));
    return claims.sort(
      (a, b) =>
        (owed.get(a.role) ?? 1) - (owed.get(b.role) ?? 1) ||
        (roleShares.get(a.role) ?? 0) - (roleShares.get(b.role) ?? 0) ||
        (a.role < b.role ? -1 : a.role > b.role ? 1 : a.share - b.share),
    );
  }

  #totals(): Quantities {
    if (this.#total === undefined) {
      const total = new Map<string, number>();
      for (const agent of this.#cluster.agents.values()) {
        for (const resource of agent.total) {
          total.set(resource.name, (total.get(resource.name) ?? 0) + quantityOf(resource));
        }
      }
      this.#total = total;
    }
    return this.#total;
  }

  #isFiltered(frameworkId: string, role: string, agentId: string, resources: readonly Resource[]): boolean {
    const filters = this.#filters.get(frameworkId)?.get(`${role}\0${agentId}`) ?? [];
    return filters.some((filter) => containsResources([...filter.resources], [...resources]));
  }
}

/** Reserved resources first, then ranges and sets, then scalars: the order in which Mesos builds an offer. */
function inOfferOrder(resources: readonly Resource[]): Resource[] {
  const rank = (resource: Resource): number =>
    reservedTo(resource) !== undefined ? 0 : resource.type === 'SCALAR' ? 2 : 1;
  return [...resources].sort((a, b) => rank(a) - rank(b));
}

/** Mesos offers nothing below 0.01 cpus and 32 MB (--min_allocatable_resources=cpus:0.01|mem:32). */
function isWorthOffering(resources: readonly Resource[]): boolean {
  let cpus = 0;
  let mem = 0;
  for (const { name, scalar } of resources) {
    if (name === 'cpus') cpus += scalar?.value ?? 0;
    else if (name === 'mem') mem += scalar?.value ?? 0;
  }
  return cpus >= 0.01 || mem >= 32;
}

/** What is left of resources when some are used. */
export function remainder(resources: readonly Resource[], used: readonly Resource[]): Resource[] {
  return subtractResources([...resources], [...used]);
}
