import type {
  AgentInfo,
  Base64,
  ExecutorID,
  ExecutorInfo,
  FrameworkID,
  FrameworkInfo,
  KillPolicy,
  Resource,
  Task,
  TaskGroupInfo,
  TaskID,
  TaskInfo,
  TaskState,
  TaskStatus,
} from '@kmd/mesos-client';

/**
 * What master and agents say to each other. Mesos uses libprocess messages here, which no framework sees; this package has a
 * protocol of its own, carried by function calls in one process and by HTTP between processes.
 */

export type ToAgent =
  | { type: 'REGISTERED'; agentId: string }
  | {
      type: 'LAUNCH';
      framework: FrameworkInfo;
      executor: ExecutorInfo;
      /** Whether the agent runs the task's command itself. */
      command: boolean;
      task: TaskInfo;
    }
  | { type: 'LAUNCH_GROUP'; framework: FrameworkInfo; executor: ExecutorInfo; group: TaskGroupInfo }
  | { type: 'KILL'; frameworkId: FrameworkID; taskId: TaskID; killPolicy?: KillPolicy | undefined }
  | { type: 'ACKNOWLEDGE'; frameworkId: FrameworkID; taskId: TaskID; uuid: Base64 }
  | { type: 'MESSAGE'; frameworkId: FrameworkID; executorId: ExecutorID; data: Base64 }
  | { type: 'SHUTDOWN_EXECUTOR'; frameworkId: FrameworkID; executorId: ExecutorID }
  | { type: 'SHUTDOWN_FRAMEWORK'; frameworkId: FrameworkID }
  /** The framework subscribed (again): updates that wait for it are sent now. */
  | { type: 'FRAMEWORK_SUBSCRIBED'; framework: FrameworkInfo }
  /** The agent is being emptied: it kills its tasks, which have so many nanoseconds at most. */
  | { type: 'DRAIN'; gracePeriod: number | undefined }
  /** What the agent has, after reservations and volumes were made or undone. */
  | { type: 'RESOURCES'; resources: readonly Resource[] }
  | { type: 'PING' }
  /** The agent was removed: it ends what it runs, and registers anew. */
  | { type: 'SHUTDOWN'; message: string };

/** An agent presents itself; the tasks and executors are those that outlived a lost connection. */
export interface Registration {
  info: AgentInfo;
  /** `ip:port` of the agent's own API. */
  address: { ip: string; port: number };
  version: string;
  tasks: readonly Task[];
  executors: readonly { frameworkId: FrameworkID; info: ExecutorInfo }[];
  frameworks: readonly FrameworkInfo[];
  /** What the agent has after reservations and volumes, where that is not what it was started with. */
  resources?: readonly Resource[] | undefined;
}

export type ToMaster =
  | {
      type: 'UPDATE';
      frameworkId: FrameworkID;
      status: TaskStatus;
      /** The newest state known to the agent, which may wait behind this update. */
      latestState: TaskState;
    }
  | { type: 'EXECUTOR_EXITED'; frameworkId: FrameworkID; executorId: ExecutorID; status: number }
  | { type: 'EXECUTOR_MESSAGE'; frameworkId: FrameworkID; executorId: ExecutorID; data: Base64 }
  | { type: 'PONG' }
  /** The agent goes away for good, in order. */
  | { type: 'UNREGISTER' };

/** The master's end of a connection to one agent. */
export interface AgentLink {
  send(message: ToAgent): void;
  close(): void;
}

/** The agent's end of its connection to the master. */
export interface MasterLink {
  send(message: ToMaster): void;
  /** Settles once everything that was sent has arrived, or cannot. */
  close(): Promise<void>;
}

/** What the master offers to agents: each connection is a registration, then messages both ways, in order. */
export interface AgentGateway {
  /** Undefined: not now; the agent tries again. */
  register(registration: Registration, link: AgentLink): AgentSession | undefined;
}

/** The master's handling of what one agent sends. */
export interface AgentSession {
  receive(message: ToMaster): void;
  /** The connection is gone. */
  disconnected(): void;
}
