import { mkdirSync } from 'node:fs';
import { hostname as machineName } from 'node:os';
import { resolve } from 'node:path';

import type { AgentInfo } from '@kmd/mesos-client';
import { addResources, parseAttributes, parseResources, subtractResources } from '@kmd/mesos-client';

import { Agent } from './agent/agent.js';
import { agentRoutes, agentSharedRoutes } from './agent/endpoints.js';
import { incompatibility, recoveryFailure } from './agent/compatibility.js';
import { defaultAgentFlags, type AgentFlags } from './agent/flags.js';
import { processLauncher, type Launcher } from './agent/launcher.js';
import { ProcessRecords } from './agent/leftovers.js';
import { connectLocally } from './agent/local-link.js';
import { Recovery } from './agent/recovery.js';
import { RemoteLink } from './agent/remote-link.js';
import { systemClock, type Clock } from './clock.js';
import { AddressInUseError, MesosEmbeddedError } from './errors.js';
import { agentFaults, type AgentFaults } from './faults.js';
import { listen, type HttpFaults, type Listener } from './http/server.js';
import { silent, type Logger } from './logger.js';
import { normalise } from './resources.js';
import { gatewayOf, type RunningMaster } from './start-master.js';

/** One agent of a cluster. */
export interface AgentSpec {
  /** `cpus:4;mem:1024;ports:[31000-32000]`, or Mesos' JSON form of the same. */
  readonly resources: string;
  /** `rack:r1;zone:z1` */
  readonly attributes?: string | undefined;
  /** What the agent calls itself. Default the name of the machine. */
  readonly hostname?: string | undefined;
  /** Port to listen on; 0 takes a free one. Default 0. */
  readonly port?: number | undefined;
  /** Role of resources that name none. Default `*`. */
  readonly defaultRole?: string | undefined;
  /** Id to register with; the master gives one when absent. */
  readonly id?: string | undefined;
  readonly flags?: Partial<AgentFlags> | undefined;
}

/** What an agent is started with. */
export interface AgentOptions extends AgentSpec {
  /** `http://host:port` of the master, which may come up later; or a master of this process, which is spoken to without a network. */
  readonly master: string | RunningMaster;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Folder for sandboxes and records; made when absent. Two agents must not share one. */
  readonly workDir: string;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Starts commands and executors. Default: real child processes. */
  readonly launcher?: Launcher | undefined;
}

/** An agent that listens. */
export interface RunningAgent {
  /** Id of the agent; empty until the master has given one. */
  readonly id: string;
  readonly hostname: string;
  /** `http://host:port` of its API. */
  readonly url: string;
  readonly port: number;
  /** The process the agent runs in. */
  readonly pid: number;
  /** Switches for tests. */
  readonly faults: AgentFaults;
  /** Leaves the master for good, ends every process it started, and frees the port: what SIGUSR1 does to Mesos' own. */
  close(): Promise<void>;
  /**
   * Ends, and comes again: what SIGTERM does to Mesos' own. The master is not told; what frameworks that checkpoint run goes on, and is taken
   * over by the next agent on the work directory. Everything else is ended.
   */
  stop(): Promise<void>;
}

/**
 * Starts an agent and connects it with its master. On the work directory of an agent that was killed it goes on as
 * that one: executors and tasks of frameworks that checkpoint run on under it, everything else that was left behind is ended first.
 * It registers when those executors have come back, or had their time (`executorReregistrationTimeout`).
 *
 * @throws {MesosSyntaxError} (of `@kmd/mesos-client`) for resources or attributes that cannot be read.
 * @throws {AddressInUseError} when the port is taken.
 * @throws {MesosEmbeddedError} `INCOMPATIBLE_AGENT` where the agent before had other resources, attributes, hostname or port, and
 *   `reconfigurationPolicy` does not allow for that; `WORK_DIRECTORY` for a folder that cannot be used.
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const host = options.host ?? '127.0.0.1';
  const logger = options.logger ?? silent;
  const master = parseMaster(typeof options.master === 'string' ? options.master : options.master.url);
  const agent = describeAgent(options, master.host);
  const left = recover(agent, options);
  const faults: HttpFaults = { delay: 0, absent: false };
  const listener = await listenAgain(agent, left, options.port ?? 0, {
    host,
    prefix: '/slave(1)',
    routes: agentRoutes(agent),
    shared: agentSharedRoutes(agent),
    faults,
  });
  agent.address = { ip: host, port: listener.port };
  agent.info.port = listener.port;
  // Undefined until then: an agent that closes while it waits never connects.
  const connection: { disconnect?: () => void } = {};
  const register = (): void => {
    if (!agent.closed) connection.disconnect = connect(agent, master, options);
  };
  const { recovery } = agent;
  const kept = recovery?.takeOver();
  agent.processes.records.endLeftovers(logger, kept);
  agent.garbage.scheduleLeftovers(agent.id ?? '', kept?.sandboxes ?? []);
  if (recovery === undefined) register();
  else if (agent.flags.recover === 'cleanup') await recovery.cleanUp();
  else void recovery.wait().then(register);
  const disconnect = async (): Promise<void> => {
    connection.disconnect?.();
    await listener.close();
  };
  return {
    get id() {
      return agent.id ?? '';
    },
    hostname: agent.info.hostname,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(listener.port)}`,
    port: listener.port,
    pid: process.pid,
    faults: agentFaults(agent, faults, disconnect),
    close: async () => {
      const crashed = agent.closed;
      await agent.close();
      await disconnect();
      if (crashed) prepare(agent.workDir).endLeftovers(logger);
    },
    stop: async () => {
      await Promise.all([agent.stop(), disconnect()]);
    },
  };
}

/** Connects an agent with its master, and again whenever the connection was lost. Returns how to end that. */
function connect(
  agent: Agent,
  address: URL,
  { master, clock = systemClock, logger = silent }: AgentOptions,
): () => void {
  const gateway = typeof master === 'string' ? undefined : gatewayOf(master);
  if (gateway !== undefined) {
    const local = connectLocally(gateway, agent);
    return () => void local.close();
  }
  const remote = new RemoteLink({ master: address, agent, clock, logger });
  remote.open();
  return () => {
    remote.close();
  };
}

