import {
  isRevocable,
  isShared,
  quantitiesOf,
  shrinkToLimits,
  shrinkToQuantities,
  subtractResources,
  type Resource,
} from '@kmd/mesos-client';

import { isUsableBy, reservedTo } from '../../resources.js';
import type { Agent } from '../agent.js';
import type { Framework } from '../framework.js';
import { mayUse, usableBy } from './capabilities.js';
import type { ClusterTotals } from './cluster-totals.js';
import { changeAll, isFree, type Quantities } from './holdings.js';
import { isWorthOffering } from './minimum.js';
import type { OfferFilters } from './offer-filters.js';
import { byFairness, dominantShare, RoleTree } from './role-tree.js';

/** What is divided. */
export interface Cluster {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly frameworks: ReadonlyMap<string, Framework>;
  readonly weights: { of(role: string): number };
  readonly quotas: { of(role: string): Quota; readonly roles: readonly string[] };
  /** What an offer holds at least (minimum.ts). */
  readonly minimum: readonly Quantities[];
}

/** What a role of the first level is promised, and what it may have at most; a name that is not there is unlimited. */
export interface Quota {
  readonly guarantees: Quantities;
  readonly limits: Quantities;
}

/** Resources of an agent, meant for a role of a framework. */
export interface Grant {
  readonly agent: Agent;
  readonly role: string;
  readonly resources: readonly Resource[];
}

/**
 * One round of allocation, as Mesos does it (src/master/allocator/mesos/hierarchical.cpp, __generateOffers): first the roles that have
 * less than they are promised, then all of them; nobody is given what is needed for promises that are still open.
 */
export class Round {
  readonly #cluster: Cluster;
  readonly #totals: ClusterTotals;
  readonly #filters: OfferFilters;
  readonly #tree: RoleTree;
  /** Frameworks that want offers, by role. */
  readonly #members = new Map<string, Framework[]>();
  /** Their order within a role, until something is given to it. */
  readonly #orders = new Map<string, readonly Framework[]>();
  /** What counts against their quota, of roles that have one. */
  readonly #consumed = new Map<string, Map<string, number>>();
  /** What must be left for promises, and what is left: scalars for anybody. */
  readonly #required = new Map<string, number>();
  readonly #headroom = new Map<string, number>();
  readonly #grants = new Map<Framework, Grant[]>();
  /** Shared resources that this round gave away; they are not offered twice at a time. */
  readonly #shared = new Map<Agent, Resource[]>();

