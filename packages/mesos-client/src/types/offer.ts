import type {
  AgentID,
  ExecutorID,
  FrameworkID,
  MesosURL,
  MesosUUID,
  OfferID,
  OperationID,
  ResourceProviderID,
} from './ids.js';
import type { DomainInfo, Unavailability } from './node.js';
import type { AllocationInfo, Attribute, DiskSourceType, Resource, Scalar } from './resource.js';
import type { ExecutorInfo, TaskGroupInfo, TaskInfo } from './task.js';

/** Resources of one agent, offered to one role of a framework. */
export interface Offer {
  id: OfferID;
  framework_id: FrameworkID;
  agent_id: AgentID;
  hostname: string;
  url?: MesosURL | undefined;
  domain?: DomainInfo | undefined;
  resources?: Resource[] | undefined;
  attributes?: Attribute[] | undefined;
  executor_ids?: ExecutorID[] | undefined;
  unavailability?: Unavailability | undefined;
  allocation_info?: AllocationInfo | undefined;
}

/** Kinds of offer operations. */
export type OfferOperationType =
  | 'LAUNCH'
  | 'LAUNCH_GROUP'
  | 'RESERVE'
  | 'UNRESERVE'
  | 'CREATE'
  | 'DESTROY'
  | 'GROW_VOLUME'
  | 'SHRINK_VOLUME'
  | 'CREATE_DISK'
  | 'DESTROY_DISK';

/** A request to give resources back before a maintenance. */
export interface InverseOffer {
  id: OfferID;
  url?: MesosURL | undefined;
  framework_id: FrameworkID;
  agent_id?: AgentID | undefined;
  unavailability: Unavailability;
  resources?: Resource[] | undefined;
}

/** How long unused resources shall not be offered again. */
export interface Filters {
  /** Seconds, at most 31536000. Default 5.0. */
  refuse_seconds?: number | undefined;
}

/** A wish for resources; the default allocator ignores it. */
export interface ResourceRequest {
  agent_id?: AgentID | undefined;
  resources?: Resource[] | undefined;
}

/** States of an offer operation. */
export type OperationState =
  | 'OPERATION_UNSUPPORTED'
  | 'OPERATION_PENDING'
  | 'OPERATION_FINISHED'
  | 'OPERATION_FAILED'
  | 'OPERATION_ERROR'
  | 'OPERATION_DROPPED'
  | 'OPERATION_UNREACHABLE'
  | 'OPERATION_GONE_BY_OPERATOR'
  | 'OPERATION_RECOVERING'
  | 'OPERATION_UNKNOWN';

/** A state of an offer operation. Acknowledge it if and only if it has a `uuid`. */
export interface OperationStatus {
  operation_id?: OperationID | undefined;
  state: OperationState;
  message?: string | undefined;
  converted_resources?: Resource[] | undefined;
  uuid?: MesosUUID | undefined;
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
}

/** An operation as master and agents know it. */
export interface Operation {
  framework_id?: FrameworkID | undefined;
  agent_id?: AgentID | undefined;
  info: OfferOperation;
  latest_status: OperationStatus;
  statuses?: OperationStatus[] | undefined;
  uuid: MesosUUID;
}

/** What an operation does, apart from its `id`. */
export type OfferOperationBody =
  | { type: 'LAUNCH'; launch: { task_infos?: TaskInfo[] | undefined } }
  | { type: 'LAUNCH_GROUP'; launch_group: { executor: ExecutorInfo; task_group: TaskGroupInfo } }
  | { type: 'RESERVE'; reserve: { source?: Resource[] | undefined; resources?: Resource[] | undefined } }
  | { type: 'UNRESERVE'; unreserve: { resources?: Resource[] | undefined } }
  | { type: 'CREATE'; create: { volumes?: Resource[] | undefined } }
  | { type: 'DESTROY'; destroy: { volumes?: Resource[] | undefined } }
  | { type: 'GROW_VOLUME'; grow_volume: { volume: Resource; addition: Resource } }
  | { type: 'SHRINK_VOLUME'; shrink_volume: { volume: Resource; subtract: Scalar } }
  | {
      type: 'CREATE_DISK';
      create_disk: { source: Resource; target_type: DiskSourceType; target_profile?: string | undefined };
    }
  | { type: 'DESTROY_DISK'; destroy_disk: { source: Resource } };

/** An operation on the resources of accepted offers. An `id` asks for UPDATE_OPERATION_STATUS; it is refused on LAUNCH and LAUNCH_GROUP. */
export type OfferOperation = OfferOperationBody & { id?: OperationID | undefined };
