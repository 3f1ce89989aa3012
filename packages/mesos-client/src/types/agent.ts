import type { CommandInfo, ContainerInfo, ContainerStatus, Image, TTYInfo } from './container.js';
import type {
  Base64,
  ContainerID,
  DurationInfo,
  ExecutorID,
  FrameworkID,
  ResourceProviderID,
  TimeInfo,
} from './ids.js';
import type { AgentInfo, DrainConfig, FrameworkInfo, ResourceProviderInfo, VersionInfo } from './node.js';
import type { Operation } from './offer.js';
import type { FileInfo, Flag, Metric } from './operator.js';
import type { Resource, Scalar } from './resource.js';
import type { ResourceStatistics } from './statistics.js';
import type { ExecutorInfo, Task, TaskResourceLimitation, TaskState, TaskStatusReason } from './task.js';

/** One record of the input or output of a container: DATA or CONTROL. */
export interface ProcessIO {
  type?: ProcessIOType | undefined;
  data?: ProcessIOData | undefined;
  control?: ProcessIOControl | undefined;
}

/** Kinds of ProcessIO. */
export type ProcessIOType = 'DATA' | 'CONTROL';

/** Bytes of a stream. */
export interface ProcessIOData {
  type?: ProcessIODataType | undefined;
  data?: Base64 | undefined;
}

/** Kinds of ProcessIOData. */
export type ProcessIODataType = 'STDIN' | 'STDOUT' | 'STDERR';

/** A window size, or a heartbeat. */
export interface ProcessIOControl {
  type?: ProcessIOControlType | undefined;
  tty_info?: TTYInfo | undefined;
  heartbeat?: ProcessIOHeartbeat | undefined;
}

/** Kinds of ProcessIOControl. */
export type ProcessIOControlType = 'TTY_INFO' | 'HEARTBEAT';

/** Keeps a quiet connection open. */
export interface ProcessIOHeartbeat {
  interval?: DurationInfo | undefined;
}

/** Answer to GET_HEALTH. */
export interface AgentGetHealth {
  healthy: boolean;
}

/** Answer to GET_FLAGS. */
export interface AgentGetFlags {
  flags?: Flag[] | undefined;
}

/** Answer to GET_VERSION. */
export interface AgentGetVersion {
  version_info: VersionInfo;
}

/** Answer to GET_METRICS. */
export interface AgentGetMetrics {
  metrics?: Metric[] | undefined;
}

/** Answer to GET_LOGGING_LEVEL. */
export interface AgentGetLoggingLevel {
  level: number;
}

/** Answer to LIST_FILES. */
export interface AgentListFiles {
  file_infos?: FileInfo[] | undefined;
}

/** Answer to READ_FILE: a part, and the size of the whole. */
export interface AgentReadFile {
  size: number;
  data: Base64;
}

/** Everything an agent knows of its tasks. */
export interface AgentGetState {
  get_tasks?: AgentGetTasks | undefined;
  get_executors?: AgentGetExecutors | undefined;
  get_frameworks?: AgentGetFrameworks | undefined;
}

/** Answer to GET_CONTAINERS. */
export interface AgentGetContainers {
  containers?: AgentContainer[] | undefined;
}

/** A container of an agent. */
export interface AgentContainer {
  framework_id?: FrameworkID | undefined;
  executor_id?: ExecutorID | undefined;
  executor_name?: string | undefined;
  container_id: ContainerID;
  container_status?: ContainerStatus | undefined;
  resource_statistics?: ResourceStatistics | undefined;
}

/** Answer to GET_FRAMEWORKS. */
export interface AgentGetFrameworks {
  frameworks?: AgentFramework[] | undefined;
  completed_frameworks?: AgentFramework[] | undefined;
}

/** A framework as an agent knows it. */
export interface AgentFramework {
  framework_info: FrameworkInfo;
}

/** Answer to GET_EXECUTORS. */
export interface AgentGetExecutors {
  executors?: AgentExecutor[] | undefined;
  completed_executors?: AgentExecutor[] | undefined;
}

/** An executor as an agent knows it. */
export interface AgentExecutor {
  executor_info: ExecutorInfo;
}

/** Answer to GET_OPERATIONS. */
export interface AgentGetOperations {
  operations?: Operation[] | undefined;
}

/** Answer to GET_TASKS. */
export interface AgentGetTasks {
  pending_tasks?: Task[] | undefined;
  queued_tasks?: Task[] | undefined;
  launched_tasks?: Task[] | undefined;
  terminated_tasks?: Task[] | undefined;
  completed_tasks?: Task[] | undefined;
}

/** Answer to GET_AGENT. */
export interface AgentGetAgent {
  agent_info?: AgentInfo | undefined;
  drain_config?: DrainConfig | undefined;
  estimated_drain_start_time?: TimeInfo | undefined;
}

/** Answer to GET_RESOURCE_PROVIDERS. */
export interface AgentGetResourceProviders {
  resource_providers?: AgentResourceProvider[] | undefined;
}

/** A resource provider with its resources. */
export interface AgentResourceProvider {
  resource_provider_info: ResourceProviderInfo;
  total_resources?: Resource[] | undefined;
}

/** How a nested container ended. */
export interface AgentWaitNestedContainer {
  exit_status?: number | undefined;
  state?: TaskState | undefined;
  reason?: TaskStatusReason | undefined;
  limitation?: TaskResourceLimitation | undefined;
  message?: string | undefined;
}

/** How a container ended; `exit_status` is the raw wait status. */
export interface AgentWaitContainer {
  exit_status?: number | undefined;
  state?: TaskState | undefined;
  reason?: TaskStatusReason | undefined;
  limitation?: TaskResourceLimitation | undefined;
  message?: string | undefined;
}

