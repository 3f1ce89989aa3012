import type { EventShapes } from '../http/event-shape.js';
import type { ExecutorEvent } from '../types/executor.js';

/** The required keys of each event's body (executor.proto). */
export const EXECUTOR_EVENTS: EventShapes<ExecutorEvent['type']> = {
  SUBSCRIBED: { required: ['executor_info', 'framework_info', 'agent_info'] },
  LAUNCH: { required: ['task'] },
  LAUNCH_GROUP: { required: ['task_group'] },
  KILL: { required: ['task_id'] },
  ACKNOWLEDGED: { required: ['task_id', 'uuid'] },
  MESSAGE: { required: ['data'] },
  ERROR: { required: ['message'] },
  SHUTDOWN: undefined,
  HEARTBEAT: undefined,
};
