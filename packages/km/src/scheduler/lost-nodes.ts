import { isNotFound, nodes, type Informer, type KubeApi, type Logger, type Node } from '@kmd/kube-client';
import { createMasterClient, type EndpointOptions } from '@kmd/mesos-client';
import { AGENT_ID } from '../annotation.js';
import { isReady } from '../node.js';

export interface LostNodesOptions {
  readonly kube: KubeApi;
  readonly informer: Informer<Node>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Whom to ask for the agents that are registered. */
  readonly master: EndpointOptions;
  /** Milliseconds that a lost agent has to come back; 0 keeps its node for ever. */
  readonly grace: number;
}

/**
 * Deletes the nodes of agents that do not come back (spec B22: nodes that are not Ready and that Mesos no longer lists). What the master says
 * decides; when it cannot be asked, nothing is deleted.
 */
export class LostNodes {
  readonly #options: LostNodesOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LostNodesOptions) {
    this.#options = options;
  }

  /** An agent was lost, or the framework has subscribed and agents may have been lost before: looks after the grace. */
  watch(): void {
    if (this.#timer || this.#options.grace === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#sweep();
    }, this.#options.grace);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #sweep(): Promise<void> {
    const { kube, informer, logger, signal, master, grace } = this.#options;
    const suspects = informer.list().filter((node) => node.metadata?.annotations?.[AGENT_ID] && !isReady(node));
    if (suspects.length === 0 || signal.aborted) return;
    const present = await listAgents(master, signal).catch((error: unknown) => {
      logger.warn({ err: error }, 'the master does not tell its agents: no node is deleted');
      return undefined;
    });
    if (!present) return this.watch();
    const now = Date.now();
    for (const { metadata = {}, status } of suspects) {
      const { name = '', uid } = metadata;
      if (present.has(name) || present.has(metadata.annotations?.[AGENT_ID] ?? '')) continue;
      const since = Date.parse(status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '');
      // Times of the API server are whole seconds.
      if (now - since < grace - 1_000) {
        this.watch();
        continue;
      }
      try {
        await kube.delete(nodes, name, { ...(uid === undefined ? {} : { preconditions: { uid } }) });
        logger.info({ node: name }, 'the agent has not come back: its node is deleted');
      } catch (error) {
        if (!isNotFound(error))
          logger.warn({ err: error, node: name }, 'the node of a lost agent could not be deleted');
      }
    }
  }
}

/** Host names and ids of the agents that the master has registered. */
async function listAgents(master: EndpointOptions, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const client = createMasterClient(master);
  try {
    const { get_agents: found } = await client.call({ type: 'GET_AGENTS' }, { signal });
    return new Set((found.agents ?? []).flatMap(({ agent_info: { id, hostname } }) => [id?.value ?? '', hostname]));
  } finally {
    client.close();
  }
}
