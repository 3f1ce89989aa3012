import {
  isAlreadyExists,
  isConflict,
  isNotFound,
  nodes,
  type Informer,
  type KubeApi,
  type Logger,
  type Node,
} from '@kmd/kube-client';
import type { Resource } from '@kmd/mesos-client';
import {
  agentReady,
  isReady,
  labelPatch,
  makeNode,
  nodeLabels,
  readyCondition,
  timestamp,
  type NodeFacts,
} from '../node.js';
import type { Demand } from '../pod/demand.js';
import type { Agent } from './agents.js';

const same = (a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

export interface NodeRegistrarOptions {
  readonly kube: KubeApi;
  readonly informer: Informer<Node>;
  readonly executor: Demand;
  readonly logger: Logger;
  /** Milliseconds after which a node without executor gets a new heartbeat (spec B22: 20 s). */
  readonly heartbeatInterval?: number | undefined;
}

/** Keeps one node for each agent: made at its first offer, so that the offer need not be wasted, and kept Ready while no executor does. */
export class NodeRegistrar {
  readonly #kube: KubeApi;
  readonly #informer: Informer<Node>;
  readonly #executor: Demand;
  readonly #logger: Logger;
  readonly #interval: number;
  /** Nodes on their way to the API server, as they will be. */
  readonly #underway = new Map<string, Node>();

  constructor({ kube, informer, executor, logger, heartbeatInterval = 20_000 }: NodeRegistrarOptions) {
    this.#kube = kube;
    this.#informer = informer;
    this.#executor = executor;
    this.#logger = logger;
    this.#interval = heartbeatInterval;
  }

  /** The agent's node, registered or brought up to date in the background if need be. `totalOf`: everything the agent has. */
  ensure(agent: Agent, totalOf: () => readonly Resource[]): Node {
    // Most offers are of agents that are nodes already: what they have is only added up where somebody is to be told.
    const facts = (): NodeFacts => ({ ...agent, agentId: agent.id, total: totalOf(), executor: this.#executor });
    const known = this.#informer.get(undefined, agent.hostname);
    if (!known)
      return this.#underway.get(agent.hostname) ?? this.#start(makeNode(facts()), (node) => this.#create(node));
    const wanted = nodeLabels(agent);
    const patch = labelPatch(known, wanted, agent.id);
    if (patch || (!isReady(known) && !agent.executor)) {
      const made = makeNode(facts());
      const node: Node = { ...known, metadata: { ...known.metadata, labels: wanted } };
      const underway = this.#underway.get(agent.hostname);
      if (underway && same([underway.metadata?.labels], [wanted])) return underway;
      return this.#start(node, () => this.#update(patch, made, agent.executor ? undefined : known));
    }
    return known;
  }

  /** The agent's node as it is or is about to be, where one has been ensured. */
  get(hostname: string): Node | undefined {
    return this.#underway.get(hostname) ?? this.#informer.get(undefined, hostname);
  }

  /** All nodes, as they are or are about to be. */
  list(): Node[] {
    const known = this.#informer.list().filter(({ metadata }) => !this.#underway.has(metadata?.name ?? ''));
    return [...known, ...this.#underway.values()];
  }

  /** Marks the node of a lost agent, so that nobody takes its pods for running. */
  async lose(hostname: string, reason: string): Promise<void> {
    const known = this.#informer.get(undefined, hostname);
    if (!known) return;
    await this.#patchStatus(hostname, {
      conditions: [readyCondition('Unknown', 'SlaveLost', reason, known.status?.conditions)],
    });
  }

  /** Renews the Ready condition of nodes whose agents run no executor (executors do it themselves). */
  async refresh(agents: readonly Agent[]): Promise<void> {
    for (const { hostname, executor } of agents) {
      if (executor) continue;
      const node = this.#informer.get(undefined, hostname);
      const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
      const age = Date.now() - Date.parse(ready?.lastHeartbeatTime ?? timestamp(0));
      // A heartbeat of the future is none: somebody has set the clock back.
      if (!node || (age >= 0 && age < this.#interval)) continue;
      await this.#patchStatus(hostname, { conditions: [agentReady(node.status?.conditions)] });
    }
  }

  #start(node: Node, write: (node: Node) => Promise<void>): Node {
    const name = node.metadata?.name ?? '';
    this.#underway.set(name, node);
    write(node)
      .catch((error: unknown) => this.#logger.warn({ err: error, node: name }, 'the node could not be registered'))
      .finally(() => {
        if (this.#underway.get(name) === node) this.#underway.delete(name);
      });
    return node;
  }

  async #create(node: Node): Promise<void> {
    try {
      await this.#kube.create(nodes, node);
      this.#logger.info({ node: node.metadata?.name }, 'agent registered as a node');
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }

  /** `stale`: the node whose status is written anew; undefined where an executor writes it. */
  async #update(patch: object | undefined, made: Node, stale: Node | undefined): Promise<void> {
    const name = made.metadata?.name ?? '';
    for (let attempt = 1; ; attempt++)
      try {
        if (patch) await this.#kube.patch(nodes, name, patch, { type: 'merge' });
        break;
      } catch (error) {
        if (!isConflict(error) || attempt === 5) throw error;
      }
    if (!stale) return;
    await this.#patchStatus(name, { ...made.status, conditions: [agentReady(stale.status?.conditions)] });
  }

  async #patchStatus(name: string, status: object): Promise<void> {
    try {
      await this.#kube.patch(nodes, name, { status }, { type: 'merge', subresource: 'status' });
    } catch (error) {
      if (!isNotFound(error)) this.#logger.warn({ err: error, node: name }, 'the node status could not be written');
    }
  }
}
