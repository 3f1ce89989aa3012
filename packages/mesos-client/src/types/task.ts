import type { CommandInfo, ContainerInfo, ContainerStatus, NetworkInfoProtocol } from './container.js';
import type { AgentID, Base64, DurationInfo, ExecutorID, FrameworkID, Labels, TaskID, TimeInfo } from './ids.js';
import type { Resource, Scalar } from './resource.js';

/** States of a task; `isTerminal` tells those that end it. */
export type TaskState =
  | 'TASK_STAGING'
  | 'TASK_STARTING'
  | 'TASK_RUNNING'
  | 'TASK_KILLING'
  | 'TASK_FINISHED'
  | 'TASK_FAILED'
  | 'TASK_KILLED'
  | 'TASK_ERROR'
  | 'TASK_LOST'
  | 'TASK_DROPPED'
  | 'TASK_UNREACHABLE'
  | 'TASK_GONE'
  | 'TASK_GONE_BY_OPERATOR'
  | 'TASK_UNKNOWN';

/** A task to launch: either `command` or `executor` is set. */
export interface TaskInfo {
  name: string;
  task_id: TaskID;
  agent_id: AgentID;
  resources?: Resource[] | undefined;
  executor?: ExecutorInfo | undefined;
  command?: CommandInfo | undefined;
  container?: ContainerInfo | undefined;
  health_check?: HealthCheck | undefined;
  check?: CheckInfo | undefined;
  kill_policy?: KillPolicy | undefined;
  data?: Base64 | undefined;
  labels?: Labels | undefined;
  discovery?: DiscoveryInfo | undefined;
  max_completion_time?: DurationInfo | undefined;
  limits?: Record<string, Scalar> | undefined;
}

/** Tasks launched together by the default executor; killing one kills all. */
export interface TaskGroupInfo {
  tasks?: TaskInfo[] | undefined;
}

/** A state of a task. Acknowledge it if and only if it has a `uuid`. */
export interface TaskStatus {
  task_id: TaskID;
  state: TaskState;
  message?: string | undefined;
  source?: TaskStatusSource | undefined;
  reason?: TaskStatusReason | undefined;
  data?: Base64 | undefined;
  agent_id?: AgentID | undefined;
  executor_id?: ExecutorID | undefined;
  /** Seconds since the epoch. */
  timestamp?: number | undefined;
  /** Made by the executor or agent; absent on updates of the master. */
  uuid?: Base64 | undefined;
  healthy?: boolean | undefined;
  check_status?: CheckStatusInfo | undefined;
  labels?: Labels | undefined;
  container_status?: ContainerStatus | undefined;
  unreachable_time?: TimeInfo | undefined;
  limitation?: TaskResourceLimitation | undefined;
}

/** Who made a status update. */
export type TaskStatusSource = 'SOURCE_MASTER' | 'SOURCE_AGENT' | 'SOURCE_EXECUTOR';

/** Why a status update was made. */
export type TaskStatusReason =
  | 'REASON_COMMAND_EXECUTOR_FAILED'
  | 'REASON_CONTAINER_LAUNCH_FAILED'
  | 'REASON_CONTAINER_LIMITATION'
  | 'REASON_CONTAINER_LIMITATION_DISK'
  | 'REASON_CONTAINER_LIMITATION_MEMORY'
  | 'REASON_CONTAINER_PREEMPTED'
  | 'REASON_CONTAINER_UPDATE_FAILED'
  | 'REASON_MAX_COMPLETION_TIME_REACHED'
  | 'REASON_EXECUTOR_REGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_REREGISTRATION_TIMEOUT'
  | 'REASON_EXECUTOR_TERMINATED'
  | 'REASON_EXECUTOR_UNREGISTERED'
  | 'REASON_FRAMEWORK_REMOVED'
  | 'REASON_GC_ERROR'
  | 'REASON_INVALID_FRAMEWORKID'
  | 'REASON_INVALID_OFFERS'
  | 'REASON_IO_SWITCHBOARD_EXITED'
  | 'REASON_MASTER_DISCONNECTED'
  | 'REASON_RECONCILIATION'
  | 'REASON_RESOURCES_UNKNOWN'
  | 'REASON_AGENT_DISCONNECTED'
  | 'REASON_AGENT_DRAINING'
  | 'REASON_AGENT_REMOVED'
  | 'REASON_AGENT_REMOVED_BY_OPERATOR'
  | 'REASON_AGENT_REREGISTERED'
  | 'REASON_AGENT_RESTARTED'
  | 'REASON_AGENT_UNKNOWN'
  | 'REASON_TASK_KILLED_DURING_LAUNCH'
  | 'REASON_TASK_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED'
  | 'REASON_TASK_GROUP_INVALID'
  | 'REASON_TASK_GROUP_UNAUTHORIZED'
  | 'REASON_TASK_INVALID'
  | 'REASON_TASK_UNAUTHORIZED'
  | 'REASON_TASK_UNKNOWN';

