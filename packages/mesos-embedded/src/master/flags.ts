import type { Credential } from '../http/gate.js';

/** Settings of a master, under the names of Mesos' flags. Times in milliseconds. */
export interface MasterFlags {
  readonly cluster: string | undefined;
  /** What the master calls itself; its address when absent. */
  readonly hostname: string | undefined;
  /** Time between two full allocation rounds. */
  readonly allocationInterval: number;
  /**
   * What is given back, or no longer refused, is offered at once. Mesos itself waits for its next interval: `false` does as it does.
   */
  readonly eagerAllocation: boolean;
  /** What an offer holds at least: alternatives, each of amounts by name (`cpus:0.01|mem:32`). */
  readonly minAllocatableResources: string;
  /** Time between two heartbeats of scheduler and operator streams. */
  readonly heartbeatInterval: number;
  readonly agentPingTimeout: number;
  readonly maxAgentPingTimeouts: number;
  /** After a failover: agents of the registry that have not come back then are unreachable. */
  readonly agentReregisterTimeout: number;
  /** After so long an offer that nobody answered is rescinded; never when undefined. */
  readonly offerTimeout: number | undefined;
  /** Who may ask; everybody when undefined. */
  readonly credentials: readonly Credential[] | undefined;
  /** Flags of Mesos' that have no effect here, by name, as `/flags` shows them. */
  readonly shown: Readonly<Record<string, string>>;
}

export const defaultMasterFlags: MasterFlags = {
  cluster: undefined,
  hostname: undefined,
  allocationInterval: 1000,
  eagerAllocation: true,
  minAllocatableResources: 'cpus:0.01|mem:32',
  heartbeatInterval: 15_000,
  agentPingTimeout: 15_000,
  maxAgentPingTimeouts: 5,
  agentReregisterTimeout: 10 * 60_000,
  offerTimeout: undefined,
  credentials: undefined,
  shown: {},
};
