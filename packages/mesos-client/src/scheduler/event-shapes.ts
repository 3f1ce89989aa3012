import type { EventShapes } from '../http/event-shape.js';
import type { SchedulerEvent } from '../types/scheduler.js';

/** The required keys of each event's body (scheduler.proto). */
export const SCHEDULER_EVENTS: EventShapes<SchedulerEvent['type']> = {
  SUBSCRIBED: { required: ['framework_id'] },
  OFFERS: { required: [], list: 'offers' },
  INVERSE_OFFERS: { required: [], list: 'inverse_offers' },
  RESCIND: { required: ['offer_id'] },
  RESCIND_INVERSE_OFFER: { required: ['inverse_offer_id'] },
  UPDATE: { required: ['status'] },
  UPDATE_OPERATION_STATUS: { required: ['status'] },
  MESSAGE: { required: ['agent_id', 'executor_id', 'data'] },
  FAILURE: { required: [] },
  ERROR: { required: ['message'] },
  HEARTBEAT: undefined,
};
