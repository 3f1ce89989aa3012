import { randomUUID } from 'node:crypto';

import type { ExecutorInfo, FrameworkInfo, MasterInfo, Offer, Resource, TaskStatus } from '@kmd/mesos-client';

import { every, seconds, type Clock, type Timer } from '../clock.js';
import type { EventStream } from '../http/event-stream.js';
import type { AgentGateway, AgentLink, AgentSession, Registration, ToMaster } from '../link.js';
import type { Logger } from '../logger.js';
import { allocate, toLegacyForm } from '../resources.js';
import { version } from '../version.js';
import { Agent, type OfferRecord } from './agent.js';
import { Allocator, type Cluster, type Grant } from './allocator.js';
import type { MasterFlags } from './flags.js';
import { Framework } from './framework.js';
import { hasCapability } from './framework-info.js';
import { Maintenance } from './maintenance.js';
import { Operations } from './operations.js';
import { OperatorStreams } from './operator-streams.js';
import { Quotas } from './quota.js';
import { Standing } from './standing.js';
import * as update from './task-updates.js';
import { Weights } from './weights.js';

/** How many removed frameworks are remembered (--max_completed_frameworks). */
const rememberedFrameworks = 50;

/** The state of a master, and what changes it. It speaks no HTTP: the endpoints call it. */
export class Master implements Cluster, AgentGateway {
  #id: string = randomUUID();
  readonly flags: MasterFlags;
  readonly clock: Clock;
  readonly log: Logger;
  readonly startTime: number;
  readonly frameworks = new Map<string, Framework>();
  readonly completedFrameworks = new Map<string, Framework>();
  readonly agents = new Map<string, Agent>();
  /** Agents that went silent: their tasks may come back. Ids to the time, in nanoseconds since the epoch. */
  readonly unreachableAgents = new Map<string, number>();
  readonly goneAgents = new Set<string>();
  /** Agents of the registry that have not come back since this master took over. */
  readonly recoveredAgents = new Set<string>();
  /** Agents whose connection is cut, by a test. */
  readonly partitioned = new Set<string>();
  /** How many acknowledgements are still to be lost, for a test. */
  lostAcknowledgements = 0;
  readonly offers = new Map<string, OfferRecord>();
  readonly allocator: Allocator;
  readonly operators: OperatorStreams;
  readonly weights = new Weights();
  readonly quotas = new Quotas();
  readonly maintenance: Maintenance;
  readonly operations: Operations;
  readonly standing = new Standing();
  /** How much the log says; without effect on the injected logger. */
  loggingLevel = 0;
  #loggingTimer: Timer | undefined;
  /** Where this master listens; set once it does. */
  address = { host: '127.0.0.1', port: 5050 };
  #nextFramework = 0;
  #nextAgent = 0;
  #nextOffer = 0;

  constructor(options: { flags: MasterFlags; clock: Clock; logger: Logger }) {
    this.flags = options.flags;
    this.clock = options.clock;
    this.log = options.logger;
    this.startTime = seconds(this.clock);
    this.allocator = new Allocator(this, this.clock, this.flags);
    this.operators = new OperatorStreams(this);
    this.maintenance = new Maintenance(this);
    this.operations = new Operations(this);
  }

