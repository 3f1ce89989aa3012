import { MesosError, MesosSyntaxError, parseDuration } from '@kmd/mesos-client';

import { MesosEmbeddedError } from './errors.js';
import type { Logger } from './logger.js';
import { startAgent } from './start-agent.js';
import { startMaster } from './start-master.js';

/** Where the command line speaks, and how it learns that it shall end. */
export interface Surroundings {
  out(text: string): void;
  error(text: string): void;
  stopped(): Promise<unknown>;
}

const usage = `Usage: mesos-embedded master|agent [--flag=value ...]

Flags have the names of Mesos' own; each may also be given as MESOS_NAME.

  master   --ip, --port (5050), --hostname, --cluster, --work_dir (keeps the registry; without it nothing outlives the
           master), --agent_reregister_timeout (10mins), --allocation_interval (1secs),
           --agent_ping_timeout (15secs), --max_agent_ping_timeouts (5)
  agent    --master (required), --work_dir (required), --resources (required), --ip, --port (5051), --hostname,
           --attributes, --default_role, --switch_user (true), --executor_registration_timeout (1mins),
           --executor_reregistration_timeout (2secs), --executor_shutdown_grace_period (5secs), --recovery_timeout (15mins),
           --recover (reconnect; cleanup ends what an earlier agent left, and the program with it),
           --reconfiguration_policy (equal; additive)

SIGTERM, SIGINT and SIGUSR1 let an agent leave its master, and end what it runs; after SIGKILL the next one on its work
directory takes that over.

Example: mesos-embedded agent --master=http://127.0.0.1:5050 --work_dir=/tmp/agent1 --resources='cpus:4;mem:1024'`;

const masterFlags = ['ip', 'port', 'hostname', 'cluster', 'work_dir', 'agent_reregister_timeout', 'allocation_interval', 'agent_ping_timeout', 'max_agent_ping_timeouts']; // prettier-ignore
const agentFlags = [
  'master', 'work_dir', 'resources', 'ip', 'port', 'hostname', 'attributes', 'default_role', 'switch_user',
  'executor_registration_timeout', 'executor_reregistration_timeout', 'executor_shutdown_grace_period', 'recovery_timeout',
  'recover', 'reconfiguration_policy',
]; // prettier-ignore

/** Exit codes: 0 ended in order, 1 could not run, 2 wrong arguments. */
export async function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  surroundings: Surroundings,
): Promise<number> {
  const [command, ...rest] = argv;
  if (command === undefined || command === '--help' || command === 'help') {
    surroundings.out(usage);
    return command === undefined ? 2 : 0;
  }
  try {
    if (command !== 'master' && command !== 'agent') throw badOption(`unknown command ${command}`);
    const flags = readFlags(command === 'master' ? masterFlags : agentFlags, rest, environment);
    const close = command === 'master' ? await runMaster(flags, surroundings) : await runAgent(flags, surroundings);
    if (flags.get('recover') !== 'cleanup') await surroundings.stopped();
    await close();
    return 0;
  } catch (error) {
    if (!(error instanceof MesosEmbeddedError) && !(error instanceof MesosError)) throw error;
    surroundings.error(`mesos-embedded: ${error.message}`);
    return error.code === 'BAD_OPTION' || error.code === 'MESOS_SYNTAX' ? 2 : 1;
  }
}

function badOption(what: string): MesosEmbeddedError {
  return new MesosEmbeddedError('BAD_OPTION', `${what}; see mesos-embedded --help`);
}

