import { join } from 'node:path';

import type { Launcher } from './agent/launcher.js';
import type { Clock } from './clock.js';
import type { Logger } from './logger.js';
import type { MasterFlags } from './master/flags.js';
import { MesosEmbeddedError } from './errors.js';
import { startAgent, type AgentSpec, type RunningAgent } from './start-agent.js';
import { startMaster, type RunningMaster } from './start-master.js';

/** What a cluster is started with. */
export interface MesosOptions {
  /** Address that master and agents listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Port of the master; 0 takes a free one. Default 0. */
  readonly port?: number | undefined;
  readonly agents: readonly AgentSpec[];
  /** Folder for the sandboxes of all agents. */
  readonly workDir: string;
  readonly flags?: Partial<MasterFlags> | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Starts commands and executors. Default: real child processes. */
  readonly launcher?: Launcher | undefined;
}

/** A running cluster: a master and its agents, in this process. */
export interface Mesos {
  readonly master: RunningMaster;
  readonly agents: readonly RunningAgent[];
  /** Starts one more agent. */
  addAgent(spec: AgentSpec): Promise<RunningAgent>;
  /**
   * Kills an agent as SIGKILL does, and starts it again on its work directory and port, with some of its settings changed. Where it
   * refuses to start it stays dead; it may be tried again.
   */
  restartAgent(agent: RunningAgent, changes?: Partial<AgentSpec>): Promise<RunningAgent>;
  /** Ends the agents and all they started, then the master. */
  close(): Promise<void>;
}

/**
 * Starts a master and agents in this process, on real sockets.
 *
 * @throws {MesosSyntaxError} (of `@kmd/mesos-client`) for resources or attributes that cannot be read.
 * @throws {AddressInUseError} when a port is taken. What was started before is ended.
 */
export async function startMesos(options: MesosOptions): Promise<Mesos> {
  const { host, workDir, logger, clock, launcher } = options;
  const master = await startMaster({
    host,
    port: options.port,
    flags: options.flags,
    logger,
    clock,
  });
  const agents: RunningAgent[] = [];
  const origins = new Map<RunningAgent, { spec: AgentSpec; folder: string }>();
  let started = 0;
  const start = async (spec: AgentSpec, folder: string): Promise<RunningAgent> => {
    const agent = await startAgent({ ...spec, master, host, workDir: folder, logger, clock, launcher });
    origins.set(agent, { spec, folder });
    return agent;
  };
  const addAgent = async (spec: AgentSpec): Promise<RunningAgent> => {
    started += 1;
    const agent = await start(spec, join(workDir, `agent${String(started)}`));
    agents.push(agent);
    return agent;
  };
  const restartAgent = async (agent: RunningAgent, changes: Partial<AgentSpec> = {}): Promise<RunningAgent> => {
    const origin = origins.get(agent);
    if (origin === undefined) {
      throw new MesosEmbeddedError('BAD_OPTION', 'The agent is not one of this cluster: give one of its `agents`.');
    }
    await agent.faults.crash();
    const again = await start({ ...origin.spec, ...changes }, origin.folder);
    origins.delete(agent);
    agents.splice(agents.indexOf(agent), 1, again);
    return again;
  };
  const close = async (): Promise<void> => {
    await Promise.all(agents.map((agent) => agent.close()));
    await master.close();
  };
  try {
    for (const spec of options.agents) await addAgent(spec);
  } catch (error) {
    await close();
    throw error;
  }
  return { master, agents, addAgent, restartAgent, close };
}
