import {
  isAlreadyExists,
  isNotFound,
  leases,
  nodes,
  type KubeApi,
  type Lease,
  type Logger,
  type Node,
} from '@kmd/kube-client';
import type { AgentInfo, ExecutorInfo } from '@kmd/mesos-client';
import { EXECUTOR_ID, EXECUTOR_RESOURCES } from '../annotation.js';
import { insist } from '../insist.js';
import { microTime } from '../micro-time.js';
import { addDemands, nothing, type Demand } from '../pod/demand.js';
import { makeNode, readyCondition, type NodeFacts } from '../node.js';

/** The kubelet's: a Lease each 10 s, by which the API server's controllers know that the node lives. Milliseconds. */
const LEASE_INTERVAL = 10_000;
const LEASE_NAMESPACE = 'kube-node-lease';
const LEASE_SECONDS = 40;
/** The Ready condition's own heartbeat is for people; it need not be as frequent. In lease intervals. */
const STATUS_EVERY = 3;

export interface NodeKeeperOptions {
  readonly kube: KubeApi;
  readonly logger: Logger;
  readonly agent: AgentInfo;
  readonly executor: ExecutorInfo;
  readonly ip: string;
  readonly kubeletPort: number;
  readonly podCIDR: string;
  readonly signal: AbortSignal;
}

/** Speaks for one node while its executor runs: registers it with what the agent has, and keeps it Ready. */
export class NodeKeeper {
  readonly #options: NodeKeeperOptions;
  readonly #name: string;
  readonly #made: Node;
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;

  constructor(options: NodeKeeperOptions) {
    this.#options = options;
    this.#name = options.agent.hostname;
    const { agent, executor } = options;
    const facts: NodeFacts = {
      hostname: agent.hostname,
      ip: options.ip,
      agentId: agent.id?.value ?? '',
      attributes: agent.attributes ?? [],
      total: agent.resources ?? [],
      executor: (executor.resources ?? [])
        .map(({ name, scalar }): Demand => ({ ...nothing, [name]: scalar?.value ?? 0 }))
        .reduce(addDemands, nothing),
    };
    const node = makeNode(facts);
    this.#made = {
      ...node,
      metadata: {
        ...node.metadata,
        annotations: {
          ...node.metadata?.annotations,
          [EXECUTOR_ID]: executor.executor_id.value,
          [EXECUTOR_RESOURCES]: JSON.stringify(executor.resources ?? []),
        },
      },
      status: { ...node.status, daemonEndpoints: { kubeletEndpoint: { Port: options.kubeletPort } } },
    };
  }

  /** Registers the node and begins its heartbeat. Tries until it succeeds or the signal aborts. */
  async start(): Promise<void> {
    await this.register();
    if (this.#options.signal.aborted) return;
    this.#timer = setInterval(() => void this.#beat(), LEASE_INTERVAL);
    this.#timer.unref();
    await this.#beat();
  }

  /** Makes the node, or brings it up to date; tries until it succeeds or the signal aborts. */
  register(): Promise<void> {
    const { logger, signal } = this.#options;
    const failure = 'the node could not be registered';
    return insist(() => this.#register(), { logger, signal, about: { node: this.#name }, failure });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #register(): Promise<void> {
    const { kube, podCIDR, signal } = this.#options;
    const { metadata = {}, status } = this.#made;
    const { labels, annotations } = metadata;
    const patch = { metadata: { labels, annotations }, spec: { podCIDR, podCIDRs: [podCIDR] } };
    try {
      await kube.patch(nodes, this.#name, patch, { type: 'merge', signal });
    } catch (error) {
      if (isNotFound(error)) {
        // The scheduler is making the same node; whoever comes second finds it made.
        try {
          await kube.create(nodes, { ...this.#made, spec: patch.spec, status: this.#ready() }, { signal });
          return;
        } catch (conflict) {
          if (!isAlreadyExists(conflict)) throw conflict;
        }
      }
      // A cluster that gives its nodes their networks keeps them: ours is only told.
      await kube.patch(nodes, this.#name, { metadata: patch.metadata }, { type: 'merge', signal });
    }
    await kube.patch(
      nodes,
      this.#name,
      { status: { ...status, ...this.#ready() } },
      { type: 'merge', subresource: 'status', signal },
    );
  }

  #ready(): NonNullable<Node['status']> {
    return {
      ...this.#made.status,
      conditions: [
        readyCondition('True', 'KubeletReady', 'the executor runs and takes pods', this.#made.status?.conditions),
      ],
    };
  }

  async #beat(): Promise<void> {
    const { kube, logger, signal } = this.#options;
    const spec = {
      holderIdentity: this.#name,
      leaseDurationSeconds: LEASE_SECONDS,
      renewTime: microTime(Date.now()),
    };
    const namespace = LEASE_NAMESPACE;
    try {
      try {
        await kube.patch(leases, this.#name, { spec }, { namespace, type: 'merge', signal });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        const lease: Lease = {
          apiVersion: 'coordination.k8s.io/v1',
          kind: 'Lease',
          metadata: { name: this.#name, namespace },
          spec,
        };
        await kube.create(leases, lease, { namespace, signal });
      }
      if (this.#beats++ % STATUS_EVERY === STATUS_EVERY - 1)
        await kube.patch(
          nodes,
          this.#name,
          { status: { conditions: this.#ready().conditions } },
          { type: 'merge', subresource: 'status', signal },
        );
    } catch (error) {
      if (!signal.aborted) logger.debug({ err: error, node: this.#name }, 'heartbeat not written');
    }
  }
}
