import { mkdirSync } from 'node:fs';
import { hostname as machineName } from 'node:os';
import { resolve } from 'node:path';

import { parseAttributes, parseResources } from '@kmd/mesos-client';

import { Agent } from './agent/agent.js';
import { agentRoutes, agentSharedRoutes } from './agent/endpoints.js';
import { defaultAgentFlags, type AgentFlags } from './agent/flags.js';
import { processLauncher, type Launcher } from './agent/launcher.js';
import { ProcessRecords } from './agent/leftovers.js';
import { connectLocally } from './agent/local-link.js';
import { RemoteLink } from './agent/remote-link.js';
import { systemClock, type Clock } from './clock.js';
import { MesosEmbeddedError } from './errors.js';
import { agentFaults, type AgentFaults } from './faults.js';
import { listen, type HttpFaults } from './http/server.js';
import type { AgentGateway } from './link.js';
import { silent, type Logger } from './logger.js';

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
  /** `http://host:port` of the master, which may come up later. */
  readonly master: string;
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
  /** Ends every process it started, leaves the master in order, and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts an agent and connects it with a master in another process. Processes that an earlier, killed agent on the same work
 * directory left behind are ended first.
 *
 * @throws {MesosSyntaxError} (of `@kmd/mesos-client`) for resources or attributes that cannot be read.
 * @throws {AddressInUseError} when the port is taken.
 */
export async function startAgent(options: AgentOptions): Promise<RunningAgent> {
  const master = parseMaster(options.master);
  return startAgentWith(options, master.host, (agent) => {
    const link = new RemoteLink({
      master,
      agent,
      clock: options.clock ?? systemClock,
      logger: options.logger ?? silent,
    });
    link.open();
    return () => {
      link.close();
    };
  });
}

/** The same, with a master of this process. */
export async function startLocalAgent(
  options: Omit<AgentOptions, 'master'>,
  gateway: AgentGateway,
  master = '',
): Promise<RunningAgent> {
  return startAgentWith(options, master, (agent) => {
    const link = connectLocally(gateway, agent);
    return () => void link.close();
  });
}

async function startAgentWith(
  options: Omit<AgentOptions, 'master'>,
  master: string,
  connect: (agent: Agent) => () => void,
): Promise<RunningAgent> {
  const host = options.host ?? '127.0.0.1';
  const logger = options.logger ?? silent;
  const hostname = options.hostname ?? machineName();
  const defaultRole = options.defaultRole ?? '*';
  const attributes = options.attributes === undefined ? [] : parseAttributes(options.attributes);
  const resources = parseResources(options.resources, { defaultRole });
  const workDir = resolve(options.workDir);
  const processes = prepare(workDir);
  processes.endLeftovers(logger);
  const agent = new Agent({
    info: {
      hostname,
      resources,
      ...(attributes.length === 0 ? {} : { attributes }),
      ...(options.id === undefined ? {} : { id: { value: options.id } }),
    },
    flags: { ...defaultAgentFlags, ...options.flags },
    clock: options.clock ?? systemClock,
    logger,
    workDir,
    launcher: options.launcher ?? processLauncher,
    processes,
    resourcesText: options.resources,
    attributesText: options.attributes ?? '',
    defaultRole,
    masterAddress: master,
  });
  if (options.id !== undefined) agent.id = options.id;
  const faults: HttpFaults = { delay: 0, absent: false };
  const listener = await listen({
    host,
    port: options.port ?? 0,
    prefix: '/slave(1)',
    routes: agentRoutes(agent),
    shared: agentSharedRoutes(agent),
    faults,
  });
  agent.address = { ip: host, port: listener.port };
  agent.info.port = listener.port;
  const disconnect = connect(agent);
  return {
    get id() {
      return agent.id ?? '';
    },
    hostname,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${String(listener.port)}`,
    port: listener.port,
    pid: process.pid,
    faults: agentFaults(agent, faults),
    close: async () => {
      await agent.close();
      disconnect();
      await listener.close();
    },
  };
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