/** A call of an operator to an agent. */
export type AgentCall =
  | { type: 'GET_HEALTH' }
  | { type: 'GET_FLAGS' }
  | { type: 'GET_VERSION' }
  | { type: 'GET_METRICS'; get_metrics: { timeout?: DurationInfo | undefined } }
  | { type: 'GET_LOGGING_LEVEL' }
  | { type: 'SET_LOGGING_LEVEL'; set_logging_level: { level: number; duration: DurationInfo } }
  | { type: 'LIST_FILES'; list_files: { path: string } }
  | { type: 'READ_FILE'; read_file: { path: string; offset: number; length?: number | undefined } }
  | { type: 'GET_STATE' }
  | {
      type: 'GET_CONTAINERS';
      get_containers?: { show_nested?: boolean | undefined; show_standalone?: boolean | undefined } | undefined;
    }
  | { type: 'GET_FRAMEWORKS' }
  | { type: 'GET_EXECUTORS' }
  | { type: 'GET_OPERATIONS' }
  | { type: 'GET_TASKS' }
  | { type: 'GET_AGENT' }
  | { type: 'GET_RESOURCE_PROVIDERS' }
  | {
      type: 'LAUNCH_NESTED_CONTAINER';
      launch_nested_container: {
        container_id: ContainerID;
        command?: CommandInfo | undefined;
        container?: ContainerInfo | undefined;
      };
    }
  | { type: 'WAIT_NESTED_CONTAINER'; wait_nested_container: { container_id: ContainerID } }
  | { type: 'KILL_NESTED_CONTAINER'; kill_nested_container: { container_id: ContainerID; signal?: number | undefined } }
  | { type: 'REMOVE_NESTED_CONTAINER'; remove_nested_container: { container_id: ContainerID } }
  | {
      type: 'LAUNCH_NESTED_CONTAINER_SESSION';
      launch_nested_container_session: {
        container_id: ContainerID;
        command?: CommandInfo | undefined;
        container?: ContainerInfo | undefined;
      };
    }
  | { type: 'ATTACH_CONTAINER_INPUT'; attach_container_input: AttachContainerInput }
  | { type: 'ATTACH_CONTAINER_OUTPUT'; attach_container_output: { container_id: ContainerID } }
  | {
      type: 'LAUNCH_CONTAINER';
      launch_container: {
        container_id: ContainerID;
        command?: CommandInfo | undefined;
        resources?: Resource[] | undefined;
        container?: ContainerInfo | undefined;
        limits?: Record<string, Scalar> | undefined;
      };
    }
  | { type: 'WAIT_CONTAINER'; wait_container: { container_id: ContainerID } }
  | { type: 'KILL_CONTAINER'; kill_container: { container_id: ContainerID; signal?: number | undefined } }
  | { type: 'REMOVE_CONTAINER'; remove_container: { container_id: ContainerID } }
  | { type: 'ADD_RESOURCE_PROVIDER_CONFIG'; add_resource_provider_config: { info: ResourceProviderInfo } }
  | { type: 'UPDATE_RESOURCE_PROVIDER_CONFIG'; update_resource_provider_config: { info: ResourceProviderInfo } }
  | { type: 'REMOVE_RESOURCE_PROVIDER_CONFIG'; remove_resource_provider_config: { type: string; name: string } }
  | { type: 'MARK_RESOURCE_PROVIDER_GONE'; mark_resource_provider_gone: { resource_provider_id: ResourceProviderID } }
  | { type: 'PRUNE_IMAGES'; prune_images: { excluded_images?: Image[] | undefined } };

/** One record of ATTACH_CONTAINER_INPUT: first CONTAINER_ID, then PROCESS_IO. */
export interface AttachContainerInput {
  type?: AttachContainerInputType | undefined;
  container_id?: ContainerID | undefined;
  process_io?: ProcessIO | undefined;
}

/** Kinds of AttachContainerInput. */
export type AttachContainerInputType = 'CONTAINER_ID' | 'PROCESS_IO';

/** An answer of an agent to a call that reads; the others answer with an empty body. */
export type AgentResponse =
  | { type: 'GET_HEALTH'; get_health: AgentGetHealth }
  | { type: 'GET_FLAGS'; get_flags: AgentGetFlags }
  | { type: 'GET_VERSION'; get_version: AgentGetVersion }
  | { type: 'GET_METRICS'; get_metrics: AgentGetMetrics }
  | { type: 'GET_LOGGING_LEVEL'; get_logging_level: AgentGetLoggingLevel }
  | { type: 'LIST_FILES'; list_files: AgentListFiles }
  | { type: 'READ_FILE'; read_file: AgentReadFile }
  | { type: 'GET_STATE'; get_state: AgentGetState }
  | { type: 'GET_CONTAINERS'; get_containers: AgentGetContainers }
  | { type: 'GET_FRAMEWORKS'; get_frameworks: AgentGetFrameworks }
  | { type: 'GET_EXECUTORS'; get_executors: AgentGetExecutors }
  | { type: 'GET_OPERATIONS'; get_operations: AgentGetOperations }
  | { type: 'GET_TASKS'; get_tasks: AgentGetTasks }
  | { type: 'GET_AGENT'; get_agent: AgentGetAgent }
  | { type: 'GET_RESOURCE_PROVIDERS'; get_resource_providers: AgentGetResourceProviders }
  | { type: 'WAIT_NESTED_CONTAINER'; wait_nested_container: AgentWaitNestedContainer }
  | { type: 'WAIT_CONTAINER'; wait_container: AgentWaitContainer };
