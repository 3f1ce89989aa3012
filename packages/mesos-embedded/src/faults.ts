import type { Agent } from './agent/agent.js';
import type { HttpFaults } from './http/server.js';
import type { Master } from './master/master.js';
import type { Leader } from './master/standing.js';
import { dropStream } from './master/subscriptions.js';
import { takeOver } from './master/take-over.js';

/** What a test can do to a master. Nothing of it happens by itself. */
export interface MasterFaults {
  /** Every request waits so many milliseconds before it is looked at; 0 ends that. */
  delay(milliseconds: number): void;
  /** The process has not started yet: every path is answered 404. */
  absent(on: boolean): void;
  /** Another master leads, or none: requests are redirected (307), or refused (503 No leader elected). */
  leader(leader: Leader): void;
  /** The registry has not been read: calls are refused (503 Master has not finished recovery). */
  recovering(on: boolean): void;
  /** Breaks the stream of a framework as a lost connection does; it may subscribe again. Returns whether there was one. */
  dropStream(frameworkId: string): boolean;
  /** The next `count` acknowledgements of frameworks are lost on their way to the agents. */
  loseAcknowledgements(count: number): void;
  /** The connection to an agent is cut: nothing passes until it is healed. Returns whether the agent is known. */
  partition(agentId: string): boolean;
  /** Ends the partition of an agent, or of all. */
  heal(agentId?: string): void;
  /** The next allocation of all agents happens in so many milliseconds; those after it at the interval from then. */
  nextRoundIn(milliseconds: number): void;
  /**
   * Another master takes over, with the same registry: frameworks and agents lose their connections and come again; the new master
   * knows the agents only, and learns of frameworks and tasks as they return.
   */
  failOver(): void;
}

export function masterFaults(master: Master, http: HttpFaults): MasterFaults {
  return {
    delay: (milliseconds) => {
      http.delay = milliseconds;
    },
    absent: (on) => {
      http.absent = on;
    },
    leader: (leader) => {
      master.standing.leader = leader;
    },
    recovering: (on) => {
      master.standing.recovered = !on;
    },
    dropStream: (frameworkId) => dropStream(master, frameworkId),
    loseAcknowledgements: (count) => {
      master.lostAcknowledgements += count;
    },
    partition: (agentId) => {
      if (!master.agents.has(agentId)) return false;
      master.partitioned.add(agentId);
      return true;
    },
    heal: (agentId) => {
      if (agentId === undefined) master.partitioned.clear();
      else master.partitioned.delete(agentId);
    },
    nextRoundIn: (milliseconds) => {
      master.allocator.nextRoundIn(milliseconds);
    },
    failOver: () => {
      takeOver(master);
    },
  };
}

/** How far a process has come: `absent` answers 404 to everything, `recovering` 503 to most. */
export type Stage = 'absent' | 'recovering' | 'ready';

/** What a test can do to an agent. */
export interface AgentFaults {
  stand(stage: Stage): void;
  /** Every request waits so many milliseconds before it is looked at; 0 ends that. */
  delay(milliseconds: number): void;
  /**
   * Ends the agent as SIGKILL does: it says nothing more, what it launched runs on. Another may be started on its work directory.
   * Settles when its port is free.
   */
  crash(): Promise<void>;
}

export function agentFaults(agent: Agent, http: HttpFaults, stop: () => Promise<void>): AgentFaults {
  return {
    stand: (stage) => {
      http.absent = stage === 'absent';
      agent.recovering = stage === 'recovering';
    },
    crash: () => {
      agent.crash();
      return stop();
    },
    delay: (milliseconds) => {
      http.delay = milliseconds;
    },
  };
}