  /** Ends every stream and timer; agents are told nothing. */
  close(): void {
    this.allocator.close();
    this.operators.close();
    this.maintenance.close();
    this.operations.close();
    this.#loggingTimer?.cancel();
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
    return this.#id;
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

  // Frameworks

  /** Subscribes a framework whose info is valid; the id may be new, known, or one that this master never saw. */
  subscribe(info: FrameworkInfo, suppressed: readonly string[], stream: EventStream, streamId: string): void {
    const now = seconds(this.clock);
    const known = info.id === undefined ? undefined : this.frameworks.get(info.id.value);
    const framework = known ?? new Framework(info, info.id?.value ?? this.#frameworkId(), now);
    if (known === undefined) {
      this.frameworks.set(framework.id, framework);
    } else {
      this.#failOver(known, info);
      known.reregisteredTime = now;
    }
    framework.stream = stream;
    framework.streamId = streamId;
    framework.suppressed.clear();
    for (const role of suppressed) framework.suppressed.add(role);
    stream.onClose(() => {
      if (framework.stream === stream) this.#disconnect(framework);
    });
    framework.send({
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: framework.id },
        heartbeat_interval_seconds: this.flags.heartbeatInterval / 1000,
        master_info: this.info,
      },
    });
    framework.send({ type: 'HEARTBEAT' });
    framework.heartbeatTimer = every(this.clock, this.flags.heartbeatInterval, () => {
      framework.send({ type: 'HEARTBEAT' });
    });
    this.log.info({ framework: framework.id, name: info.name }, 'framework subscribed');
    this.operators.frameworkSubscribed(framework, known !== undefined);
    for (const agent of this.agents.values()) {
      agent.link?.send({ type: 'FRAMEWORK_SUBSCRIBED', framework: framework.info });
    }
    this.allocator.allocateAll();
  }

