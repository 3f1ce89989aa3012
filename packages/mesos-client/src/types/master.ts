import type { AgentID, Base64, DurationInfo, FrameworkID, TimeInfo } from './ids.js';
import type {
  AgentCapability,
  AgentInfo,
  DrainInfo,
  FrameworkInfo,
  MachineID,
  MasterInfo,
  ResourceProviderInfo,
  VersionInfo,
} from './node.js';
import type { InverseOffer, Offer, Operation } from './offer.js';
import type {
  FileInfo,
  Flag,
  MaintenanceClusterStatus,
  MaintenanceSchedule,
  Metric,
  QuotaConfig,
  QuotaRequest,
  QuotaStatus,
  RoleInfo,
  WeightInfo,
} from './operator.js';
import type { Resource, Scalar } from './resource.js';
import type { OfferConstraints } from './scheduler.js';
import type { ExecutorInfo, Task, TaskState, TaskStatus } from './task.js';

/** Answer to GET_HEALTH. */
export interface MasterGetHealth {
  healthy: boolean;
}

/** Answer to GET_FLAGS. */
export interface MasterGetFlags {
  flags?: Flag[] | undefined;
}

/** Answer to GET_VERSION. */
export interface MasterGetVersion {
  version_info: VersionInfo;
}

/** Answer to GET_METRICS. */
export interface MasterGetMetrics {
  metrics?: Metric[] | undefined;
}

/** Answer to GET_LOGGING_LEVEL. */
export interface MasterGetLoggingLevel {
  level: number;
}

/** Answer to LIST_FILES. */
export interface MasterListFiles {
  file_infos?: FileInfo[] | undefined;
}

/** Answer to READ_FILE: a part, and the size of the whole. */
export interface MasterReadFile {
  size: number;
  data: Base64;
}

/** Everything the master knows of its cluster. */
export interface MasterGetState {
  get_tasks?: MasterGetTasks | undefined;
  get_executors?: MasterGetExecutors | undefined;
  get_frameworks?: MasterGetFrameworks | undefined;
  get_agents?: MasterGetAgents | undefined;
}

/** Answer to GET_AGENTS. */
export interface MasterGetAgents {
  agents?: MasterAgent[] | undefined;
  recovered_agents?: AgentInfo[] | undefined;
}

/** An agent as the master knows it. */
export interface MasterAgent {
  agent_info: AgentInfo;
  active: boolean;
  deactivated?: boolean | undefined;
  version: string;
  pid?: string | undefined;
  registered_time?: TimeInfo | undefined;
  reregistered_time?: TimeInfo | undefined;
  total_resources?: Resource[] | undefined;
  allocated_resources?: Resource[] | undefined;
  offered_resources?: Resource[] | undefined;
  capabilities?: AgentCapability[] | undefined;
  resource_providers?: MasterResourceProvider[] | undefined;
  drain_info?: DrainInfo | undefined;
  estimated_drain_start_time?: TimeInfo | undefined;
}

/** A resource provider with its resources. */
export interface MasterResourceProvider {
  resource_provider_info: ResourceProviderInfo;
  total_resources?: Resource[] | undefined;
}

/** Answer to GET_FRAMEWORKS. */
export interface MasterGetFrameworks {
  frameworks?: MasterFramework[] | undefined;
  completed_frameworks?: MasterFramework[] | undefined;
  /** @deprecated in Mesos */
  recovered_frameworks?: FrameworkInfo[] | undefined;
}

/** A framework as the master knows it. */
export interface MasterFramework {
  framework_info: FrameworkInfo;
  active: boolean;
  connected: boolean;
  recovered: boolean;
  registered_time?: TimeInfo | undefined;
  reregistered_time?: TimeInfo | undefined;
  unregistered_time?: TimeInfo | undefined;
  offers?: Offer[] | undefined;
  inverse_offers?: InverseOffer[] | undefined;
  allocated_resources?: Resource[] | undefined;
  offered_resources?: Resource[] | undefined;
  offer_constraints?: OfferConstraints | undefined;
}

