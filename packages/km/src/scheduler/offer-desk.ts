import type { Informer, Logger, Node } from '@kmd/kube-client';
import type { Offer, Resource, SchedulerCallBody } from '@kmd/mesos-client';
import { REGISTER_NODE } from '../message.js';
import { isReady } from '../node.js';
import { addressOf, AgentBook, type Agent } from './agents.js';
import type { Executors } from './executors.js';
import type { SchedulerMetrics } from './metrics.js';
import type { NodeRegistrar } from './nodes.js';
import type { TaskRegistry } from './registry.js';

/** A refusal that lasts until REVIVE or until the agent has more to offer. Seconds; Mesos caps it at a year. */
const LONG_REFUSAL = 3600;
/** How often it is looked for offers that have expired, in the time for which one is kept. */
const EXPIRY_LOOKS = 5;
/** Seconds until an offer comes again that nobody can use now. */
const SHORT_REFUSAL = 2;

export interface OfferDeskOptions {
  readonly executors: Executors;
  readonly registrar: NodeRegistrar;
  readonly registry: TaskRegistry;
  readonly nodes: Informer<Node>;
  /** Resolves when the master has heard the call, or never will. */
  readonly send: (call: SchedulerCallBody) => Promise<void>;
  readonly metrics: SchedulerMetrics;
  readonly logger: Logger;
  /** Milliseconds for which an offer is kept for pods to come, and up to a fifth more. */
  readonly offerTtl: number;
  /** Whether nobody needs an offer, so that the master may be told to send none; undefined: it is never told. */
  readonly isIdle: (() => boolean) | undefined;
}

/** Takes offers in, keeps them for a while, gives them back, and asks for them again. */
export class OfferDesk {
  readonly agents: AgentBook;
  readonly #options: OfferDeskOptions;
  /** Offers were declined for long, or never came: REVIVE brings them back. */
  #refused = false;
  #suppressed = false;
  #revivals = 0;
  /** One timer for the offers of all agents, set while there are any: what has expired meanwhile is declined together. */
  #expiry: NodeJS.Timeout | undefined;

  constructor(options: OfferDeskOptions) {
    this.#options = options;
    this.agents = new AgentBook(options.executors.id);
  }

  /** The framework has subscribed: whatever was known of offers is void. */
  reset(): void {
    this.agents.drop();
    this.#refused = this.#suppressed = false;
  }

  take(offer: Offer): void {
    const { registrar, metrics } = this.#options;
    metrics.offersReceived.add({ hostname: offer.hostname });
    const rival = this.agents.rivalOf(offer);
    if (rival) return this.#refuse(offer, rival);
    const agent = this.agents.take(offer);
    const node = registrar.ensure(agent, () => this.#totalOf(agent));
    // The node was given up with its agent, which is back: its executor need not wait for its next heartbeat.
    if (agent.executor && !isReady(node)) this.askForNode(agent);
    this.#watchExpiry();
  }

  /** Has the agent's executor write its node, with all that only the executor knows, such as its port. */
  askForNode(agent: Agent): void {
    void this.#options.send({
      type: 'MESSAGE',
      message: {
        agent_id: { value: agent.id },
        executor_id: { value: this.#options.executors.id },
        data: Buffer.from(REGISTER_NODE).toString('base64'),
      },
    });
  }

  rescind(offerId: string): void {
    const agent = this.agents.rescind(offerId);
    if (agent) this.#options.metrics.offersDeclined.add({ hostname: agent.hostname, reason: 'rescinded' });
  }

  /** Gives an agent's offers out of hand for a launch. */
  spend(agent: Agent): string[] {
    const ids = this.agents.release(agent);
    this.#options.metrics.offersAcquired.add({ hostname: agent.hostname }, ids.length);
    return ids;
  }

  /** Whether the launch reached the master nobody knows: if not, it would wait for an answer to these offers for ever. */
  release(agent: Agent, offers: readonly string[]): void {
    const { metrics, send } = this.#options;
    this.#refused = true;
    metrics.offersReleased.add({ hostname: agent.hostname }, offers.length);
    const ids = offers.map((value) => ({ value }));
    void send({ type: 'DECLINE', decline: { offer_ids: ids, filters: { refuse_seconds: 0 } } });
  }

