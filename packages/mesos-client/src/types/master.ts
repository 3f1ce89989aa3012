import type { AgentID, FrameworkID, TimeInfo } from './ids.js';
import type { AgentCapability, AgentInfo, DrainInfo, FrameworkInfo, MachineID, MasterInfo } from './node.js';
import type { InverseOffer, Offer } from './offer.js';
import type {
  MaintenanceClusterStatus,
  MaintenanceSchedule,
  QuotaConfig,
  QuotaRequest,
  QuotaStatus,
  RoleInfo,
  WeightInfo,
  OperatorCall,
  OperatorResponse,
  ProvidedResources,
} from './operator.js';
import type { Resource, Scalar } from './resource.js';
import type { OfferConstraints } from './scheduler.js';
import type { ExecutorInfo, Task, TaskState, TaskStatus } from './task.js';

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
  resource_providers?: ProvidedResources[] | undefined;
  drain_info?: DrainInfo | undefined;
  estimated_drain_start_time?: TimeInfo | undefined;
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
  | OperatorCall
  | { type: 'GET_AGENTS' }
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
  | OperatorResponse
  | { type: 'GET_STATE'; get_state: MasterGetState }
  | { type: 'GET_AGENTS'; get_agents: MasterGetAgents }
  | { type: 'GET_FRAMEWORKS'; get_frameworks: MasterGetFrameworks }
  | { type: 'GET_EXECUTORS'; get_executors: MasterGetExecutors }
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
