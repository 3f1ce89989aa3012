import { parseDuration } from '../duration.js';
import { MesosError } from '../errors.js';

/** What an agent tells the executor it starts, in environment variables. Durations in milliseconds. */
export interface ExecutorEnvironment {
  frameworkId: string;
  executorId: string;
  /** Absent where the agent does not tell it. */
  agentId?: string | undefined;
  /** `http://ip:port` of the agent. */
  agentUrl: string;
  /** Unix socket to reach the agent by, instead of the network. */
  domainSocket?: string | undefined;
  /** Name of the agent's process, `slave(1)`: over the unix socket it is the first part of the path. */
  agentProcess?: string | undefined;
  /** Working directory of the executor on the agent; `sandbox` is where the executor sees it. */
  directory: string;
  sandbox: string;
  /** The executor survives a restart of its agent. */
  checkpoint: boolean;
  /** How long after SHUTDOWN the agent kills the executor. */
  shutdownGracePeriod: number;
  /** With checkpoint: how long a lost agent is waited for. */
  recoveryTimeout: number;
  /** With checkpoint: upper bound of a wait between attempts. */
  subscriptionBackoffMax: number;
  /** Bearer token for the agent. */
  authenticationToken?: string | undefined;
}

/** A variable that is missing or cannot be read. */
export class EnvironmentError extends MesosError {
  override readonly name = 'EnvironmentError';
  readonly variable: string;

  constructor(variable: string, reason: string, cause?: unknown) {
    super(
      'MESOS_ENVIRONMENT',
      `environment variable ${variable} ${reason}; a Mesos agent sets it for the executors it starts`,
      { cause },
    );
    this.variable = variable;
  }
}

/** Reads the `MESOS_*` variables of an executor (docs/executor-http-api.md). Throws `EnvironmentError`. */
export function parseExecutorEnvironment(variables: Readonly<Record<string, string | undefined>>): ExecutorEnvironment {
  const require = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === '') throw new EnvironmentError(name, 'is not set');
    return value;
  };
  const duration = (name: string, otherwise: string): number => {
    const value = variables[name] ?? otherwise;
    try {
      return parseDuration(value);
    } catch (cause) {
      throw new EnvironmentError(name, `holds ${JSON.stringify(value)}, not a duration like 5secs`, cause);
    }
  };
  const endpoint = require('MESOS_AGENT_ENDPOINT');
  const secure = isTrue(variables.LIBPROCESS_SSL_ENABLED ?? variables.SSL_ENABLED);
  const agentUrl = `${secure ? 'https' : 'http'}://${endpoint}`;
  if (!URL.canParse(agentUrl)) {
    throw new EnvironmentError('MESOS_AGENT_ENDPOINT', `holds ${JSON.stringify(endpoint)}, not ip:port`);
  }
  const directory = require('MESOS_DIRECTORY');
  return {
    frameworkId: require('MESOS_FRAMEWORK_ID'),
    executorId: require('MESOS_EXECUTOR_ID'),
    agentId: variables.MESOS_SLAVE_ID,
    agentUrl,
    domainSocket: variables.MESOS_DOMAIN_SOCKET || undefined,
    agentProcess: variables.MESOS_SLAVE_PID?.split('@')[0] || undefined,
    directory,
    sandbox: variables.MESOS_SANDBOX ?? directory,
    checkpoint: isTrue(variables.MESOS_CHECKPOINT),
    shutdownGracePeriod: duration('MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD', '5secs'),
    recoveryTimeout: duration('MESOS_RECOVERY_TIMEOUT', '15mins'),
    subscriptionBackoffMax: duration('MESOS_SUBSCRIPTION_BACKOFF_MAX', '2secs'),
    authenticationToken: variables.MESOS_EXECUTOR_AUTHENTICATION_TOKEN || undefined,
  };
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}
