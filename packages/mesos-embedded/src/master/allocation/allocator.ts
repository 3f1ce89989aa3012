import type { Resource } from '@kmd/mesos-client';

import type { Clock, Timer } from '../../clock.js';
import type { Agent } from '../agent.js';
import type { Framework } from '../framework.js';
import { ClusterTotals } from './cluster-totals.js';
import { OfferFilters } from './offer-filters.js';
import { Round, type Cluster, type Grant } from './round.js';
import { Stopwatch } from '../metrics/stopwatch.js';

/** Where the decisions of the allocator go. */
export interface AllocationResults {
  /** Offers what one round gave to a framework. */
  offer(framework: Framework, grants: readonly Grant[]): void;
  /** Asks frameworks for those of these agents that are to be taken away; after every round. */
  announceMaintenance(agents: readonly Agent[]): void;
}

/** How long a round waits for more events, in milliseconds, so that what happens together is divided together. */
const batchDelay = 1;

/**
 * Decides when to divide: soon after a framework or an agent came or changed, for the agents concerned, and for all of them at every
 * interval. What is given back waits for the interval, as with Mesos, unless the allocator is eager.
 */
export class Allocator {
  readonly totals = new ClusterTotals();
  readonly filters: OfferFilters;
  /** Of rounds, and of the time from the event to its round. */
  readonly runs = new Stopwatch();
  readonly latencies = new Stopwatch();
  readonly #cluster: Cluster;
  readonly #results: AllocationResults;
  readonly #clock: Clock;
  readonly #flags: { readonly allocationInterval: number; readonly eagerAllocation: boolean };
  readonly #candidates = new Set<string>();
  #interval: Timer | undefined;
  /** Whether the round that was asked for is that of the interval, which begins anew with its end. */
  #periodic = false;
  #scheduled: Timer | undefined;
  #asked = 0;

  constructor(
    cluster: Cluster,
    results: AllocationResults,
    clock: Clock,
    flags: { readonly allocationInterval: number; readonly eagerAllocation: boolean },
  ) {
    this.#cluster = cluster;
    this.#results = results;
    this.#clock = clock;
    this.#flags = flags;
    this.filters = new OfferFilters(clock, (agentId) => {
      this.#freed(agentId);
    });
    this.nextRoundIn(flags.allocationInterval);
  }

  /** The next round of all runs in so many milliseconds; those after it at the interval from then. */
  nextRoundIn(milliseconds: number): void {
    this.#interval?.cancel();
    this.#interval = this.#clock.after(milliseconds, () => {
      this.#periodic = true;
      this.allocateAll();
    });
  }

  close(): void {
    this.#interval?.cancel();
    this.#scheduled?.cancel();
    this.filters.close();
  }

  /** An agent came, or has something else than before. */
  agentChanged(agent: Agent): void {
    this.totals.set(agent.id, agent.total);
    this.allocateOn(agent.id);
  }

  agentRemoved(agentId: string): void {
    this.totals.remove(agentId);
    this.#candidates.delete(agentId);
  }

  /** An agent can be offered (again). */
  allocateOn(agentId: string): void {
    this.#candidates.add(agentId);
    this.#schedule();
  }

  /** A framework came, or wants offers again. */
  allocateAll(): void {
    for (const id of this.#cluster.agents.keys()) this.#candidates.add(id);
    this.#schedule();
  }

  /** Gives resources that a framework held back to its agent. */
  recover(framework: Framework, agent: Agent, role: string, resources: readonly Resource[]): void {
    framework.holdings.remove(role, resources);
    agent.release(resources);
    this.#freed(agent.id);
  }

  /**
   * Keeps resources of an agent from a role of a framework, for a time: until the next round at least (MESOS-4302). No time at all
   * is no refusal; an eager allocator takes that only where something of the offer was used, or it would ask without end.
   */
  refuse(
    refusal: { framework: Framework; agent: Agent; role: string; resources: readonly Resource[]; used?: boolean },
    seconds: number,
  ): void {
    const { framework, agent, role, resources, used = false } = refusal;
    if (resources.length === 0 || (seconds === 0 && (used || !this.#flags.eagerAllocation))) return;
    const key = { frameworkId: framework.id, role, agentId: agent.id };
    this.filters.add(key, resources, Math.max(seconds * 1000, this.#flags.allocationInterval));
  }

  #freed(agentId: string): void {
    if (this.#flags.eagerAllocation) this.allocateOn(agentId);
  }

  #schedule(): void {
    if (this.#scheduled !== undefined) return;
    this.#asked = this.#clock.now();
    this.#scheduled = this.#clock.after(batchDelay, () => {
      this.#scheduled = undefined;
      this.#run();
    });
  }

  /** Mesos shuffles the agents of a round; here the youngest comes first, every time. */
  #takeCandidates(): Agent[] {
    const { agents } = this.#cluster;
    const ids = this.#candidates.size > 1 ? [...agents.keys()].filter((id) => this.#candidates.has(id)) : [...this.#candidates]; // prettier-ignore
    this.#candidates.clear();
    return ids.reverse().flatMap((id) => agents.get(id) ?? []);
  }

  /** Divides what is free on one agent, without waiting for others. */
  divideNow(agent: Agent): void {
    this.#divide([agent]);
  }

  #divide(agents: readonly Agent[]): void {
    this.runs.time(this.#clock, () => {
      const offerable = agents.filter(({ active }) => active);
      const grants = new Round(this.#cluster, this.totals, this.filters).run(offerable);
      for (const [framework, list] of grants) this.#results.offer(framework, [...list].reverse());
      this.#results.announceMaintenance(agents);
    });
  }

  #run(): void {
    this.latencies.note(this.#clock.now() - this.#asked);
    this.#divide(this.#takeCandidates());
    if (!this.#periodic) return;
    this.#periodic = false;
    this.nextRoundIn(this.#flags.allocationInterval);
  }
}
