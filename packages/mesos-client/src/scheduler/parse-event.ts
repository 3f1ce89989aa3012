import { ProtocolError } from '../http/errors.js';
import type { SchedulerEvent } from '../types/scheduler.js';

/** The required keys of each event's body (scheduler.proto); HEARTBEAT has none. */
const BODIES: Record<SchedulerEvent['type'], readonly string[] | undefined> = {
  SUBSCRIBED: ['framework_id'],
  OFFERS: [],
  INVERSE_OFFERS: [],
  RESCIND: ['offer_id'],
  RESCIND_INVERSE_OFFER: ['inverse_offer_id'],
  UPDATE: ['status'],
  UPDATE_OPERATION_STATUS: ['status'],
  MESSAGE: ['agent_id', 'executor_id', 'data'],
  FAILURE: [],
  ERROR: ['message'],
  HEARTBEAT: undefined,
};

/** Checks an event's body as far as this package and its types rely on it. Undefined for types of a later Mesos. */
export function parseSchedulerEvent(event: { type: string }, url: URL): SchedulerEvent | undefined {
  if (!isKnown(event.type)) return undefined;
  const keys = BODIES[event.type];
  if (keys) {
    const name = event.type.toLowerCase();
    const body: unknown = Reflect.get(event, name);
    if (typeof body !== 'object' || body === null) throw new ProtocolError(url, `event ${event.type} without ${name}`);
    for (const key of keys) {
      if (!(key in body)) throw new ProtocolError(url, `event ${event.type} without ${name}.${key}`);
    }
    // Repeated fields are absent when empty.
    if (event.type === 'OFFERS' && !('offers' in body)) Object.assign(body, { offers: [] });
    if (event.type === 'INVERSE_OFFERS' && !('inverse_offers' in body)) Object.assign(body, { inverse_offers: [] });
  }
  return event as SchedulerEvent;
}

function isKnown(type: string): type is SchedulerEvent['type'] {
  return Object.hasOwn(BODIES, type);
}