function describeAgent(options: Omit<AgentOptions, 'master'>, master: string): Agent {
  const defaultRole = options.defaultRole ?? '*';
  const attributes = options.attributes === undefined ? [] : parseAttributes(options.attributes);
  const workDir = resolve(options.workDir);
  const agent = new Agent({
    info: {
      hostname: options.hostname ?? machineName(),
      resources: parseResources(options.resources, { defaultRole }),
      ...(attributes.length === 0 ? {} : { attributes }),
      ...(options.id === undefined ? {} : { id: { value: options.id } }),
    },
    flags: { ...defaultAgentFlags, ...options.flags },
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silent,
    workDir,
    launcher: options.launcher ?? processLauncher,
    processes: prepare(workDir),
    resourcesText: options.resources,
    attributesText: options.attributes ?? '',
    defaultRole,
    masterAddress: master,
  });
  agent.id = options.id;
  return agent;
}

/**
 * Who the agent before this one on the same folder was: this one goes on as it, unless another id was asked for.
 *
 * @throws {MesosEmbeddedError} `INCOMPATIBLE_AGENT` where the flags say something else than before, and more than the policy allows.
 */
function recover(agent: Agent, { id, port }: Pick<AgentSpec, 'id' | 'port'>): AgentInfo | undefined {
  const left = agent.checkpoint.agent();
  if (left?.id === undefined) return undefined;
  if (id !== undefined && id !== left.id.value) {
    agent.checkpoint.forget();
    return undefined;
  }
  const current = { ...agent.info, port: port === undefined || port === 0 ? left.port : port };
  const { recover: mode, reconfigurationPolicy } = agent.flags;
  const why = mode === 'cleanup' ? undefined : incompatibility(reconfigurationPolicy, left, current);
  if (why !== undefined) {
    throw new MesosEmbeddedError('INCOMPATIBLE_AGENT', recoveryFailure(why, agent.checkpoint.latestLink));
  }
  goOnAs(agent, left);
  return left;
}

function goOnAs(agent: Agent, left: AgentInfo): void {
  agent.id = left.id?.value;
  if (left.id !== undefined) agent.info.id = left.id;
  const checkpointed = agent.checkpoint.resources();
  if (checkpointed !== undefined) {
    // Reservations and volumes stay; what the flags add is added.
    const added = subtractResources([...agent.total], normalise(left.resources ?? []));
    agent.total = addResources(checkpointed, added);
  }
  agent.recovery = new Recovery(agent);
}

/**
 * Listens where the agent before this one did, as its executors know no other place; where that is taken, and no port was asked
 * for, the agent begins anew on another.
 */
async function listenAgain(
  agent: Agent,
  left: AgentInfo | undefined,
  port: number,
  options: Omit<Parameters<typeof listen>[0], 'port'>,
): Promise<Listener> {
  try {
    return await listen({ ...options, port: port === 0 ? (left?.port ?? 0) : port });
  } catch (error) {
    if (port !== 0 || left === undefined || !(error instanceof AddressInUseError)) throw error;
    agent.log.warn(`port ${String(left.port)} of the agent before is taken: its executors are ended`);
    agent.recovery = undefined;
    agent.total = normalise(agent.info.resources ?? []);
    agent.forgetId();
    return listen({ ...options, port: 0 });
  }
}

function prepare(workDir: string): ProcessRecords {
  try {
    mkdirSync(workDir, { recursive: true });
    return new ProcessRecords(workDir);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MesosEmbeddedError(
      'WORK_DIRECTORY',
      `The agent's work directory ${workDir} cannot be used: ${why}. Choose a folder that can be written.`,
      { cause: error },
    );
  }
}

function parseMaster(text: string): URL {
  const url = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(url)) {
    throw new MesosEmbeddedError(
      'BAD_OPTION',
      `${JSON.stringify(text)} is no address of a master: give http://host:port.`,
    );
  }
  return new URL(url);
}
