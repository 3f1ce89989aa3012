import { QuantityError, type Node, type Pod } from '@kmd/kube-client';
import type { Demand } from '../pod/demand.js';
import { explainMisfits, fitPod, needsOf, type Fit, type NeedsOptions, type PodNeeds } from '../offer/fit.js';
import type { Roles } from '../pod/roles.js';
import type { Agent, AgentBook } from './agents.js';

/** Fitting agents that are compared before the best is taken: more spread evener, and cost time with each agent. */
const COMPARED = 8;

export interface PlacerOptions {
  readonly agents: AgentBook;
  readonly roles: Roles;
  readonly executor: Demand;
  readonly needs?: NeedsOptions | undefined;
  /** The node of an agent, as it is or will be. */
  readonly nodeOf: (agent: Agent) => Node;
  /** Whether tasks of ours are alive on an agent: then its executor is, too, or is being started. */
  readonly isBusy: (agentId: string) => boolean;
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

/** Finds places for pods among the offers in hand, the emptiest of the agents looked at first. */
export class Placer {
  readonly #options: PlacerOptions;

  constructor(options: PlacerOptions) {
    this.#options = options;
  }

  place(pod: Pod): Placement | Refusal {
    const { agents, roles, needs: needsOptions } = this.#options;
    let needs: PodNeeds;
    try {
      needs = needsOf(pod, roles, needsOptions);
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      return { message: `the pod cannot be measured: ${error.message}`, unseen: 0 };
    }
    let best: Placement | undefined;
    let compared = 0;
    for (const agent of agents.available()) {
      const fit = this.#fit(needs, agent);
      if ('missing' in fit) continue;
      if (!best || this.#room(agent) > this.#room(best.agent)) best = { agent, fit };
      if (++compared === COMPARED) break;
    }
    return best ?? this.#refuse(needs);
  }

  #fit(needs: PodNeeds, agent: Agent): ReturnType<typeof fitPod> {
    const { executor, roles, nodeOf, isBusy } = this.#options;
    if (agent.foreignExecutor !== undefined)
      return { missing: [`executor ${agent.foreignExecutor} of another version still runs there`] };
    const runs = agent.executor || isBusy(agent.id);
    return fitPod(needs, {
      stock: agent.stock,
      node: nodeOf(agent),
      executor: runs ? undefined : { ...executor, roles: roles.framework },
    });
  }

  #room(agent: Agent): number {
    return agent.stock.scalar('cpus', this.#options.roles.framework);
  }

  #refuse(needs: PodNeeds): Refusal {
    const known = this.#options.agents.list();
    let unseen = 0;
    const misfits = known.map((agent) => {
      const fit = this.#fit(needs, agent);
      if (agent.offers.size === 0) unseen += 1;
      // Nothing is wrong with what it had when it was last in hand: it will come again.
      const missing = 'missing' in fit ? fit.missing : ['no offer at the moment'];
      return { agent: agent.hostname, missing };
    });
    return { message: explainMisfits(misfits), unseen };
  }
}
