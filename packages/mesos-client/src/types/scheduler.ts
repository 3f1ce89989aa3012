import type {
  AgentID,
  Base64,
  ExecutorID,
  FrameworkID,
  OfferID,
  OperationID,
  ResourceProviderID,
  TaskID,
} from './ids.js';
import type { FrameworkInfo, MasterInfo } from './node.js';
import type { Filters, InverseOffer, Offer, OfferOperation, OperationStatus, ResourceRequest } from './offer.js';
import type { KillPolicy, TaskStatus } from './task.js';

/** A condition on an attribute of an agent. */
export interface AttributeConstraint {
  selector: AttributeConstraintSelector;
  predicate: AttributeConstraintPredicate;
}

/** Which attribute, or which of host name, region and zone. */
export interface AttributeConstraintSelector {
  pseudoattribute_type?: PseudoattributeType | undefined;
  attribute_name?: string | undefined;
}

/** What can be compared like an attribute. */
export type PseudoattributeType = 'HOSTNAME' | 'REGION' | 'ZONE';

/** The condition: one key is set. */
export interface AttributeConstraintPredicate {
  exists?: AttributeExists | undefined;
  not_exists?: AttributeNotExists | undefined;
  text_equals?: AttributeTextEquals | undefined;
  text_not_equals?: AttributeTextNotEquals | undefined;
  text_matches?: AttributeTextMatches | undefined;
  text_not_matches?: AttributeTextNotMatches | undefined;
}

/** It is there. */
export type AttributeExists = Record<string, never>;

/** It is not there. */
export type AttributeNotExists = Record<string, never>;

/** It is this text, or no text. */
export interface AttributeTextEquals {
  value: string;
}

/** It is another text, or no text. */
export interface AttributeTextNotEquals {
  value: string;
}

/** It matches an RE2 expression, or is no text. */
export interface AttributeTextMatches {
  regex: string;
}

/** It matches no such expression, or is no text. */
export interface AttributeTextNotMatches {
  regex: string;
}

/** Only agents that match are offered, by role. */
export interface OfferConstraints {
  role_constraints?: Record<string, RoleConstraints> | undefined;
}

/** Alternatives: an agent must fulfil one group. */
export interface RoleConstraints {
  groups?: RoleConstraintsGroup[] | undefined;
}

/** Conditions that must all hold. */
export interface RoleConstraintsGroup {
  attribute_constraints?: AttributeConstraint[] | undefined;
}

/** A task whose state is wanted. */
export interface ReconcileTask {
  task_id: TaskID;
  agent_id?: AgentID | undefined;
}

/** An operation whose state is wanted. */
export interface ReconcileOperation {
  operation_id: OperationID;
  agent_id?: AgentID | undefined;
  resource_provider_id?: ResourceProviderID | undefined;
}

/** A call of a scheduler without its framework id, which the client fills in. */
export type SchedulerCallBody =
  | {
      type: 'SUBSCRIBE';
      subscribe: {
        framework_info: FrameworkInfo;
        suppressed_roles?: string[] | undefined;
        offer_constraints?: OfferConstraints | undefined;
      };
    }
  | { type: 'TEARDOWN' }
  | {
      type: 'ACCEPT';
      accept: {
        offer_ids?: OfferID[] | undefined;
        operations?: OfferOperation[] | undefined;
        filters?: Filters | undefined;
      };
    }
  | { type: 'DECLINE'; decline: { offer_ids?: OfferID[] | undefined; filters?: Filters | undefined } }
  | {
      type: 'ACCEPT_INVERSE_OFFERS';
      accept_inverse_offers: { inverse_offer_ids?: OfferID[] | undefined; filters?: Filters | undefined };
    }
  | {
      type: 'DECLINE_INVERSE_OFFERS';
      decline_inverse_offers: { inverse_offer_ids?: OfferID[] | undefined; filters?: Filters | undefined };
    }
  | { type: 'REVIVE'; revive?: { roles?: string[] | undefined } | undefined }
  | { type: 'KILL'; kill: { task_id: TaskID; agent_id?: AgentID | undefined; kill_policy?: KillPolicy | undefined } }
  | { type: 'SHUTDOWN'; shutdown: { executor_id: ExecutorID; agent_id: AgentID } }
  | { type: 'ACKNOWLEDGE'; acknowledge: { agent_id: AgentID; task_id: TaskID; uuid: Base64 } }
  | {
      type: 'ACKNOWLEDGE_OPERATION_STATUS';
      acknowledge_operation_status: {
        agent_id?: AgentID | undefined;
        resource_provider_id?: ResourceProviderID | undefined;
        uuid: Base64;
        operation_id: OperationID;
      };
    }
  | { type: 'RECONCILE'; reconcile: { tasks?: ReconcileTask[] | undefined } }
  | { type: 'RECONCILE_OPERATIONS'; reconcile_operations: { operations?: ReconcileOperation[] | undefined } }
  | { type: 'MESSAGE'; message: { agent_id: AgentID; executor_id: ExecutorID; data: Base64 } }
  | { type: 'REQUEST'; request: { requests?: ResourceRequest[] | undefined } }
  | { type: 'SUPPRESS'; suppress?: { roles?: string[] | undefined } | undefined }
  | {
      type: 'UPDATE_FRAMEWORK';
      update_framework: {
        framework_info: FrameworkInfo;
        suppressed_roles?: string[] | undefined;
        offer_constraints?: OfferConstraints | undefined;
      };
    };

/** A call of a scheduler as it travels: every one but a first SUBSCRIBE carries the framework id. */
export type SchedulerCall = SchedulerCallBody & { framework_id?: FrameworkID | undefined };

/** An event that the master sends to a scheduler. */
export type SchedulerEvent =
  | {
      type: 'SUBSCRIBED';
      subscribed: {
        framework_id: FrameworkID;
        heartbeat_interval_seconds?: number | undefined;
        master_info?: MasterInfo | undefined;
      };
    }
  | { type: 'OFFERS'; offers: { offers: Offer[] } }
  | { type: 'INVERSE_OFFERS'; inverse_offers: { inverse_offers: InverseOffer[] } }
  | { type: 'RESCIND'; rescind: { offer_id: OfferID } }
  | { type: 'RESCIND_INVERSE_OFFER'; rescind_inverse_offer: { inverse_offer_id: OfferID } }
  | { type: 'UPDATE'; update: { status: TaskStatus } }
  | { type: 'UPDATE_OPERATION_STATUS'; update_operation_status: { status: OperationStatus } }
  | { type: 'MESSAGE'; message: { agent_id: AgentID; executor_id: ExecutorID; data: Base64 } }
  | {
      type: 'FAILURE';
      failure: { agent_id?: AgentID | undefined; executor_id?: ExecutorID | undefined; status?: number | undefined };
    }
  | { type: 'ERROR'; error: { message: string } }
  | { type: 'HEARTBEAT' };

/** The master answers 128 bytes at most; every call but SUBSCRIBE sends it back in the header `Mesos-Stream-Id`. */
export type StreamId = string;
