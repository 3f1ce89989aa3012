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
import type { AgentInfo, DrainConfig, FrameworkInfo, ResourceProviderInfo } from './node.js';
import type { OperatorCall, OperatorResponse, ProvidedResources } from './operator.js';
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
  resource_providers?: ProvidedResources[] | undefined;
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
  | OperatorCall
  | {
      type: 'GET_CONTAINERS';
      get_containers?: { show_nested?: boolean | undefined; show_standalone?: boolean | undefined } | undefined;
    }
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
  | OperatorResponse
  | { type: 'GET_STATE'; get_state: AgentGetState }
  | { type: 'GET_CONTAINERS'; get_containers: AgentGetContainers }
  | { type: 'GET_FRAMEWORKS'; get_frameworks: AgentGetFrameworks }
  | { type: 'GET_EXECUTORS'; get_executors: AgentGetExecutors }
  | { type: 'GET_TASKS'; get_tasks: AgentGetTasks }
  | { type: 'GET_AGENT'; get_agent: AgentGetAgent }
  | { type: 'GET_RESOURCE_PROVIDERS'; get_resource_providers: AgentGetResourceProviders }
  | { type: 'WAIT_NESTED_CONTAINER'; wait_nested_container: AgentWaitContainer }
  | { type: 'WAIT_CONTAINER'; wait_container: AgentWaitContainer };
