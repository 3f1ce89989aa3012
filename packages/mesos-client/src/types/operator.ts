import type { FrameworkID, TimeInfo } from './ids.js';
import type { MachineID, Unavailability } from './node.js';
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
