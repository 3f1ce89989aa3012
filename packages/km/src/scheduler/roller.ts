import { isNotFound, pods, type Informer, type KubeApi, type Logger, type Pod } from '@kmd/kube-client';
import type { SchedulerCallBody } from '@kmd/mesos-client';
import { controllerOf } from '../pod/kin.js';
import type { Agent, AgentBook } from './agents.js';
import type { TaskRegistry } from './registry.js';

export interface RollerOptions {
  readonly kube: KubeApi;
  readonly pods: Informer<Pod>;
  readonly agents: AgentBook;
  readonly registry: TaskRegistry;
  readonly send: (call: SchedulerCallBody) => void;
  readonly logger: Logger;
  /** Pods wait for a place, or are on their way: the next agent is left alone meanwhile. */
  readonly isUnsettled: () => boolean;
}

/**
 * Replaces executors of other versions, one agent after the other: its pods that have a controller are deleted with their grace and come
 * up elsewhere; when the agent has no task left, its executor is told to end. Pods without a controller would be lost: their agent is left
 * alone until they have ended by themselves. (Under the original such agents took no pod any more, for ever: spec B11.)
 */
export class Roller {
  readonly #options: RollerOptions;
  /** The agent being emptied. */
  #current: string | undefined;
  readonly #told = new Set<string>();

  constructor(options: RollerOptions) {
    this.#options = options;
  }

  /** Looks what can be done now; to be called whenever offers come, tasks end or pods settle. */
  advance(): void {
    const { agents, registry } = this.#options;
    const old = agents.listForeign();
    if (old.length === 0) {
      this.#current = undefined;
      return;
    }
    // Whoever has nothing to do can go at once.
    for (const agent of old) if (registry.countOnAgent(agent.id) === 0) this.#end(agent);
    if (this.#current !== undefined) {
      if (old.some(({ id }) => id === this.#current) && registry.countOnAgent(this.#current) > 0) return;
      this.#current = undefined;
    }
    if (this.#options.isUnsettled()) return;
    const next = old.find(
      ({ id }) => registry.countOnAgent(id) > 0 && this.#podsOn(id).every((pod) => pod && controllerOf(pod)),
    );
    if (!next) return;
    this.#current = next.id;
    this.#options.logger.info(
      { node: next.hostname, executor: next.foreignExecutor },
      'replacing the executor of another version',
    );
    for (const pod of this.#podsOn(next.id)) if (pod) void this.#delete(pod);
  }

  #podsOn(agentId: string): (Pod | undefined)[] {
    return this.#options.registry
      .onAgent(agentId)
      .map(({ namespace, name }) => this.#options.pods.get(namespace, name));
  }

  #end({ id, foreignExecutor }: Agent): void {
    if (foreignExecutor === undefined || this.#told.has(`${id} ${foreignExecutor}`)) return;
    this.#told.add(`${id} ${foreignExecutor}`);
    this.#options.send({
      type: 'SHUTDOWN',
      shutdown: { executor_id: { value: foreignExecutor }, agent_id: { value: id } },
    });
  }

  async #delete({ metadata = {} }: Pod): Promise<void> {
    const { namespace, name = '', uid } = metadata;
    if (metadata.deletionTimestamp !== undefined) return;
    try {
      await this.#options.kube.delete(pods, name, {
        namespace,
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      });
    } catch (error) {
      if (!isNotFound(error))
        this.#options.logger.warn(
          { err: error, pod: `${namespace}/${name}` },
          'pod could not be moved to another executor',
        );
    }
  }
}
