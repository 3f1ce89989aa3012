import type { ReconfigurationPolicy } from './compatibility.js';

/** Settings of an agent, under the names of Mesos' flags. Times in milliseconds. */
export interface AgentFlags {
  readonly executorRegistrationTimeout: number;
  /** How long executors have to come back after a restart of the agent, which registers when they have, or then. */
  readonly executorReregistrationTimeout: number;
  /** Time between SHUTDOWN and SIGKILL, where ExecutorInfo says nothing. */
  readonly executorShutdownGracePeriod: number;
  readonly recoveryTimeout: number;
  /** What the agent may differ in from the one before it on the same work directory. */
  readonly reconfigurationPolicy: ReconfigurationPolicy;
  /** Whether executors that an earlier agent left are taken over; with `cleanup` they are ended, and the agent does not register. */
  readonly recover: 'reconnect' | 'cleanup';
  /** Whether an agent of root runs commands as the user they name. */
  readonly switchUser: boolean;
  /** Time between two heartbeats of an executor's stream. */
  readonly executorHeartbeatInterval: number;
  /** How long the folders of executors that have ended are kept, */
  readonly gcDelay: number;
  /** sooner where less of the disk than this fraction is free, */
  readonly gcDiskHeadroom: number;
  /** and how often that is looked at. */
  readonly diskWatchInterval: number;
  /** How long `close()` lets processes end by themselves. */
  readonly closeGracePeriod: number;
}

export const defaultAgentFlags: AgentFlags = {
  executorRegistrationTimeout: 60_000,
  executorReregistrationTimeout: 2000,
  executorShutdownGracePeriod: 5000,
  recoveryTimeout: 15 * 60_000,
  reconfigurationPolicy: 'equal',
  recover: 'reconnect',
  switchUser: true,
  executorHeartbeatInterval: 30 * 60_000,
  gcDelay: 7 * 24 * 60 * 60_000,
  gcDiskHeadroom: 0.1,
  diskWatchInterval: 60_000,
  closeGracePeriod: 500,
};