/** Answer to GET_EXECUTORS. */
export interface MasterGetExecutors {
  executors?: MasterExecutor[] | undefined;
  /** @deprecated in Mesos */
  orphan_executors?: MasterExecutor[] | undefined;
}

/** An executor as the master knows it. */
export interface MasterExecutor {
  executor_info: ExecutorInfo;
  agent_id: AgentID;
}

/** Answer to GET_OPERATIONS. */
export interface MasterGetOperations {
  operations?: Operation[] | undefined;
}

/** Answer to GET_TASKS. */
export interface MasterGetTasks {
  /** @deprecated in Mesos */
  pending_tasks?: Task[] | undefined;
  tasks?: Task[] | undefined;
  unreachable_tasks?: Task[] | undefined;
  completed_tasks?: Task[] | undefined;
  /** @deprecated in Mesos */
  orphan_tasks?: Task[] | undefined;
}

/** Answer to GET_ROLES. */
export interface MasterGetRoles {
  roles?: RoleInfo[] | undefined;
}

/** Answer to GET_WEIGHTS. */
export interface MasterGetWeights {
  weight_infos?: WeightInfo[] | undefined;
}

/** Answer to GET_MASTER. */
export interface MasterGetMaster {
  master_info?: MasterInfo | undefined;
  start_time?: number | undefined;
  elected_time?: number | undefined;
}

/** Answer to GET_MAINTENANCE_STATUS. */
export interface MasterGetMaintenanceStatus {
  status: MaintenanceClusterStatus;
}

/** Answer to GET_MAINTENANCE_SCHEDULE. */
export interface MasterGetMaintenanceSchedule {
  schedule: MaintenanceSchedule;
}

/** Answer to GET_QUOTA. */
export interface MasterGetQuota {
  status: QuotaStatus;
}

/** A call of an operator to a master. */
export type MasterCall =
  | { type: 'GET_HEALTH' }
  | { type: 'GET_FLAGS' }
  | { type: 'GET_VERSION' }
  | { type: 'GET_METRICS'; get_metrics: { timeout?: DurationInfo | undefined } }
  | { type: 'GET_LOGGING_LEVEL' }
  | { type: 'SET_LOGGING_LEVEL'; set_logging_level: { level: number; duration: DurationInfo } }
  | { type: 'LIST_FILES'; list_files: { path: string } }
  | { type: 'READ_FILE'; read_file: { path: string; offset: number; length?: number | undefined } }
  | { type: 'GET_STATE' }
  | { type: 'GET_AGENTS' }
  | { type: 'GET_FRAMEWORKS' }
  | { type: 'GET_EXECUTORS' }
  | { type: 'GET_OPERATIONS' }
  | { type: 'GET_TASKS' }
  | { type: 'GET_ROLES' }
  | { type: 'GET_WEIGHTS' }
  | { type: 'UPDATE_WEIGHTS'; update_weights: { weight_infos?: WeightInfo[] | undefined } }
  | { type: 'GET_MASTER' }
  | { type: 'SUBSCRIBE' }
  | {
      type: 'RESERVE_RESOURCES';
      reserve_resources: { agent_id: AgentID; source?: Resource[] | undefined; resources?: Resource[] | undefined };
    }
  | { type: 'UNRESERVE_RESOURCES'; unreserve_resources: { agent_id: AgentID; resources?: Resource[] | undefined } }
  | { type: 'CREATE_VOLUMES'; create_volumes: { agent_id: AgentID; volumes?: Resource[] | undefined } }
  | { type: 'DESTROY_VOLUMES'; destroy_volumes: { agent_id: AgentID; volumes?: Resource[] | undefined } }
  | { type: 'GROW_VOLUME'; grow_volume: { agent_id?: AgentID | undefined; volume: Resource; addition: Resource } }
  | { type: 'SHRINK_VOLUME'; shrink_volume: { agent_id?: AgentID | undefined; volume: Resource; subtract: Scalar } }
  | { type: 'GET_MAINTENANCE_STATUS' }
  | { type: 'GET_MAINTENANCE_SCHEDULE' }
  | { type: 'UPDATE_MAINTENANCE_SCHEDULE'; update_maintenance_schedule: { schedule: MaintenanceSchedule } }
  | { type: 'START_MAINTENANCE'; start_maintenance: { machines?: MachineID[] | undefined } }
  | { type: 'STOP_MAINTENANCE'; stop_maintenance: { machines?: MachineID[] | undefined } }
  | {
      type: 'DRAIN_AGENT';
      drain_agent: {
        agent_id: AgentID;
        max_grace_period?: { seconds?: number | undefined; nanos?: number | undefined } | undefined;
        mark_gone?: boolean | undefined;
      };
    }
  | { type: 'DEACTIVATE_AGENT'; deactivate_agent: { agent_id: AgentID } }
  | { type: 'REACTIVATE_AGENT'; reactivate_agent: { agent_id: AgentID } }
  | { type: 'GET_QUOTA' }
  | { type: 'UPDATE_QUOTA'; update_quota: { force?: boolean | undefined; quota_configs?: QuotaConfig[] | undefined } }
  | { type: 'SET_QUOTA'; set_quota: { quota_request: QuotaRequest } }
  | { type: 'REMOVE_QUOTA'; remove_quota: { role: string } }
  | { type: 'TEARDOWN'; teardown: { framework_id: FrameworkID } }
  | { type: 'MARK_AGENT_GONE'; mark_agent_gone: { agent_id: AgentID } };

