import { silentLogger, type Logger } from '../logger.js';
import type { SchedulerCallBody, SchedulerEvent } from '../types/scheduler.js';
import { acknowledge } from './calls.js';
import type { SchedulerMiddleware } from './middleware.js';
import type { SchedulerClientEvent } from './options.js';

/** What an acknowledger works with. */
export interface AcknowledgerOptions {
  call: (call: SchedulerCallBody) => Promise<void>;
  /** Hold the next event back until the master has taken the acknowledgement. Default false. */
  wait?: boolean | undefined;
  logger?: Logger | undefined;
}

/**
 * The middleware that a client uses unless told otherwise: acknowledges an update once the consumer is done with it. A failure is no loss:
 * Mesos sends an update that is not acknowledged again after 10 s, 20 s, …
 */
export function createAcknowledger({
  call,
  wait = false,
  logger = silentLogger,
}: AcknowledgerOptions): SchedulerMiddleware {
  return {
    types: ['UPDATE', 'UPDATE_OPERATION_STATUS'],
    async event(event, next) {
      await next();
      const acknowledgement = acknowledgementOf(event);
      if (!acknowledgement) return;
      const sent = call(acknowledgement).catch((error: unknown) => {
        logger.warn(
          { err: error, call: acknowledgement.type },
          'acknowledgement failed; Mesos will send the update again',
        );
      });
      if (wait) await sent;
    },
  };
}

/** The call that acknowledges an event; undefined for events that must not be. */
export function acknowledgementOf(event: SchedulerClientEvent | SchedulerEvent): SchedulerCallBody | undefined {
  if (event.type === 'UPDATE') return acknowledge(event.update.status);
  if (event.type !== 'UPDATE_OPERATION_STATUS') return undefined;
  const {
    uuid,
    operation_id: operation,
    agent_id: agent,
    resource_provider_id: provider,
  } = event.update_operation_status.status;
  if (!uuid || !operation) return undefined;
  return {
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    // OperationStatus.uuid is a message, the acknowledgement's a plain string (recorded).
    acknowledge_operation_status: {
      uuid: uuid.value,
      operation_id: operation,
      agent_id: agent,
      resource_provider_id: provider,
    },
  };
}
