import { MesosError } from '@kmd/mesos-client';

import { MesosEmbeddedError } from './errors.js';
import { agentFlagDefaults, masterFlagDefaults } from './flag-defaults.js';
import { defaultAgentFlags } from './agent/flags.js';
import type { Logger } from './logger.js';
import { defaultMasterFlags } from './master/flags.js';
import { readCredentials } from './program-credentials.js';
import { badOption, ProgramFlags, type FlagNames } from './program-flags.js';
import { startAgent } from './start-agent.js';
import { startMaster } from './start-master.js';

/** Where the command line speaks, and how it learns that it shall end. */
export interface Surroundings {
  out(text: string): void;
  error(text: string): void;
  stopped(): Promise<NodeJS.Signals>;
}

const usage = `Usage: mesos-embedded master|agent [--flag=value ...]

Flags have the names of Mesos' own. Each may also be given as MESOS_NAME, and its value as file:///path. Other flags of Mesos
are taken, and change nothing; /flags shows them.

  master   --ip, --port (5050), --hostname, --cluster, --work_dir (keeps the registry; without it nothing outlives the
           master), --registry (replicated_log; in_memory keeps none), --agent_reregister_timeout (10mins), --allocation_interval (1secs), --offer_timeout (never),
           --min_allocatable_resources (cpus:0.01|mem:32), --agent_ping_timeout (15secs), --max_agent_ping_timeouts (5),
           --credentials (a file) with --authenticate_http_frameworks, --authenticate_http_readonly or
           --authenticate_http_readwrite (one of them asks of everybody), --quiet
  agent    --master (required), --work_dir (required), --resources (required), --ip, --port (5051), --hostname,
           --attributes, --default_role, --switch_user (true), --executor_registration_timeout (1mins),
           --executor_reregistration_timeout (2secs), --executor_shutdown_grace_period (5secs), --recovery_timeout (15mins),
           --recover (reconnect; cleanup ends what an earlier agent left, and the program with it),
           --reconfiguration_policy (equal; additive), --gc_delay (1weeks), --gc_disk_headroom (0.1),
           --disk_watch_interval (1mins), --quiet

SIGUSR1 lets an agent leave its master for good, and end what it runs. After SIGTERM, SIGINT and SIGKILL what frameworks that
checkpoint run goes on, and the next agent on the work directory takes it over, as long as the master has not given the agent up.

Example: mesos-embedded agent --master=http://127.0.0.1:5050 --work_dir=/tmp/agent1 --resources='cpus:4;mem:1024'`;

const authentication = ['authenticate_http_frameworks', 'authenticate_http_readonly', 'authenticate_http_readwrite'];

const masterFlags: FlagNames = {
  heeded: [
    'ip', 'port', 'hostname', 'cluster', 'work_dir', 'registry', 'agent_reregister_timeout', 'allocation_interval', 'agent_ping_timeout',
    'max_agent_ping_timeouts', 'offer_timeout', 'min_allocatable_resources', 'credentials', 'quiet', ...authentication,
  ],
  ignored: [
    ...Object.keys(masterFlagDefaults), 'acls', 'advertise_ip', 'advertise_port', 'domain', 'external_log_file',
    'fair_sharing_excluded_resource_names', 'firewall_rules', 'hooks', 'http_framework_authenticators', 'ip_discovery_command',
    'log_dir', 'max_executors_per_agent', 'modules', 'modules_dir', 'publish_per_framework_metrics', 'quorum', 'rate_limits', 'roles',
    'weights', 'whitelist',
  ],
  switches: ['quiet', ...authentication],
}; // prettier-ignore
const agentFlags: FlagNames = {
  heeded: [
    'master', 'work_dir', 'resources', 'ip', 'port', 'hostname', 'attributes', 'default_role', 'switch_user',
    'executor_registration_timeout', 'executor_reregistration_timeout', 'executor_shutdown_grace_period', 'recovery_timeout',
    'recover', 'reconfiguration_policy', 'gc_delay', 'gc_disk_headroom', 'disk_watch_interval', 'quiet',
  ],
  ignored: [
    ...Object.keys(agentFlagDefaults), 'acls', 'advertise_ip', 'advertise_port', 'authenticate_http_executors', 'credential',
    'default_container_dns', 'default_container_info', 'domain', 'executor_environment_variables', 'external_log_file',
    'firewall_rules', 'hooks', 'http_credentials', 'image_providers', 'ip_discovery_command', 'log_dir', 'modules', 'modules_dir',
    'network_cni_config_dir', 'network_cni_plugins_dir', 'nvidia_gpu_devices', 'qos_controller', 'resource_estimator',
  ],
  switches: ['quiet', 'switch_user'],
}; // prettier-ignore