/** An answer of a master to a call that reads; the others answer with an empty body. */
export type MasterResponse =
  | { type: 'GET_HEALTH'; get_health: MasterGetHealth }
  | { type: 'GET_FLAGS'; get_flags: MasterGetFlags }
  | { type: 'GET_VERSION'; get_version: MasterGetVersion }
  | { type: 'GET_METRICS'; get_metrics: MasterGetMetrics }
  | { type: 'GET_LOGGING_LEVEL'; get_logging_level: MasterGetLoggingLevel }
  | { type: 'LIST_FILES'; list_files: MasterListFiles }
  | { type: 'READ_FILE'; read_file: MasterReadFile }
  | { type: 'GET_STATE'; get_state: MasterGetState }
  | { type: 'GET_AGENTS'; get_agents: MasterGetAgents }
  | { type: 'GET_FRAMEWORKS'; get_frameworks: MasterGetFrameworks }
  | { type: 'GET_EXECUTORS'; get_executors: MasterGetExecutors }
  | { type: 'GET_OPERATIONS'; get_operations: MasterGetOperations }
  | { type: 'GET_TASKS'; get_tasks: MasterGetTasks }
  | { type: 'GET_ROLES'; get_roles: MasterGetRoles }
  | { type: 'GET_WEIGHTS'; get_weights: MasterGetWeights }
  | { type: 'GET_MASTER'; get_master: MasterGetMaster }
  | { type: 'GET_MAINTENANCE_STATUS'; get_maintenance_status: MasterGetMaintenanceStatus }
  | { type: 'GET_MAINTENANCE_SCHEDULE'; get_maintenance_schedule: MasterGetMaintenanceSchedule }
  | { type: 'GET_QUOTA'; get_quota: MasterGetQuota };

/** An event of the operator stream of a master. */
export type MasterEvent =
  | {
      type: 'SUBSCRIBED';
      subscribed: { get_state?: MasterGetState | undefined; heartbeat_interval_seconds?: number | undefined };
    }
  | { type: 'TASK_ADDED'; task_added: { task: Task } }
  | { type: 'TASK_UPDATED'; task_updated: { framework_id: FrameworkID; status: TaskStatus; state: TaskState } }
  | { type: 'AGENT_ADDED'; agent_added: { agent: MasterAgent } }
  | { type: 'AGENT_REMOVED'; agent_removed: { agent_id: AgentID } }
  | { type: 'FRAMEWORK_ADDED'; framework_added: { framework: MasterFramework } }
  | { type: 'FRAMEWORK_UPDATED'; framework_updated: { framework: MasterFramework } }
  | { type: 'FRAMEWORK_REMOVED'; framework_removed: { framework_info: FrameworkInfo } }
  | { type: 'HEARTBEAT' };
