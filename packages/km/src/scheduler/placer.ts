import { QuantityError, type Node, type Pod } from '@kmd/kube-client';
import type { Demand } from '../pod/demand.js';
import { explainMisfits, fitPod, needsOf, type Fit, type NeedsOptions, type PodNeeds } from '../offer/fit.js';
import { controllerOf } from '../pod/kin.js';
import type { Roles } from '../pod/roles.js';
import type { Agent, AgentBook } from './agents.js';
import type { TaskRegistry } from './registry.js';

type Forbids = (node: Node) => string | undefined;

/** Agents that a spreading placer looks at once one has fitted: more spread evener, and cost time with each agent. */
const COMPARED = 32;

/**
 * How a pod's agent is chosen among those that fit. `spread`: the one with the fewest pods of the same controller, then the one with
 * the most free cpus. `pack`: the one with the fewest free cpus, so that others stay empty.
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
  /** Rules that look at the pods of other nodes: why this agent is against them, or undefined. */
  readonly neighbours?: ((pod: Pod) => ((node: Node) => string | undefined) | undefined) | undefined;
}

export interface Placement {
  readonly agent: Agent;
  readonly fit: Fit;
}

/** Why a pod has no place now. */
export interface Refusal {
  readonly message: string;
  /** Agents whose offers are not in hand: reviving could bring them. */
  readonly unseen: number;
}

/** Finds places for pods among the offers in hand. */
export class Placer {
  readonly #options: PlacerOptions;

  constructor(options: PlacerOptions) {
    this.#options = options;
  }

  place(pod: Pod): Placement | Refusal {
    const { roles, needs: needsOptions } = this.#options;
    let needs: PodNeeds;
    try {
      needs = needsOf(pod, roles, needsOptions);
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      return { message: `the pod cannot be measured: ${error.message}`, unseen: 0 };
    }
    const forbids = this.#options.neighbours?.(pod);
    return this.#choose(pod, needs, forbids) ?? this.#refuse(needs, forbids);
  }

  #choose(pod: Pod, needs: PodNeeds, forbids: Forbids | undefined): Placement | undefined {
    const { agents, registry, placing = 'spread' } = this.#options;
    const controller = controllerOf(pod);
    let best: (Placement & { readonly score: readonly [number, number] }) | undefined;
    let looked = 0;
    for (const agent of agents.available()) {
      if (best && placing === 'spread' && ++looked >= COMPARED) break;
      const score: readonly [number, number] =
        placing === 'pack' ? [0, this.#room(agent)] : [registry.countKin(controller, agent.id), -this.#room(agent)];
      // The fit is the dear part: an agent that would not be taken anyway is not asked.
      if (best && (score[0] > best.score[0] || (score[0] === best.score[0] && score[1] >= best.score[1]))) continue;
      const fit = this.#fit(needs, agent, forbids);
      if (!('missing' in fit)) best = { agent, fit, score };
    }
    return best;
  }

  #fit(needs: PodNeeds, agent: Agent, forbids: Forbids | undefined): ReturnType<typeof fitPod> {
    const { executor, roles, nodeOf, registry } = this.#options;
    if (agent.foreignExecutor !== undefined)
      return { missing: [`executor ${agent.foreignExecutor} of another version still runs there`] };
    const runs = agent.executor || registry.countOnAgent(agent.id) > 0;
    const node = nodeOf(agent);
    const forbidden = forbids?.(node);
    if (forbidden !== undefined) return { missing: [forbidden] };
    return fitPod(needs, {
      stock: agent.stock,
      node,
      executor: runs ? undefined : { ...executor, roles: roles.framework },
    });
  }

  #room(agent: Agent): number {
    return agent.stock.scalar('cpus', this.#options.roles.framework);
  }

  #refuse(needs: PodNeeds, forbids: Forbids | undefined): Refusal {
    const known = this.#options.agents.list();
    let unseen = 0;
    const misfits = known.map((agent) => {
      const fit = this.#fit(needs, agent, forbids);
      if (agent.offers.size === 0) unseen += 1;
      // Nothing is wrong with what it had when it was last in hand: it will come again.
      const missing = 'missing' in fit ? fit.missing : ['no offer at the moment'];
      return { agent: agent.hostname, missing };
    });
    return { message: explainMisfits(misfits), unseen };
  }
}
