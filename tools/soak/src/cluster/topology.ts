import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ledgerOf, phaseOf, type Phase, type SchedulerSettings } from '../scheduler/settings.js';
import { Daemon } from './daemon.js';
import { findPorts } from './ports.js';

/** Names of the agents and of the frameworks, in every run. */
export const AGENTS = ['agent-1', 'agent-2', 'agent-3'] as const;
export const FRAMEWORKS = {
  commands: { tasks: 'command', survives: true },
  executors: { tasks: 'executor', survives: true },
  plain: { tasks: 'command', survives: false },
} as const;
export const MASTER = 'master';

/** The processes of a run by the kinds that faults are planned for. Executors and tasks come and go by themselves. */
export const PROCESSES: Readonly<Record<string, readonly string[]>> = {
  agent: AGENTS,
  scheduler: Object.keys(FRAMEWORKS),
  executor: [],
  task: [],
  master: [MASTER],
};

/** Where a run keeps what. */
export interface Places {
  readonly folder: string;
  /** Bundled programs. */
  readonly programs: string;
  readonly starts: string;
  readonly ledgers: Readonly<Record<string, string>>;
}

/** A master, three agents and two schedulers, none of them started. */
export interface Topology {
  readonly master: Daemon;
  readonly agents: readonly Daemon[];
  readonly schedulers: readonly Daemon[];
  readonly masterUrl: string;
  readonly places: Places;
}

/** What the master forgives: short times, so that a run of a minute sees agents given up and coming back. */
const MASTER_FLAGS = {
  MESOS_AGENT_PING_TIMEOUT: '1secs',
  MESOS_MAX_AGENT_PING_TIMEOUTS: '3',
  MESOS_ALLOCATION_INTERVAL: '200ms',
};
const AGENT_FLAGS = {
  MESOS_SWITCH_USER: 'false',
  MESOS_EXECUTOR_REREGISTRATION_TIMEOUT: '5secs',
  MESOS_EXECUTOR_REGISTRATION_TIMEOUT: '30secs',
  MESOS_RECOVERY_TIMEOUT: '60secs',
};

/** A master and its agents, none of them started. */
export async function makeMesos(options: {
  folder: string;
  programs: string;
  logs: string;
  resources: string;
  random?: () => number;
}): Promise<{ master: Daemon; agents: readonly Daemon[]; masterUrl: string }> {
  const { folder, programs, logs, resources, random = Math.random } = options;
  const [masterPort = 0, ...agentPorts] = await findPorts(1 + AGENTS.length, random);
  const masterUrl = `http://127.0.0.1:${String(masterPort)}`;
  const daemon = (
    name: string,
    port: number,
    words: readonly string[],
    env: Readonly<Record<string, string>>,
    stopSignal?: NodeJS.Signals,
  ): Daemon =>
    new Daemon({
      name,
      argv: [join(programs, 'mesos.mjs'), ...words, '--ip=127.0.0.1', `--port=${String(port)}`],
      env: { ...env, MESOS_WORK_DIR: join(folder, name) },
      log: join(logs, `${name}.log`),
      stopSignal,
    });
  // An agent leaves for good on SIGUSR1, and ends what it started; on SIGTERM it comes again.
  return {
    master: daemon(MASTER, masterPort, ['master'], MASTER_FLAGS),
    agents: AGENTS.map((name, index) =>
      daemon(
        name,
        agentPorts[index] ?? 0,
        ['agent', `--master=${masterUrl}`],
        { ...AGENT_FLAGS, MESOS_RESOURCES: resources, MESOS_HOSTNAME: name },
        'SIGUSR1',
      ),
    ),
    masterUrl,
  };
}

export async function makeTopology(options: {
  folder: string;
  programs: string;
  run: string;
  seed: number;
  random: () => number;
}): Promise<Topology> {
  const { folder, programs, run, seed } = options;
  const starts = join(folder, 'starts');
  const logs = join(folder, 'logs');
  for (const each of [starts, logs]) mkdirSync(each, { recursive: true });
  const mesos = await makeMesos({ folder, programs, logs, resources: 'cpus:4;mem:2048', random: options.random });
  const ledgers: Record<string, string> = {};
  const schedulers = Object.entries(FRAMEWORKS).map(([name, { tasks, survives }], index) => {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    const settings: SchedulerSettings = {
      name,
      tasks,
      survives,
      masters: [mesos.masterUrl],
      folder: own,
      starts,
      run,
      concurrency: survives ? 8 : 4,
      seed: seed * 10 + index,
      executor: [process.execPath, join(programs, 'executor.mjs')],
    };
    const path = join(own, 'settings.json');
    writeFileSync(path, JSON.stringify(settings));
    ledgers[name] = ledgerOf(own);
    writeFileSync(ledgers[name], '', { flag: 'a' });
    return new Daemon({ name, argv: [join(programs, 'scheduler.mjs'), path], log: join(logs, `${name}.log`) });
  });
  return {
    ...mesos,
    schedulers,
    places: { folder, programs, starts, ledgers },
  };
}

export function setPhase(folder: string, phase: Phase): void {
  writeFileSync(phaseOf(folder), phase);
}