/** A task as master and agents know it. */
export interface Task {
  name: string;
  task_id: TaskID;
  framework_id: FrameworkID;
  executor_id?: ExecutorID | undefined;
  agent_id: AgentID;
  state: TaskState;
  resources?: Resource[] | undefined;
  statuses?: TaskStatus[] | undefined;
  status_update_state?: TaskState | undefined;
  status_update_uuid?: Base64 | undefined;
  labels?: Labels | undefined;
  discovery?: DiscoveryInfo | undefined;
  container?: ContainerInfo | undefined;
  health_check?: HealthCheck | undefined;
  kill_policy?: KillPolicy | undefined;
  user?: string | undefined;
  limits?: Record<string, Scalar> | undefined;
}

/** An executor to run tasks; `type` CUSTOM needs `command`. */
export interface ExecutorInfo {
  type?: ExecutorInfoType | undefined;
  executor_id: ExecutorID;
  framework_id?: FrameworkID | undefined;
  command?: CommandInfo | undefined;
  container?: ContainerInfo | undefined;
  resources?: Resource[] | undefined;
  name?: string | undefined;
  /** @deprecated in Mesos */
  source?: string | undefined;
  data?: Base64 | undefined;
  discovery?: DiscoveryInfo | undefined;
  /** Time between SHUTDOWN and SIGKILL; the agent has its own default. */
  shutdown_grace_period?: DurationInfo | undefined;
  labels?: Labels | undefined;
}

/** Kinds of ExecutorInfo. */
export type ExecutorInfoType = 'DEFAULT' | 'CUSTOM';

/** Repeated check of a task that kills it after failures. */
export interface HealthCheck {
  /** Default 15.0. */
  delay_seconds?: number | undefined;
  /** Default 10.0. */
  interval_seconds?: number | undefined;
  /** Default 20.0. */
  timeout_seconds?: number | undefined;
  /** Default 3. */
  consecutive_failures?: number | undefined;
  /** Default 10.0. */
  grace_period_seconds?: number | undefined;
  type?: HealthCheckType | undefined;
  command?: CommandInfo | undefined;
  http?: HTTPCheckInfo | undefined;
  tcp?: TCPCheckInfo | undefined;
}

/** Kinds of HealthCheck. */
export type HealthCheckType = 'COMMAND' | 'HTTP' | 'TCP';

/** A request that must succeed. */
export interface HTTPCheckInfo {
  /** Default IPv4. */
  protocol?: NetworkInfoProtocol | undefined;
  scheme?: string | undefined;
  port: number;
  path?: string | undefined;
  statuses?: number[] | undefined;
}

/** A connection that must be accepted. */
export interface TCPCheckInfo {
  /** Default IPv4. */
  protocol?: NetworkInfoProtocol | undefined;
  port: number;
}

/** Repeated check of a task that is only reported. */
export interface CheckInfo {
  type?: CheckInfoType | undefined;
  command?: CheckInfoCommand | undefined;
  http?: CheckInfoHttp | undefined;
  tcp?: CheckInfoTcp | undefined;
  /** Default 15.0. */
  delay_seconds?: number | undefined;
  /** Default 10.0. */
  interval_seconds?: number | undefined;
  /** Default 20.0. */
  timeout_seconds?: number | undefined;
}

/** Kinds of CheckInfo. */
export type CheckInfoType = 'COMMAND' | 'HTTP' | 'TCP';

/** A command to run. */
export interface CheckInfoCommand {
  command: CommandInfo;
}

/** A request to make. */
export interface CheckInfoHttp {
  port: number;
  path?: string | undefined;
}

/** A connection to open. */
export interface CheckInfoTcp {
  port: number;
}

/** Result of a check. */
export interface CheckStatusInfo {
  type?: CheckInfoType | undefined;
  command?: CheckStatusInfoCommand | undefined;
  http?: CheckStatusInfoHttp | undefined;
  tcp?: CheckStatusInfoTcp | undefined;
}

/** How the command ended. */
export interface CheckStatusInfoCommand {
  exit_code?: number | undefined;
}

/** What the request was answered. */
export interface CheckStatusInfoHttp {
  status_code?: number | undefined;
}

/** Whether the connection was accepted. */
export interface CheckStatusInfoTcp {
  succeeded?: boolean | undefined;
}

/** How a task is killed: time between SIGTERM and SIGKILL. */
export interface KillPolicy {
  grace_period?: DurationInfo | undefined;
}

/** The limit that a task exceeded. */
export interface TaskResourceLimitation {
  resources?: Resource[] | undefined;
}

/** How others find a task. */
export interface DiscoveryInfo {
  visibility: Visibility;
  name?: string | undefined;
  environment?: string | undefined;
  location?: string | undefined;
  version?: string | undefined;
  ports?: Ports | undefined;
  labels?: Labels | undefined;
}

/** Who may find a task. */
export type Visibility = 'FRAMEWORK' | 'CLUSTER' | 'EXTERNAL';

/** A port a task listens on. */
export interface Port {
  number: number;
  name?: string | undefined;
  protocol?: string | undefined;
  visibility?: Visibility | undefined;
  labels?: Labels | undefined;
}

/** Ports of a task. */
export interface Ports {
  ports?: Port[] | undefined;
}
