import type { Attribute, Offer, Resource } from '@kmd/mesos-client';
import { isExecutorId } from '../executor-id.js';
import { Stock } from '../offer/stock.js';

/** An agent that has sent an offer. */
export interface Agent {
  readonly id: string;
  readonly hostname: string;
  /** Address of the agent, for the node's `InternalIP`; its host name where the offer tells none. */
  ip: string;
  /** Where the agent itself listens: `ip:port`. Agents of one host differ in it. */
  readonly address: string;
  attributes: readonly Attribute[];
  /** Offers in hand: empty between a launch or decline and the next offer. */
  readonly offers: Map<string, Offer>;
  /** When the last offer came, in milliseconds since the epoch. */
  offeredAt: number;
  /** The same on the clock of `performance.now()`, which nobody sets. */
  heldSince: number;
  /** What the offers in hand have left, or had when they were given back. */
  stock: Stock;
  /** An executor of this framework runs, or is being started, there. */
  executor: boolean;
  /** The id of an executor of another version that blocks the agent. */
  foreignExecutor: string | undefined;
}

const offered = (offers: Iterable<Offer>): Resource[] => [...offers].flatMap((offer) => offer.resources ?? []);

export const addressOf = ({ url, hostname }: Offer): string =>
  url === undefined ? hostname : `${url.address.ip ?? url.address.hostname}:${url.address.port}`;

/** The agents known by their offers, and the offers in hand. */
export class AgentBook {
  readonly #agents = new Map<string, Agent>();
  readonly #offers = new Map<string, Agent>();
  readonly #foreign = new Set<Agent>();
  readonly #executorId: string;
  /** Agents with offers in hand, as long as nothing about them has changed. */
  #inHand: readonly Agent[] | undefined;
  #turn = 0;

  constructor(executorId: string) {
    this.#executorId = executorId;
  }

  /** Takes an offer in hand. */
  take(offer: Offer): Agent {
    const id = offer.agent_id.value;
    const ip = offer.url?.address.ip ?? offer.url?.address.hostname ?? offer.hostname;
    let agent = this.#agents.get(id);
    if (!agent) {
      agent = {
        id,
        hostname: offer.hostname,
        ip,
        address: addressOf(offer),
        attributes: [],
        offers: new Map(),
        offeredAt: 0,
        heldSince: 0,
        stock: new Stock([]),
        executor: false,
        foreignExecutor: undefined,
      };
      // The same host under a new id: the agent was wiped. Its old self offers no more.
      for (const other of [...this.#agents.values()]) if (other.hostname === agent.hostname) this.forget(other.id);
      this.#agents.set(id, agent);
    }
    const executors = (offer.executor_ids ?? []).map(({ value }) => value);
    agent.ip = ip;
    agent.attributes = offer.attributes ?? [];
    agent.executor = executors.includes(this.#executorId);
    agent.foreignExecutor = executors.find((other) => other !== this.#executorId && isExecutorId(other));
    agent.offers.set(offer.id.value, offer);
    agent.offeredAt = Date.now();
    agent.heldSince = performance.now();
    this.#offers.set(offer.id.value, agent);
    this.#inHand = undefined;
    if (agent.foreignExecutor === undefined) this.#foreign.delete(agent);
    else this.#foreign.add(agent);
    agent.stock = new Stock(offered(agent.offers.values()));
    return agent;
  }

  /** An agent that goes by the same host name as the offer's, and is another: it listens elsewhere. */
  rivalOf(offer: Offer): Agent | undefined {
    if (this.#agents.has(offer.agent_id.value)) return undefined;
    const known = this.byHostname(offer.hostname);
    return known?.address === addressOf(offer) ? undefined : known;
  }

  /** The offer is void. Returns its agent, if it was in hand. */
  rescind(offerId: string): Agent | undefined {
    const agent = this.#offers.get(offerId);
    if (!agent) return undefined;
    this.#offers.delete(offerId);
    this.#inHand = undefined;
    agent.offers.delete(offerId);
    if (agent.offers.size > 0) agent.stock = new Stock(offered(agent.offers.values()));
    return agent;
  }

  /** Gives an agent's offers out of hand, because they are used or declined. Returns their ids. */
  release(agent: Agent): string[] {
    this.#inHand = undefined;
    const ids = [...agent.offers.keys()];
    for (const id of ids) this.#offers.delete(id);
    agent.offers.clear();
    return ids;
  }

  /** All offers are void: the master is out of reach. */
  drop(): void {
    for (const agent of this.#agents.values()) this.release(agent);
  }

  /** The agent is gone. */
  forget(agentId: string): Agent | undefined {
    const agent = this.#agents.get(agentId);
    if (agent) {
      this.release(agent);
      this.#foreign.delete(agent);
    }
    this.#agents.delete(agentId);
    return agent;
  }

  get(agentId: string): Agent | undefined {
    return this.#agents.get(agentId);
  }

  byHostname(hostname: string): Agent | undefined {
    for (const agent of this.#agents.values()) if (agent.hostname === hostname) return agent;
    return undefined;
  }

  /** Agents on which an executor of another version runs. */
  listForeign(): Agent[] {
    return [...this.#foreign];
  }

  list(): Agent[] {
    return [...this.#agents.values()];
  }

  /** Agents with offers in hand, beginning each time with another one. */
  *available(): Generator<Agent> {
    const agents = this.#listInHand();
    const start = this.#turn++ % Math.max(agents.length, 1);
    for (let i = 0; i < agents.length; i++) {
      const agent = agents[(start + i) % agents.length];
      if (agent) yield agent;
    }
  }

  #listInHand(): readonly Agent[] {
    return (this.#inHand ??= [...new Set(this.#offers.values())]);
  }

  /** How many agents have offers in hand. */
  get offering(): number {
    return this.#listInHand().length;
  }

  /** How many offers are in hand. */
  get held(): number {
    return this.#offers.size;
  }

  get size(): number {
    return this.#agents.size;
  }
}
