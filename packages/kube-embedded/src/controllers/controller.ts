import type { Clock, EventRecorder, Informer, KubeApi, KubeObject, Logger } from '@kmd/kube-client';
import type { Informers } from './informers.js';
import { WorkQueue, type WorkQueueOptions } from './work-queue.js';

/** What every controller is given. */
export interface ControllerContext {
  api: KubeApi;
  informers: Informers;
  clock: Clock;
  logger: Logger;
  /** Recorder of Events whose source is the named component. */
  recorder(component: string): Pick<EventRecorder, 'record'>;
}

/** A controller that subscribed to its informers: work gathers in its queue, and begins with `start`. */
export interface Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  /** Caches that must be filled before the work begins. */
  readonly needs: readonly Pick<Informer<KubeObject>, 'synced'>[];
}

export function createQueue(
  { clock, logger }: ControllerContext,
  name: string,
  options: Omit<WorkQueueOptions, 'clock' | 'onError'>,
): WorkQueue {
  return new WorkQueue({
    ...options,
    clock,
    onError: (key, err, retryAfter) => logger.debug({ controller: name, key, err, retryAfter }, 'will be tried again'),
  });
}
