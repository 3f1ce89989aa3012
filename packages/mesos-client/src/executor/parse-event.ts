import { ProtocolError } from '../http/errors.js';
import type { ExecutorEvent } from '../types/executor.js';

/** The required keys of each event's body (executor.proto); SHUTDOWN and HEARTBEAT have none. */
const BODIES: Record<ExecutorEvent['type'], readonly string[] | undefined> = {
  SUBSCRIBED: ['executor_info', 'framework_info', 'agent_info'],
  LAUNCH: ['task'],
  LAUNCH_GROUP: ['task_group'],
  KILL: ['task_id'],
  ACKNOWLEDGED: ['task_id', 'uuid'],
  MESSAGE: ['data'],
  ERROR: ['message'],
  SHUTDOWN: undefined,
  HEARTBEAT: undefined,
};

/** Checks an event's body as far as this package and its types rely on it. Undefined for types of a later Mesos. */
export function parseExecutorEvent(event: { type: string }, url: URL): ExecutorEvent | undefined {
  if (!isKnown(event.type)) return undefined;
  const keys = BODIES[event.type];
  if (keys) {
    const name = event.type.toLowerCase();
    const body: unknown = Reflect.get(event, name);
    if (typeof body !== 'object' || body === null) throw new ProtocolError(url, `event ${event.type} without ${name}`);
    for (const key of keys) {
      if (!(key in body)) throw new ProtocolError(url, `event ${event.type} without ${name}.${key}`);
    }
  }
  return event as ExecutorEvent;
}

function isKnown(type: string): type is ExecutorEvent['type'] {
  return Object.hasOwn(BODIES, type);
}
