import type { Informer, Logger, Node } from '@kmd/kube-client';
import type { CommandInfo, ExecutorInfo, Resource } from '@kmd/mesos-client';
import { EXECUTOR_RESOURCES } from '../annotation.js';
import { nameExecutor } from '../executor-id.js';
import type { Demand } from '../pod/demand.js';
import type { StaticPodSet } from '../static-pod.js';
import type { Agent } from './agents.js';

const NAME = 'Kubelet-Executor';
const SOURCE = 'kubernetes';

export interface ExecutorsOptions {
  readonly command: CommandInfo;
  /** What the executor takes of an agent, with its static pods. */
  readonly demand: Demand;
  readonly staticPods?: StaticPodSet | undefined;
  /** The role that offers are allocated to. */
  readonly role: string;
  readonly nodes: Informer<Node>;
  readonly logger: Logger;
}

/** The executor as agents are told of it: the same everywhere but for its resources, which every task of an agent must name alike. */
export class Executors {
  readonly id: string;
  readonly #options: ExecutorsOptions;
  readonly #resources = new Map<string, Resource[]>();

  constructor(options: ExecutorsOptions) {
    this.#options = options;
    // Static pods are part of the executor: the original left them out of its id, so that a change reached nobody.
    this.id = nameExecutor(NAME, options.staticPods ? `${SOURCE} ${options.staticPods.hash}` : SOURCE, options.command);
  }

  /** The executor of an agent, for its tasks. `fresh`: the resources just taken from its offer; empty where it runs already. */
  describe(agent: Agent, fresh: readonly Resource[]): ExecutorInfo {
    const resources = fresh.length > 0 ? [...fresh] : this.#known(agent);
    this.#resources.set(agent.id, resources);
    return {
      type: 'CUSTOM',
      executor_id: { value: this.id },
      name: NAME,
      source: SOURCE,
      command: this.#options.command,
      resources,
      ...(this.#options.staticPods ? { data: this.#options.staticPods.data } : {}),
    };
  }

  /** What an agent's executor takes, as far as it is known. */
  resourcesOn(agentId: string): readonly Resource[] {
    return this.#resources.get(agentId) ?? [];
  }

  /** The agent's executor has ended. */
  forget(agentId: string): void {
    this.#resources.delete(agentId);
  }

  /** Remembered, or read from the node where the executor itself wrote them, or what they should be. */
  #known({ id, hostname }: Agent): Resource[] {
    const known = this.#resources.get(id);
    if (known) return known;
    const { nodes, logger, role, demand } = this.#options;
    const text = nodes.get(undefined, hostname)?.metadata?.annotations?.[EXECUTOR_RESOURCES];
    if (text !== undefined)
      try {
        const parsed: unknown = JSON.parse(text);
        if (Array.isArray(parsed)) return parsed;
      } catch {
        logger.warn({ node: hostname }, `annotation ${EXECUTOR_RESOURCES} is no JSON: ignored`);
      }
    const allocation_info = { role };
    return Object.entries(demand).map(([name, value]) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      role: '*',
      allocation_info,
    }));
  }
}