  constructor(cluster: Cluster, totals: ClusterTotals, filters: OfferFilters) {
    this.#cluster = cluster;
    this.#totals = totals;
    this.#filters = filters;
    this.#tree = new RoleTree(totals.all, (path) => cluster.weights.of(path));
    for (const framework of cluster.frameworks.values()) {
      for (const role of new Set([...framework.roles, ...framework.holdings.roles])) {
        this.#tree.add(role, framework.holdings.of(role), framework.holdings.offersOf(role));
      }
      if (!framework.connected) continue;
      for (const role of framework.roles) if (!framework.suppressed.has(role)) push(this.#members, role, framework);
    }
    if (cluster.quotas.roles.length > 0) this.#countQuotas();
  }

  /** Divides what is free on these agents; returns what each framework is to be offered. */
  run(agents: readonly Agent[]): ReadonlyMap<Framework, readonly Grant[]> {
    if (this.#cluster.quotas.roles.length > 0) for (const agent of agents) this.#keepPromises(agent);
    for (const agent of agents) this.#share(agent);
    return this.#grants;
  }

  #countQuotas(): void {
    const { quotas } = this.#cluster;
    for (const role of quotas.roles) this.#consumed.set(role, this.#consumedBy(role));
    for (const role of quotas.roles) {
      for (const [name, amount] of quotas.of(role).guarantees) {
        const missing = amount - (this.#consumed.get(role)?.get(name) ?? 0);
        if (missing > 0) changeAll(this.#required, new Map([[name, missing]]));
      }
    }
    if (this.#required.size === 0) return;
    // What is free: all, but for what is held without being reserved, and what is reserved.
    changeAll(this.#headroom, this.#totals.all);
    for (const amounts of this.#totals.reserved.values()) changeAll(this.#headroom, amounts, -1);
    for (const { holdings } of this.#cluster.frameworks.values()) {
      for (const role of holdings.roles) changeAll(this.#headroom, holdings.freeOf(role), -1);
    }
  }

  /** Reservations of a role and those below it, used or not, and what is used or offered besides. */
  #consumedBy(role: string): Map<string, number> {
    const consumed = new Map<string, number>();
    const below = (other: string): boolean => other === role || other.startsWith(`${role}/`);
    for (const [other, amounts] of this.#totals.reserved) if (below(other)) changeAll(consumed, amounts);
    for (const { holdings } of this.#cluster.frameworks.values()) {
      for (const other of holdings.roles) if (below(other)) changeAll(consumed, holdings.freeOf(other));
    }
    return consumed;
  }

  /** The first stage: roles with promises that are not kept. Quotas are of the first level's roles only. */
  #keepPromises(agent: Agent): void {
    for (const role of this.#tree.order) {
      const quota = this.#cluster.quotas.of(role);
      const consumed = this.#consumed.get(role);
      if (quota.guarantees.size === 0 || consumed === undefined) continue;
      for (const framework of this.#order(role)) {
        const missing = difference(quota.guarantees, consumed);
        if (missing.size === 0) break;
        const available = this.#availableTo(agent, role, framework);
        const free = available.filter(isFreeScalar);
        const promised = shrinkToQuantities(free, missing);
        if (promised.length === 0) continue;
        let more = subtractResources(free, promised);
        more = shrinkToLimits(more, this.#leftOf(role, promised));
        more = shrinkToLimits(more, this.#surplus());
        const always = available.filter((one) => reservedTo(one) === role || one.type !== 'SCALAR' || isRevocable(one));
        if (!this.#give({ agent, role, resources: [...promised, ...always, ...more] }, framework)) continue;
        changeAll(this.#required, quantitiesOf(promised), -1);
        for (const [name, amount] of this.#required) if (amount < 0) this.#required.delete(name);
      }
    }
  }

  /** The second stage: everybody, the poorest first. */
  #share(agent: Agent): void {
    for (const role of this.#tree.order) {
      for (const framework of this.#order(role)) {
        // Whoever refuses all that is there refuses any part of it: most agents of a quiet cluster are left at that.
        const key = { frameworkId: framework.id, role, agentId: agent.id };
        if (this.#filters.refuses(key, agent.available)) continue;
        const available = this.#availableTo(agent, role, framework);
        if (available.length === 0) continue;
        let free = available.filter(isFreeScalar);
        const always = available.filter((resource) => !isFreeScalar(resource));
        free = shrinkToLimits(free, this.#leftOf(role, []));
        free = shrinkToLimits(free, this.#surplus());
        this.#give({ agent, role, resources: [...always, ...free] }, framework);
      }
      if (agent.available.length === 0) return;
    }
  }

  #availableTo(agent: Agent, role: string, framework: Framework): readonly Resource[] {
    if (agent.available.length === 0 || !mayUse(framework, agent)) return [];
    if (framework.constraints.excludes(role, agent.info)) return [];
    const usable = agent.available.filter((resource) => isUsableBy(resource, role) && usableBy(framework, resource));
    const shared = this.#shared.get(agent);
    return shared === undefined ? usable : subtractResources(usable, shared);
  }

  /** What a role may still have, of what it is limited in. */
  #leftOf(role: string, promised: readonly Resource[]): Quantities {
    const [top = role] = role.split('/');
    const { limits } = this.#cluster.quotas.of(top);
    if (limits.size === 0) return limits;
    const consumed = new Map(this.#consumed.get(top));
    changeAll(consumed, quantitiesOf(promised));
    return new Map([...limits].map(([name, limit]) => [name, Math.max(limit - (consumed.get(name) ?? 0), 0)]));
  }

  /** What need not be kept for open promises, of what is promised. */
  #surplus(): Quantities {
    return new Map(
      [...this.#required].map(([name, amount]) => [name, Math.max((this.#headroom.get(name) ?? 0) - amount, 0)]),
    );
  }

  #give(grant: Grant, framework: Framework): boolean {
    const { agent, role, resources } = grant;
    const key = { frameworkId: framework.id, role, agentId: agent.id };
    if (!isWorthOffering(resources, role, framework, this.#cluster.minimum)) return false;
    if (this.#filters.refuses(key, resources)) return false;
    agent.take(resources);
    framework.holdings.offer(role, resources);
    const amounts = quantitiesOf(resources.filter(({ type }) => type === 'SCALAR'));
    this.#tree.give(role, amounts);
    this.#orders.delete(role);
    const free = quantitiesOf(resources.filter(isFreeScalar));
    const [top = role] = role.split('/');
    const consumed = this.#consumed.get(top);
    if (consumed !== undefined) changeAll(consumed, free);
    if (this.#required.size > 0) changeAll(this.#headroom, free, -1);
    const shared = resources.filter(isShared);
    if (shared.length > 0) this.#shared.set(agent, [...(this.#shared.get(agent) ?? []), ...shared]);
    push(this.#grants, framework, grant);
    return true;
  }

  /** The frameworks of a role that want offers, the poorest first. */
  #order(role: string): readonly Framework[] {
    const known = this.#orders.get(role);
    if (known !== undefined) return known;
    const ranked = (this.#members.get(role) ?? []).map((framework) => ({
      framework,
      share: dominantShare(framework.holdings.of(role), this.#totals.all),
      offers: framework.holdings.offersOf(role),
      path: framework.id,
    }));
    const order = ranked.sort(byFairness).map(({ framework }) => framework);
    this.#orders.set(role, order);
    return order;
  }
}

function isFreeScalar(resource: Resource): boolean {
  return resource.type === 'SCALAR' && isFree(resource);
}

/** What of the first is not in the second. */
function difference(left: Quantities, right: Quantities): Quantities {
  return new Map(
    [...left].map(([name, amount]) => [name, amount - (right.get(name) ?? 0)] as const).filter(([, left]) => left > 0),
  );
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
