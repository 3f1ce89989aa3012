import type { CommandInfo, ContainerInfo } from './container.js';
import type { Address, AgentID, DurationInfo, FrameworkID, Labels, ResourceProviderID, TimeInfo } from './ids.js';
import type { Attribute, OfferFilters, ReservationInfo, Resource } from './resource.js';

/** What a framework says of itself when it subscribes. */
export interface FrameworkInfo {
  /** User as whom tasks run; empty takes the one of the agent. */
  user: string;
  name: string;
  id?: FrameworkID | undefined;
  /** Seconds the master keeps tasks after a disconnection. Default 0.0. */
  failover_timeout?: number | undefined;
  /** Whether executors survive a restart of the agent. Default false. */
  checkpoint?: boolean | undefined;
  /** Default "*". @deprecated in Mesos */
  role?: string | undefined;
  /** Needs the MULTI_ROLE capability. */
  roles?: string[] | undefined;
  hostname?: string | undefined;
  principal?: string | undefined;
  webui_url?: string | undefined;
  capabilities?: FrameworkCapability[] | undefined;
  labels?: Labels | undefined;
  offer_filters?: Record<string, OfferFilters> | undefined;
}

/** A feature that a framework understands. */
export interface FrameworkCapability {
  type?: FrameworkCapabilityType | undefined;
}

/** Features that a framework may understand. */
export type FrameworkCapabilityType =
  | 'REVOCABLE_RESOURCES'
  | 'TASK_KILLING_STATE'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'PARTITION_AWARE'
  | 'MULTI_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE';

/** Region and zone. */
export interface DomainInfo {
  fault_domain?: FaultDomain | undefined;
}

/** Where a machine stands. */
export interface FaultDomain {
  region: RegionInfo;
  zone: ZoneInfo;
}

/** A region. */
export interface RegionInfo {
  name: string;
}

/** A zone of a region. */
export interface ZoneInfo {
  name: string;
}

/** What a master says of itself. */
export interface MasterInfo {
  id: string;
  /** IPv4 address as a number, lowest byte first. */
  ip: number;
  /** Default 5050. */
  port: number;
  pid?: string | undefined;
  hostname?: string | undefined;
  version?: string | undefined;
  address?: Address | undefined;
  domain?: DomainInfo | undefined;
  capabilities?: MasterCapability[] | undefined;
}

/** A feature of a master. */
export interface MasterCapability {
  type?: MasterCapabilityType | undefined;
}

/** Kinds of MasterCapability. */
export type MasterCapabilityType = 'AGENT_UPDATE' | 'AGENT_DRAINING' | 'QUOTA_V2';

/** What an agent says of itself. */
export interface AgentInfo {
  hostname: string;
  /** Default 5051. */
  port?: number | undefined;
  resources?: Resource[] | undefined;
  attributes?: Attribute[] | undefined;
  id?: AgentID | undefined;
  domain?: DomainInfo | undefined;
  /** Not in the v1 protocol file, yet recorded in answers of Mesos 1.11. */
  checkpoint?: boolean | undefined;
}

/** A feature of an agent. */
export interface AgentCapability {
  type?: AgentCapabilityType | undefined;
}

/** Kinds of AgentCapability. */
export type AgentCapabilityType =
  | 'MULTI_ROLE'
  | 'HIERARCHICAL_ROLE'
  | 'RESERVATION_REFINEMENT'
  | 'RESOURCE_PROVIDER'
  | 'RESIZE_VOLUME'
  | 'AGENT_OPERATION_FEEDBACK'
  | 'AGENT_DRAINING'
  | 'TASK_RESOURCE_LIMITS';

/** A machine by host name or address. */
export interface MachineID {
  hostname?: string | undefined;
  ip?: string | undefined;
}

/** A machine and its maintenance mode. */
export interface MachineInfo {
  id: MachineID;
  mode?: MachineInfoMode | undefined;
  unavailability?: Unavailability | undefined;
}

/** Maintenance modes. */
export type MachineInfoMode = 'UP' | 'DRAINING' | 'DOWN';

/** A planned absence. */
export interface Unavailability {
  start: TimeInfo;
  duration?: DurationInfo | undefined;
}

/** Whether an agent drains. */
export type DrainState = 'UNKNOWN' | 'DRAINING' | 'DRAINED';

/** How an agent is drained. */
export interface DrainConfig {
  max_grace_period?: DurationInfo | undefined;
  /** Default false. */
  mark_gone?: boolean | undefined;
}

/** Draining of an agent. */
export interface DrainInfo {
  state: DrainState;
  config: DrainConfig;
}

/** A version of Mesos. */
export interface VersionInfo {
  version: string;
  build_date?: string | undefined;
  build_time?: number | undefined;
  build_user?: string | undefined;
  git_sha?: string | undefined;
  git_branch?: string | undefined;
  git_tag?: string | undefined;
}

/** A resource provider of an agent. */
export interface ResourceProviderInfo {
  id?: ResourceProviderID | undefined;
  attributes?: Attribute[] | undefined;
  type: string;
  name: string;
  default_reservations?: ReservationInfo[] | undefined;
  storage?: ResourceProviderInfoStorage | undefined;
}

/** A provider of storage. */
export interface ResourceProviderInfoStorage {
  plugin: CSIPluginInfo;
  reconciliation_interval_seconds?: number | undefined;
}

/** A CSI plugin. */
export interface CSIPluginInfo {
  type: string;
  /** Default "default". */
  name?: string | undefined;
  containers?: CSIPluginContainerInfo[] | undefined;
  endpoints?: CSIPluginEndpoint[] | undefined;
  target_path_root?: string | undefined;
  target_path_exists?: boolean | undefined;
}

/** A container of a CSI plugin. */
export interface CSIPluginContainerInfo {
  services?: CSIPluginContainerInfoService[] | undefined;
  command?: CommandInfo | undefined;
  resources?: Resource[] | undefined;
  container?: ContainerInfo | undefined;
}

/** Services of a CSI plugin. */
export type CSIPluginContainerInfoService = 'CONTROLLER_SERVICE' | 'NODE_SERVICE';

/** Where a service of a CSI plugin listens. */
export interface CSIPluginEndpoint {
  csi_service: CSIPluginContainerInfoService;
  endpoint: string;
}
