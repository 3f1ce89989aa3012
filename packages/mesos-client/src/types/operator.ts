import type { Base64, DurationInfo, FrameworkID, TimeInfo } from './ids.js';
import type { MachineID, ResourceProviderInfo, Unavailability, VersionInfo } from './node.js';
import type { Operation } from './offer.js';
import type { Resource, Scalar } from './resource.js';

/** A flag and its value. */
export interface Flag {
  name: string;
  value?: string | undefined;
}

/** A metric and its value. */
export interface Metric {
  name: string;
  value?: number | undefined;
}

/** A file as LIST_FILES shows it. */
export interface FileInfo {
  path: string;
  nlink?: number | undefined;
  size?: number | undefined;
  mtime?: TimeInfo | undefined;
  mode?: number | undefined;
  uid?: string | undefined;
  gid?: string | undefined;
}

/** Weight of a role. */
export interface WeightInfo {
  weight: number;
  role?: string | undefined;
}

/** A role with its frameworks and resources. */
export interface RoleInfo {
  name: string;
  weight: number;
  frameworks?: FrameworkID[] | undefined;
  resources?: Resource[] | undefined;
}

/** Machines and when they will be absent. */
export interface MaintenanceWindow {
  machine_ids?: MachineID[] | undefined;
  unavailability: Unavailability;
}

/** The one schedule of a cluster. */
export interface MaintenanceSchedule {
  windows?: MaintenanceWindow[] | undefined;
}

/** Machines that drain or are down. */
export interface MaintenanceClusterStatus {
  draining_machines?: MaintenanceClusterStatusDrainingMachine[] | undefined;
  down_machines?: MachineID[] | undefined;
}

/** A machine that drains, and what frameworks answered. */
export interface MaintenanceClusterStatusDrainingMachine {
  id: MachineID;
  statuses?: InverseOfferStatus[] | undefined;
}

/** Answer of a framework to an inverse offer. */
export interface InverseOfferStatus {
  status: InverseOfferStatusStatus;
  framework_id: FrameworkID;
  timestamp: TimeInfo;
}

/** Answers to an inverse offer. */
export type InverseOfferStatusStatus = 'ACCEPT' | 'DECLINE';

/** Quota in the deprecated form. */
export interface QuotaInfo {
  role?: string | undefined;
  principal?: string | undefined;
  guarantee?: Resource[] | undefined;
}

/** Quota to set, in the deprecated form. */
export interface QuotaRequest {
  force?: boolean | undefined;
  role?: string | undefined;
  guarantee?: Resource[] | undefined;
}

/** Guarantees and limits of a role. */
export interface QuotaConfig {
  role: string;
  guarantees?: Record<string, Scalar> | undefined;
  limits?: Record<string, Scalar> | undefined;
}

/** All quotas. */
export interface QuotaStatus {
  /** @deprecated in Mesos */
  infos?: QuotaInfo[] | undefined;
  configs?: QuotaConfig[] | undefined;
}

/** A resource provider with its resources. */
export interface ProvidedResources {
  resource_provider_info: ResourceProviderInfo;
  total_resources?: Resource[] | undefined;
}

/** The calls that masters and agents both answer. */
export type OperatorCall =
  | { type: 'GET_HEALTH' }
  | { type: 'GET_FLAGS' }
  | { type: 'GET_VERSION' }
  | { type: 'GET_METRICS'; get_metrics: { timeout?: DurationInfo | undefined } }
  | { type: 'GET_LOGGING_LEVEL' }
  | { type: 'SET_LOGGING_LEVEL'; set_logging_level: { level: number; duration: DurationInfo } }
  | { type: 'LIST_FILES'; list_files: { path: string } }
  | { type: 'READ_FILE'; read_file: { path: string; offset: number; length?: number | undefined } }
  | { type: 'GET_STATE' }
  | { type: 'GET_FRAMEWORKS' }
  | { type: 'GET_EXECUTORS' }
  | { type: 'GET_OPERATIONS' }
  | { type: 'GET_TASKS' };

/** Answers that masters and agents both give. Of READ_FILE `size` is that of the whole file. */
export type OperatorResponse =
  | { type: 'GET_HEALTH'; get_health: { healthy: boolean } }
  | { type: 'GET_FLAGS'; get_flags: { flags?: Flag[] | undefined } }
  | { type: 'GET_VERSION'; get_version: { version_info: VersionInfo } }
  | { type: 'GET_METRICS'; get_metrics: { metrics?: Metric[] | undefined } }
  | { type: 'GET_LOGGING_LEVEL'; get_logging_level: { level: number } }
  | { type: 'LIST_FILES'; list_files: { file_infos?: FileInfo[] | undefined } }
  | { type: 'READ_FILE'; read_file: { size: number; data: Base64 } }
  | { type: 'GET_OPERATIONS'; get_operations: { operations?: Operation[] | undefined } };