/** Ends what runs, as the signal says; undefined: it has done its work. */
type End = (signal: NodeJS.Signals | undefined) => Promise<void>;

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
    const flags = new ProgramFlags(command === 'master' ? masterFlags : agentFlags, rest, environment);
    const end = command === 'master' ? await runMaster(flags, surroundings) : await runAgent(flags, surroundings);
    await end(flags.get('recover') === 'cleanup' ? undefined : await surroundings.stopped());
    return 0;
  } catch (error) {
    if (!(error instanceof MesosEmbeddedError) && !(error instanceof MesosError)) throw error;
    surroundings.error(`mesos-embedded: ${error.message}`);
    return error.code === 'BAD_OPTION' || error.code === 'MESOS_SYNTAX' ? 2 : 1;
  }
}

async function runMaster(flags: ProgramFlags, { out, error }: Surroundings): Promise<End> {
  const registry = flags.oneOf('registry', ['replicated_log', 'in_memory']);
  const master = await startMaster({
    host: flags.get('ip'),
    port: flags.number('port', 5050),
    workDir: registry === 'in_memory' ? undefined : flags.get('work_dir'),
    ...(flags.get('quiet') === 'true' ? {} : { logger: lines(error) }),
    flags: {
      cluster: flags.get('cluster'),
      hostname: flags.get('hostname'),
      allocationInterval: flags.duration('allocation_interval', 1000),
      agentReregisterTimeout: flags.duration('agent_reregister_timeout', 10 * 60_000),
      agentPingTimeout: flags.duration('agent_ping_timeout', 15_000),
      maxAgentPingTimeouts: flags.number('max_agent_ping_timeouts', 5),
      offerTimeout: flags.get('offer_timeout') === undefined ? undefined : flags.duration('offer_timeout', 0),
      minAllocatableResources: flags.get('min_allocatable_resources') ?? defaultMasterFlags.minAllocatableResources,
      credentials: authentication.some((name) => flags.get(name) === 'true')
        ? readCredentials(flags.required('credentials'))
        : undefined,
      shown: { ...flags.ignored, registry },
    },
  });
  out(`master at ${master.url}`);
  return () => master.close();
}

async function runAgent(flags: ProgramFlags, { out, error }: Surroundings): Promise<End> {
  const agent = await startAgent({
    master: flags.required('master'),
    workDir: flags.required('work_dir'),
    resources: flags.required('resources'),
    host: flags.get('ip'),
    port: flags.number('port', 5051),
    hostname: flags.get('hostname'),
    attributes: flags.get('attributes'),
    defaultRole: flags.get('default_role'),
    ...(flags.get('quiet') === 'true' ? {} : { logger: lines(error) }),
    flags: {
      switchUser: flags.get('switch_user') !== 'false',
      executorRegistrationTimeout: flags.duration('executor_registration_timeout', 60_000),
      executorReregistrationTimeout: flags.duration('executor_reregistration_timeout', 2000),
      executorShutdownGracePeriod: flags.duration('executor_shutdown_grace_period', 5000),
      recoveryTimeout: flags.duration('recovery_timeout', 15 * 60_000),
      recover: flags.oneOf('recover', ['reconnect', 'cleanup']),
      reconfigurationPolicy: flags.oneOf('reconfiguration_policy', ['equal', 'additive']),
      gcDelay: flags.duration('gc_delay', defaultAgentFlags.gcDelay),
      gcDiskHeadroom: flags.fraction('gc_disk_headroom', defaultAgentFlags.gcDiskHeadroom),
      diskWatchInterval: flags.duration('disk_watch_interval', defaultAgentFlags.diskWatchInterval),
    },
  });
  out(`agent at ${agent.url}`);
  return (signal) => (signal === 'SIGTERM' || signal === 'SIGINT' ? agent.stop() : agent.close());
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
