import type { MasterInfo, TaskStatus } from '@kmd/mesos-client';

import { seconds, type Clock, type Timer } from '../clock.js';
import type { AgentGateway, AgentLink, AgentSession, Registration } from '../link.js';
import type { Logger } from '../logger.js';
import { version } from '../version.js';
import type { Agent } from './agent.js';
import { Allocator } from './allocation/allocator.js';
import { parseMinimum } from './allocation/minimum.js';
import type { Cluster } from './allocation/round.js';
import type { MasterFlags } from './flags.js';
import type { Framework } from './framework.js';
import { Ids } from './ids.js';
import { Maintenance } from './maintenance.js';
import { Counters } from './metrics/counters.js';
import { Offers } from './offers.js';
import { Operations } from './operations.js';
import { OperatorStreams } from './operator-streams.js';
import { Quotas } from './quota.js';
import { register } from './registrations.js';
import {
  describeRegistry,
  giveUpRecovered,
  restoreRegistry,
  type RegisteredAgent,
  type Registry,
} from './registry/registry.js';
import type { RegistryFile } from './registry/registry-file.js';
import { Standing } from './standing.js';
import { Weights } from './weights.js';

/**
 * The state of a master. It speaks no HTTP: the endpoints change it, by what subscriptions.ts, registrations.ts, accept.ts and their
 * neighbours do with it.
 */
export class Master implements Cluster, AgentGateway {
  readonly flags: MasterFlags;
  readonly clock: Clock;
  readonly log: Logger;
  readonly startTime: number;
  readonly ids = new Ids();
  readonly frameworks = new Map<string, Framework>();
  readonly completedFrameworks = new Map<string, Framework>();
  readonly agents = new Map<string, Agent>();
  /** Agents that went silent: their tasks may come back. Ids to the time, in nanoseconds since the epoch. */
  readonly unreachableAgents = new Map<string, number>();
  readonly goneAgents = new Set<string>();
  /** Agents of the registry that have not come back since this master took over. */
  readonly recoveredAgents = new Map<string, RegisteredAgent>();
  #recoveryTimer: Timer | undefined;
  readonly #registryFile: RegistryFile | undefined;
  /** Agents whose connection is cut, by a test. */
  readonly partitioned = new Set<string>();
  /** How many acknowledgements are still to be lost, for a test. */
  lostAcknowledgements = 0;
  readonly offers: Offers;
  readonly allocator: Allocator;
  readonly minimum: Cluster['minimum'];
  readonly operators: OperatorStreams;
  readonly weights = new Weights();
  readonly quotas = new Quotas();
  readonly maintenance: Maintenance;
  readonly operations: Operations;
  readonly standing = new Standing();
  readonly counters = new Counters();
  /** How much the log says; without effect on the injected logger. */
  loggingLevel = 0;
  #loggingTimer: Timer | undefined;
  /** Where this master listens; set once it does. */
  address = { host: '127.0.0.1', port: 5050 };

  constructor(options: { flags: MasterFlags; clock: Clock; logger: Logger; registryFile?: RegistryFile | undefined }) {
    this.flags = options.flags;
    this.clock = options.clock;
    this.log = options.logger;
    this.startTime = seconds(this.clock);
    this.minimum = parseMinimum(this.flags.minAllocatableResources);
    this.offers = new Offers(this);
    this.operators = new OperatorStreams(this);
    this.maintenance = new Maintenance(this);
    this.operations = new Operations(this);
    const results = {
      offer: this.offers.make.bind(this.offers),
      announceMaintenance: this.maintenance.announce.bind(this.maintenance),
    };
    this.allocator = new Allocator(this, results, this.clock, this.flags);
    this.#registryFile = options.registryFile;
    const registry = this.#registryFile?.load();
    if (registry !== undefined) this.recover(registry);
  }

  /** Takes over from a master that kept this. */
  recover(registry: Registry): void {
    restoreRegistry(this, registry);
    this.#recoveryTimer?.cancel();
    this.#recoveryTimer = this.clock.after(this.flags.agentReregisterTimeout, () => {
      giveUpRecovered(this);
    });
  }

  /** Keeps what must outlive this master; to be called after every change of it. */
  keepRegistry(): void {
    this.#registryFile?.save(describeRegistry(this));
  }

  /** Ends every stream and timer; agents are told nothing. */
  close(): void {
    this.allocator.close();
    this.operators.close();
    this.maintenance.close();
    this.operations.close();
    this.#loggingTimer?.cancel();
    this.#recoveryTimer?.cancel();
    for (const framework of this.frameworks.values()) {
      framework.failoverTimer?.cancel();
      framework.heartbeatTimer?.cancel();
      const stream = framework.stream;
      framework.stream = undefined;
      stream?.end();
    }
    for (const agent of this.agents.values()) {
      agent.pingTimer?.cancel();
      const link = agent.link;
      agent.link = undefined;
      link?.close();
    }
  }

  get id(): string {
    return this.ids.master;
  }

  /** `master@ip:port`, the name of this master's process. */
  get pid(): string {
    return `master@${this.address.host}:${String(this.address.port)}`;
  }

  get info(): MasterInfo {
    const { host, port } = this.address;
    const hostname = this.flags.hostname ?? host;
    return {
      id: this.id,
      ip: ipNumber(host),
      port,
      pid: this.pid,
      hostname,
      version: version.version,
      address: { hostname, ip: host, port },
      // The last is QUOTA_V2, which the v1 protocol does not know (traces, "Wire facts").
      capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, {}],
    };
  }

  register(registration: Registration, connection: AgentLink): AgentSession | undefined {
    return register(this, registration, connection);
  }

  setLoggingLevel(level: number, milliseconds: number): void {
    this.loggingLevel = level;
    this.#loggingTimer?.cancel();
    this.#loggingTimer = this.clock.after(milliseconds, () => {
      this.loggingLevel = 0;
    });
  }

  /** A status update that the master itself makes. */
  status(
    taskId: string,
    state: TaskStatus['state'],
    fields: Pick<TaskStatus, 'message' | 'reason' | 'agent_id'> & Partial<TaskStatus>,
  ): TaskStatus {
    return {
      task_id: { value: taskId },
      state,
      source: 'SOURCE_MASTER',
      timestamp: seconds(this.clock),
      ...fields,
    };
  }
}

/** An IPv4 address as a number, lowest byte first, as MasterInfo has it. */
function ipNumber(host: string): number {
  const parts = host.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part))) return 0;
  return parts.reduceRight((value, part) => value * 256 + part, 0);
}