  /** The agent's node as it is or is about to be. */
  nodeOf(agent: Agent): Node {
    const { registrar } = this.#options;
    return registrar.get(agent.hostname) ?? registrar.ensure(agent, () => this.#totalOf(agent));
  }

  /** What an agent has altogether: what it offers, and what the framework's own tasks and executor take of it. */
  #totalOf(agent: Agent): Resource[] {
    const { registry, executors } = this.#options;
    const used = registry.onAgent(agent.id).flatMap(({ resources }) => resources);
    const executor = agent.executor ? executors.resourcesOn(agent.id) : [];
    return [...[...agent.offers.values()].flatMap((offer) => offer.resources ?? []), ...used, ...executor];
  }

  /** Whether offers that were given back could be had again by asking. */
  get hasMore(): boolean {
    return this.#refused || this.#suppressed;
  }

  get suppressed(): boolean {
    return this.#suppressed;
  }

  /** Asks for the offers that were declined. */
  revive(): void {
    if (!this.hasMore) return;
    this.#refused = this.#suppressed = false;
    this.#revivals += 1;
    void this.#options.send({ type: 'REVIVE' });
  }

  loseExecutor(agentId: string): void {
    this.#options.executors.forget(agentId);
    const agent = this.agents.get(agentId);
    if (agent) agent.executor = false;
  }

  /** Mesos has given the agent up. Returns the host name of its node. */
  loseAgent(agentId: string): string | undefined {
    const { executors, logger, registrar } = this.#options;
    const agent = this.agents.forget(agentId);
    executors.forget(agentId);
    if (!agent) return undefined;
    logger.warn({ agentId, node: agent.hostname }, 'agent lost');
    void registrar.lose(agent.hostname, 'the Mesos agent is gone or cut off');
    return agent.hostname;
  }

  /** Two agents cannot be one node. The second may be what the first has become: it is asked again soon. */
  #refuse(offer: Offer, rival: Agent): void {
    const { metrics, send, logger } = this.#options;
    const agents = [rival.address, addressOf(offer)];
    logger.warn({ node: offer.hostname, agents }, 'two agents have one host name: give each its own (--hostname)');
    metrics.offersDeclined.add({ hostname: offer.hostname, reason: 'compat' });
    void send({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters: { refuse_seconds: SHORT_REFUSAL } } });
  }

  #watchExpiry(): void {
    this.#expiry ??= setTimeout(() => {
      this.#expiry = undefined;
      this.#declineExpired();
      if (this.agents.held > 0) this.#watchExpiry();
    }, this.#options.offerTtl / EXPIRY_LOOKS).unref();
  }

  /** Nobody wanted these offers in time: others may have them, until a pod comes or the agents have more. */
  #declineExpired(): void {
    const { metrics, send, isIdle, offerTtl } = this.#options;
    const latest = performance.now() - offerTtl;
    const ids: { value: string }[] = [];
    for (const agent of this.agents.list()) {
      if (agent.offers.size === 0 || agent.heldSince > latest) continue;
      const expired = this.agents.release(agent);
      metrics.offersDeclined.add({ hostname: agent.hostname, reason: 'expired' }, expired.length);
      ids.push(...expired.map((value) => ({ value })));
    }
    if (ids.length === 0) return;
    this.#refused = true;
    const revivals = this.#revivals;
    const decline = { offer_ids: ids, filters: { refuse_seconds: LONG_REFUSAL } };
    void send({ type: 'DECLINE', decline }).then(() => {
      // A refusal that the master heard late must not outlast the revival that came after it.
      if (this.#revivals !== revivals) void send({ type: 'REVIVE' });
    });
    if (isIdle?.() && this.agents.held === 0 && !this.#suppressed) {
      this.#suppressed = true;
      void send({ type: 'SUPPRESS' });
    }
  }
}
