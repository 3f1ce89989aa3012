import { printDuration, type CommandInfo } from '@kmd/mesos-client';

/** What an agent tells the processes it starts. */
export interface EnvironmentFacts {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly executorId: string;
  readonly directory: string;
  /** `ip:port` of the agent. */
  readonly endpoint: string;
  readonly ip: string;
  readonly checkpoint: boolean;
  /** Milliseconds. */
  readonly shutdownGracePeriod: number;
  readonly recoveryTimeout: number;
  readonly subscriptionBackoffMax: number;
}

/** The environment of an executor: Mesos' variables, then those of its command (traces 30 and 32, environment.txt). */
export function executorEnvironment(facts: EnvironmentFacts, command: CommandInfo | undefined): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LIBPROCESS_IP: facts.ip,
    LIBPROCESS_PORT: '0',
    MESOS_AGENT_ENDPOINT: facts.endpoint,
    MESOS_CHECKPOINT: facts.checkpoint ? '1' : '0',
    MESOS_DIRECTORY: facts.directory,
    MESOS_EXECUTOR_ID: facts.executorId,
    MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD: printDuration(facts.shutdownGracePeriod),
    MESOS_FRAMEWORK_ID: facts.frameworkId,
    MESOS_HTTP_COMMAND_EXECUTOR: '0',
    MESOS_SANDBOX: facts.directory,
    MESOS_SLAVE_ID: facts.agentId,
    MESOS_SLAVE_PID: `slave(1)@${facts.endpoint}`,
  };
  if (facts.checkpoint) {
    environment['MESOS_RECOVERY_TIMEOUT'] = printDuration(facts.recoveryTimeout);
    environment['MESOS_SUBSCRIPTION_BACKOFF_MAX'] = printDuration(facts.subscriptionBackoffMax);
  }
  for (const { name, value } of command?.environment?.variables ?? []) environment[name] = value ?? '';
  return environment;
}