  #frameworkId(): string {
    return `${this.id}-${String(this.#nextFramework++).padStart(4, '0')}`;
  }

  #failOver(framework: Framework, info: FrameworkInfo): void {
    const previous = framework.stream;
    if (previous !== undefined) {
      framework.send({ type: 'ERROR', error: { message: 'Framework failed over' } });
      framework.stream = undefined;
      previous.end();
    }
    this.#quieten(framework);
    framework.update(info);
  }

  /** Stops the timers of a framework and takes its offers back. */
  #quieten(framework: Framework): void {
    framework.failoverTimer?.cancel();
    framework.heartbeatTimer?.cancel();
    this.maintenance.forget(framework);
    for (const offer of [...framework.offers]) this.removeOffer(offer, false);
    this.allocator.clearFilters(framework.id);
  }

  #disconnect(framework: Framework): void {
    framework.stream = undefined;
    framework.streamId = undefined;
    this.log.info({ framework: framework.id }, 'framework disconnected');
    this.#quieten(framework);
    const timeout = framework.info.failover_timeout ?? 0;
    // One that is negative never ends (trace 20-errors-scheduler/50, and what /state says of it later).
    if (timeout < 0) return;
    if (timeout === 0) {
      this.removeFramework(framework);
      return;
    }
    framework.failoverTimer = this.clock.after(timeout * 1000, () => {
      this.removeFramework(framework);
    });
  }

  /** Kills all that a framework runs and forgets it; its id is dead from now on. */
  removeFramework(framework: Framework): void {
    const stream = framework.stream;
    framework.stream = undefined;
    framework.streamId = undefined;
    stream?.end();
    this.#quieten(framework);
    this.operations.forget(framework);
    framework.unregisteredTime = seconds(this.clock);
    for (const task of [...framework.tasks.values()]) {
      const status = this.status(task.task_id.value, 'TASK_KILLED', {
        message: `Framework ${framework.id} removed`,
        reason: 'REASON_FRAMEWORK_REMOVED',
        agent_id: task.agent_id,
      });
      update.apply(this, framework, task, status, 'TASK_KILLED');
      update.remove(this, framework, task);
    }
    for (const [agentId, executors] of framework.executors) {
      const agent = this.agents.get(agentId);
      for (const info of executors.values()) if (agent !== undefined) this.#freeExecutor(framework, agent, info);
    }
    framework.executors.clear();
    for (const agent of this.agents.values()) {
      agent.link?.send({ type: 'SHUTDOWN_FRAMEWORK', frameworkId: { value: framework.id } });
    }
    this.frameworks.delete(framework.id);
    this.completedFrameworks.set(framework.id, framework);
    for (const oldest of this.completedFrameworks.keys()) {
      if (this.completedFrameworks.size <= rememberedFrameworks) break;
      this.completedFrameworks.delete(oldest);
    }
    this.log.info({ framework: framework.id }, 'framework removed');
    this.operators.frameworkRemoved(framework);
  }

  setLoggingLevel(level: number, milliseconds: number): void {
    this.loggingLevel = level;
    this.#loggingTimer?.cancel();
    this.#loggingTimer = this.clock.after(milliseconds, () => {
      this.loggingLevel = 0;
    });
  }

  // Offers

  nextOfferId(): string {
    return `${this.id}-O${String(this.#nextOffer++)}`;
  }

  /** Part of every full round of allocation. */
  announceMaintenance(): void {
    this.maintenance.announce();
  }

  makeOffers(framework: Framework, grants: readonly Grant[]): void {
    const refined = hasCapability(framework.info, 'RESERVATION_REFINEMENT');
    const offers = grants.map(({ agent, role, resources }): Offer => {
      const id = this.nextOfferId();
      const executors = framework.executors.get(agent.id);
      const unavailability = this.maintenance.unavailabilityOf(agent);
      const offer: Offer = {
        id: { value: id },
        framework_id: { value: framework.id },
        agent_id: { value: agent.id },
        hostname: agent.info.hostname,
        url: {
          scheme: 'http',
          address: { hostname: agent.info.hostname, ip: agent.address.ip, port: agent.address.port },
          path: '/slave(1)',
        },
        resources: allocate(refined ? resources : resources.map((resource) => toLegacyForm(resource)), role),
        ...((agent.info.attributes ?? []).length > 0 ? { attributes: agent.info.attributes } : {}),
        ...(executors === undefined ? {} : { executor_ids: [...executors.keys()].map((value) => ({ value })) }),
        allocation_info: { role },
        ...(unavailability === undefined ? {} : { unavailability }),
      };
      const record: OfferRecord = { id, framework, agent, role, resources, offer };
      this.offers.set(id, record);
      if (this.flags.offerTimeout !== undefined) this.#expire(record, this.flags.offerTimeout);
      framework.offers.add(record);
      agent.offers.add(record);
      return offer;
    });
    if (offers.length > 0) framework.send({ type: 'OFFERS', offers: { offers } });
  }

  /** An offer that nobody answers in time goes back. */
  #expire(record: OfferRecord, milliseconds: number): void {
    this.clock.after(milliseconds, () => {
      if (this.offers.get(record.id) === record) this.removeOffer(record, true);
    });
  }

  /** Takes an offer out of circulation; its resources go back unless somebody (an ACCEPT) takes them over. */
  removeOffer(record: OfferRecord, rescind: boolean, giveBack = true): void {
    this.offers.delete(record.id);
    record.framework.offers.delete(record);
    record.agent.offers.delete(record);
    if (rescind) record.framework.send({ type: 'RESCIND', rescind: { offer_id: { value: record.id } } });
    if (giveBack) this.recover(record.framework, record.agent, record.role, record.resources);
  }

  /** Gives resources that a framework held back to its agent, and offers them soon. */
  recover(framework: Framework, agent: Agent, role: string, resources: readonly Resource[]): void {
    framework.holdings.remove(role, resources);
    agent.release(resources);
    if (this.flags.eagerAllocation) this.allocator.agentChanged(agent.id);
  }

  // Agents

  register(registration: Registration, connection: AgentLink): AgentSession | undefined {
    const claimed = registration.info.id?.value ?? '';
    if (this.partitioned.has(claimed) || this.standing.leader !== 'self') return undefined;
    const known: { id?: string } = {};
    const link: AgentLink = {
      send: (message) => {
        if (!this.partitioned.has(known.id ?? '')) connection.send(message);
      },
      close: () => {
        connection.close();
      },
    };
    const agent = this.#admit(registration, link);
    known.id = agent.id;
    return {
      receive: (message) => {
        if (agent.link === link && !this.partitioned.has(agent.id)) this.#receive(agent, message);
      },
      disconnected: () => {
        if (agent.link === link) this.#agentDisconnected(agent);
      },
    };
  }

  // Faults

  /** Ends the stream of a framework as if its connection had broken. */
  dropStream(frameworkId: string): boolean {
    const framework = this.frameworks.get(frameworkId);
    const stream = framework?.stream;
    if (framework === undefined || stream === undefined) return false;
    stream.destroy();
    if (framework.stream === stream) this.#disconnect(framework);
    return true;
  }

  /** What a master that takes over knows: the agents of the registry, and nothing of what runs. */
  failOver(): void {
    this.#id = randomUUID();
    this.#nextFramework = this.#nextAgent = this.#nextOffer = 0;
    this.operators.close();
    this.operations.close();
    for (const framework of this.frameworks.values()) {
      this.#quieten(framework);
      const stream = framework.stream;
      framework.stream = undefined;
      stream?.destroy();
    }
    this.frameworks.clear();
    this.completedFrameworks.clear();
    const links = [...this.agents.values()].map((agent) => {
      agent.pingTimer?.cancel();
      const link = agent.link;
      agent.link = undefined;
      return link;
    });
    for (const id of this.agents.keys()) this.recoveredAgents.add(id);
    this.agents.clear();
    this.offers.clear();
    this.allocator.totalChanged();
    for (const link of links) link?.close();
  }

  #admit(registration: Registration, link: AgentLink): Agent {
    const { info, address } = registration;
    const now = seconds(this.clock);
    const claimed = info.id?.value;
    let agent = claimed === undefined ? undefined : this.agents.get(claimed);
    if (agent === undefined) {
      for (const other of this.agents.values()) {
        if (other.connected || other.address.ip !== address.ip || other.address.port !== address.port) continue;
        this.removeAgent(other, `Agent ${other.info.hostname} removed: a new agent registered at the same address`);
      }
      const id =
        claimed !== undefined && !this.goneAgents.has(claimed) ? claimed : `${this.id}-S${String(this.#nextAgent++)}`;
      agent = new Agent(id, info, address, registration.version, now);
      this.agents.set(id, agent);
      this.unreachableAgents.delete(id);
      this.recoveredAgents.delete(id);
      this.allocator.totalChanged();
      this.operators.agentAdded(agent);
    } else {
      agent.reregisteredTime = now;
    }
    agent.link = link;
    agent.missedPings = 0;
    if (registration.resources !== undefined) agent.replaceTotal(registration.resources);
    link.send({ type: 'REGISTERED', agentId: agent.id });
    update.reconcileAgent(this, agent, registration);
    this.#watch(agent);
    this.log.info({ agent: agent.id, hostname: info.hostname }, 'agent registered');
    this.allocator.agentChanged(agent.id);
    return agent;
  }

  #watch(agent: Agent): void {
    agent.pingTimer?.cancel();
    agent.pingTimer = every(this.clock, this.flags.agentPingTimeout, () => {
      agent.missedPings += 1;
      if (agent.missedPings > this.flags.maxAgentPingTimeouts) this.#agentUnreachable(agent);
      else agent.link?.send({ type: 'PING' });
    });
  }

  #receive(agent: Agent, message: ToMaster): void {
    agent.missedPings = 0;
    switch (message.type) {
      case 'UPDATE':
        update.receive(this, agent, message.frameworkId.value, message.status, message.latestState);
        return;
      case 'EXECUTOR_EXITED':
        this.#executorExited(agent, message.frameworkId.value, message.executorId.value, message.status);
        return;
      case 'EXECUTOR_MESSAGE':
        this.frameworks.get(message.frameworkId.value)?.send({
          type: 'MESSAGE',
          message: { agent_id: { value: agent.id }, executor_id: message.executorId, data: message.data },
        });
        return;
      case 'UNREGISTER':
        this.removeAgent(agent, `Agent ${agent.info.hostname} removed: the agent unregistered`);
        return;
      case 'PONG':
        return;
    }
  }

  #executorExited(agent: Agent, frameworkId: string, executorId: string, status: number): void {
    const framework = this.frameworks.get(frameworkId);
    if (framework === undefined) return;
    const info = framework.removeExecutor(agent.id, executorId);
    if (info !== undefined) this.#freeExecutor(framework, agent, info);
    framework.send({
      type: 'FAILURE',
      failure: { agent_id: { value: agent.id }, executor_id: { value: executorId }, status },
    });
  }

  #freeExecutor(framework: Framework, agent: Agent, info: ExecutorInfo): void {
    const resources = info.resources ?? [];
    agent.unuse(resources);
    this.recover(framework, agent, resources[0]?.allocation_info?.role ?? '*', resources);
  }

  /**
   * The connection to an agent broke. Its offers are void at once; tasks of frameworks that do not checkpoint are lost with it
   * (trace 31); the others wait until the agent is back or unreachable.
   */
  #agentDisconnected(agent: Agent): void {
    agent.link = undefined;
    this.log.warn({ agent: agent.id }, 'agent disconnected');
    for (const offer of [...agent.offers]) this.removeOffer(offer, true);
    for (const frameworkId of [...agent.tasks.keys()]) {
      const framework = this.frameworks.get(frameworkId);
      if (framework === undefined || framework.info.checkpoint === true) continue;
      update.loseTasks(this, agent, framework, {
        state: 'TASK_LOST',
        aware: 'TASK_GONE',
        message: `Agent ${agent.info.hostname} disconnected`,
        reason: 'REASON_AGENT_DISCONNECTED',
      });
    }
  }

  #agentUnreachable(agent: Agent): void {
    const since = Math.round(this.clock.now() * 1e6);
    this.unreachableAgents.set(agent.id, since);
    this.removeAgent(agent, 'health check timed out', since);
  }

  /** Forgets an agent: its tasks are lost (or unreachable, `since` then), its offers void, its frameworks told. */
  removeAgent(agent: Agent, message: string, since?: number): void {
    const link = agent.link;
    agent.link = undefined;
    agent.pingTimer?.cancel();
    this.agents.delete(agent.id);
    this.allocator.totalChanged();
    for (const framework of this.frameworks.values()) {
      update.loseTasks(this, agent, framework, {
        state: 'TASK_LOST',
        aware: since === undefined ? 'TASK_GONE' : 'TASK_UNREACHABLE',
        message,
        reason: 'REASON_AGENT_REMOVED',
        since,
      });
      for (const info of framework.executors.get(agent.id)?.values() ?? []) this.#freeExecutor(framework, agent, info);
      framework.executors.delete(agent.id);
    }
    for (const offer of [...agent.offers]) this.removeOffer(offer, true);
    for (const framework of this.frameworks.values()) {
      framework.send({ type: 'FAILURE', failure: { agent_id: { value: agent.id } } });
    }
    this.log.warn({ agent: agent.id }, `agent removed: ${message}`);
    this.operators.agentRemoved(agent);
    // An unreachable agent may come back with what it runs; any other has to end it (docs/agent-recovery.md).
    if (since === undefined) link?.send({ type: 'SHUTDOWN', message });
    link?.close();
  }

  /** Takes an agent out for good, by word of an operator. */
  markAgentGone(agent: Agent): void {
    this.goneAgents.add(agent.id);
    for (const framework of this.frameworks.values()) {
      update.loseTasks(this, agent, framework, {
        state: 'TASK_LOST',
        aware: 'TASK_GONE_BY_OPERATOR',
        message: 'Agent has been marked gone',
        reason: 'REASON_AGENT_REMOVED_BY_OPERATOR',
      });
    }
    this.removeAgent(agent, 'Agent has been marked gone');
  }

  /** Stops (or starts again) offering an agent; what runs on it goes on. */
  setDeactivated(agent: Agent, deactivated: boolean): void {
    agent.deactivated = deactivated;
    if (deactivated) for (const offer of [...agent.offers]) this.removeOffer(offer, true);
    else this.allocator.agentChanged(agent.id);
  }

  // Status updates that the master itself makes

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