function readFlags(
  known: readonly string[],
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Map<string, string> {
  const flags = new Map<string, string>();
  for (const name of known) {
    const value = environment[`MESOS_${name.toUpperCase()}`];
    if (value !== undefined) flags.set(name, value);
  }
  for (let at = 0; at < argv.length; at += 1) {
    const match = /^--(no-)?([a-z_]+)(?:=([\s\S]*))?$/.exec(argv[at] ?? '');
    const name = match?.[2];
    if (name === undefined || !known.includes(name)) throw badOption(`unknown flag ${String(argv[at])}`);
    if (match?.[3] !== undefined) flags.set(name, match[3]);
    else if (match?.[1] !== undefined) flags.set(name, 'false');
    else if (name === 'switch_user') flags.set(name, 'true');
    else flags.set(name, argv[(at += 1)] ?? '');
  }
  return flags;
}

function number(flags: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const text = flags.get(name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text === '' || !Number.isInteger(value) || value < 0) throw badOption(`--${name}=${text} is no number`);
  return value;
}

function duration(flags: ReadonlyMap<string, string>, name: string, otherwise: number): number {
  const text = flags.get(name);
  if (text === undefined) return otherwise;
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof MesosSyntaxError)) throw error;
    throw badOption(`--${name}=${text} is no duration such as 5secs or 1mins`);
  }
}

/** The first is what a flag is that nobody gave. */
function oneOf<const Name extends string>(
  flags: ReadonlyMap<string, string>,
  name: string,
  names: readonly [Name, ...Name[]],
): Name {
  const text = flags.get(name);
  if (text === undefined) return names[0];
  const found = names.find((one) => one === text);
  if (found === undefined) throw badOption(`--${name}=${text} is none of ${names.join(', ')}`);
  return found;
}

function required(flags: ReadonlyMap<string, string>, name: string): string {
  const value = flags.get(name);
  if (value === undefined || value === '') throw badOption(`--${name} is missing`);
  return value;
}

async function runMaster(
  flags: ReadonlyMap<string, string>,
  { out, error }: Surroundings,
): Promise<() => Promise<void>> {
  const master = await startMaster({
    host: flags.get('ip'),
    port: number(flags, 'port', 5050),
    workDir: flags.get('work_dir'),
    logger: lines(error),
    flags: {
      cluster: flags.get('cluster'),
      hostname: flags.get('hostname'),
      allocationInterval: duration(flags, 'allocation_interval', 1000),
      agentReregisterTimeout: duration(flags, 'agent_reregister_timeout', 10 * 60_000),
      agentPingTimeout: duration(flags, 'agent_ping_timeout', 15_000),
      maxAgentPingTimeouts: number(flags, 'max_agent_ping_timeouts', 5),
    },
  });
  out(`master at ${master.url}`);
  return () => master.close();
}

async function runAgent(
  flags: ReadonlyMap<string, string>,
  { out, error }: Surroundings,
): Promise<() => Promise<void>> {
  const agent = await startAgent({
    master: required(flags, 'master'),
    workDir: required(flags, 'work_dir'),
    resources: required(flags, 'resources'),
    host: flags.get('ip'),
    port: number(flags, 'port', 5051),
    hostname: flags.get('hostname'),
    attributes: flags.get('attributes'),
    defaultRole: flags.get('default_role'),
    logger: lines(error),
    flags: {
      switchUser: flags.get('switch_user') !== 'false',
      executorRegistrationTimeout: duration(flags, 'executor_registration_timeout', 60_000),
      executorReregistrationTimeout: duration(flags, 'executor_reregistration_timeout', 2000),
      executorShutdownGracePeriod: duration(flags, 'executor_shutdown_grace_period', 5000),
      recoveryTimeout: duration(flags, 'recovery_timeout', 15 * 60_000),
      recover: oneOf(flags, 'recover', ['reconnect', 'cleanup']),
      reconfigurationPolicy: oneOf(flags, 'reconfiguration_policy', ['equal', 'additive']),
    },
  });
  out(`agent at ${agent.url}`);
  return () => agent.close();
}

/** A log of plain lines; details that go with a message follow it as JSON. */
function lines(write: (text: string) => void): Logger {
  const log =
    (level: string) =>
    (fields: object | string, message?: string): void => {
      const text = typeof fields === 'string' ? fields : `${message ?? ''} ${JSON.stringify(fields)}`;
      write(`${new Date().toISOString()} ${level} ${text.trim()}`);
    };
  return { debug: () => undefined, info: log('info'), warn: log('warn'), error: log('error') };
}
