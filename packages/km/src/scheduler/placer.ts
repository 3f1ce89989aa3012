import { QuantityError, type Node, type Pod } from '@kmd/kube-client';
import type { Demand } from '../pod/demand.js';
import { fitPod, needsOf, type Fit, type NeedsOptions, type PodNeeds } from '../offer/fit.js';
import { explainMisfits } from '../offer/lack.js';
import { controllerOf } from '../pod/kin.js';
import type { NodeRule } from '../pod/neighbour.js';
import { nodePreference } from '../pod/placement.js';
import type { Roles } from '../pod/roles.js';
import type { Agent, AgentBook } from './agents.js';
import type { TaskRegistry } from './registry.js';

/** Agents that a spreading placer looks at once one has fitted: more spread evener, and cost time with each agent. */
export const COMPARED = 32;

/**
 * How a pod's agent is chosen among those that fit and that its preferences (affinity, taints, topology spread) like best. `spread`: the
 * one with the fewest pods of the same controller, then the one with the most free cpus. `pack`: the one with the fewest free cpus, so
 * that others stay empty.
 */
export type Placing = 'spread' | 'pack';

export interface PlacerOptions {
  readonly agents: AgentBook;
  readonly roles: Roles;
  readonly executor: Demand;
  readonly needs?: NeedsOptions | undefined;
  /** The node of an agent, as it is or will be. */
  readonly nodeOf: (agent: Agent) => Node;
  /** The tasks that are alive: where one is, the executor is, too, or is being started. */
  readonly registry: TaskRegistry;
  /** Default `spread`. */
  readonly placing?: Placing | undefined;
  /** What a pod's rules about other pods, and other pods' about it, make of each node. */
  readonly neighbours: { rulesFor(pod: Pod): readonly NodeRule[] };
}

export interface Placement {
  readonly agent: Agent;
  readonly fit: Fit;
}

/** Why a pod has no place now. */
export interface Refusal {
  /** In words; to be asked for in the same turn. It looks at every agent, which a pod that is tried again at once need not pay for. */
  readonly explain: () => string;
  /** Agents whose offers are not in hand: reviving could bring them. */
  readonly unseen: number;
}

/** What is against an agent, the weightiest first: the pod's wishes, its kin that are there, the room. */
type Score = readonly [cost: number, kin: number, room: number];

const isBetter = (a: Score, b: Score): boolean => {
  const differs = a.findIndex((value, index) => value !== b[index]);
  return differs >= 0 && (a[differs] ?? 0) < (b[differs] ?? 0);
};

const hasWishes = ({ spec }: Pod): boolean =>
  spec?.affinity !== undefined || (spec?.topologySpreadConstraints?.length ?? 0) > 0;

/** Finds places for pods among the offers in hand. */
export class Placer {
  readonly #options: PlacerOptions;

  constructor(options: PlacerOptions) {
    this.#options = options;
  }

  place(pod: Pod): Placement | Refusal {
    const { roles, agents, needs: needsOptions } = this.#options;
    let needs: PodNeeds;
    try {
      needs = needsOf(pod, roles, needsOptions);
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      return { explain: () => `the pod cannot be measured: ${error.message}`, unseen: 0 };
    }
    const rules = this.#options.neighbours.rulesFor(pod);
    let message: string | undefined;
    return (
      this.#choose(needs, rules) ?? {
        explain: () => (message ??= this.#explain(needs, rules)),
        unseen: agents.size - agents.offering,
      }
    );
  }

  #choose(needs: PodNeeds, rules: readonly NodeRule[]): Placement | undefined {
    const { agents, registry, nodeOf, placing = 'spread' } = this.#options;
    const { pod } = needs;
    const controller = controllerOf(pod);
    const wishes = [nodePreference(pod), ...rules];
    // Whoever has wishes has all agents looked at: the one that meets them may be the last.
    const enough = placing === 'spread' && !hasWishes(pod) ? COMPARED : Infinity;
    let best: (Placement & { readonly score: Score }) | undefined;
    let looked = 0;
    for (const agent of agents.available()) {
      if (best && ++looked >= enough) break;
      const node = nodeOf(agent);
      const cost = wishes.reduce((sum, wish) => sum + (wish.cost?.(node) ?? 0), 0);
      const score: Score =
        placing === 'pack'
          ? [cost, 0, this.#room(agent)]
          : [cost, registry.countKin(controller, agent.id), -this.#room(agent)];
      // The fit is the dear part: an agent that would not be taken anyway is not asked.
      if (best && !isBetter(score, best.score)) continue;
      const fit = this.#fit(needs, agent, rules);
      if (!('lacks' in fit)) best = { agent, fit, score };
    }
    return best;
  }

  #fit(needs: PodNeeds, agent: Agent, rules: readonly NodeRule[]): ReturnType<typeof fitPod> {
    const { executor, roles, nodeOf, registry } = this.#options;
    if (agent.foreignExecutor !== undefined)
      return { lacks: [{ what: `where executor ${agent.foreignExecutor} of another version still runs` }] };
    const runs = agent.executor || registry.countOnAgent(agent.id) > 0;
    const node = nodeOf(agent);
    for (const { forbids } of rules) {
      const what = forbids?.(node);
      if (what !== undefined) return { lacks: [{ what }] };
    }
    return fitPod(needs, {
      stock: agent.stock,
      node,
      executor: runs ? undefined : { demand: executor, roles: roles.framework },
    });
  }

  #room(agent: Agent): number {
    return agent.stock.scalar('cpus', this.#options.roles.framework);
  }

  #explain(needs: PodNeeds, rules: readonly NodeRule[]): string {
    const misfits = this.#options.agents.list().map((agent) => {
      const fit = this.#fit(needs, agent, rules);
      // Nothing is wrong with what it had when it was last in hand: it will come again.
      const lacks = 'lacks' in fit ? fit.lacks : [{ what: 'without an offer at the moment' }];
      return { agent: agent.hostname, lacks };
    });
    return explainMisfits(misfits);
  }
}
