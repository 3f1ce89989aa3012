import type { Informer, Logger, Pod } from '@kmd/kube-client';
import { BINDING_HOST, MIRROR, TASK_ID } from '../annotation.js';
import { isOver } from '../pod/phase.js';
import type { PodQueue } from './queue.js';
import type { TaskTracker } from './tracker.js';

export interface PodIntakeOptions {
  readonly pods: Informer<Pod>;
  readonly tracker: TaskTracker;
  readonly queue: PodQueue;
  /** Pods of this scheduler name are ours. */
  readonly schedulerName: string;
  /** A pod waits that did not, or asks for something else now. */
  readonly changed: () => void;
  readonly logger: Logger;
}

const isGated = ({ spec }: Pod): boolean =>
  spec !== undefined &&
  'schedulingGates' in spec &&
  Array.isArray(spec.schedulingGates) &&
  spec.schedulingGates.length > 0;

/** Follows the pods of the API server: which of them wait for a place, have a task already, or are gone. */
export class PodIntake {
  readonly #options: PodIntakeOptions;

  constructor(options: PodIntakeOptions) {
    this.#options = options;
  }

  /** Pods that an earlier instance launched: their tasks go on (spec B17.1). Those of a framework with another scheduler name are none of them. */
  recover(): void {
    const { pods, tracker, logger } = this.#options;
    for (const pod of pods.list()) if (this.#isOurs(pod)) tracker.adopt(pod);
    logger.info({ tasks: tracker.registry.size }, 'tasks recovered from pods');
  }

  /** Begins with the pods that are there. */
  open(): void {
    this.#options.pods.subscribe({
      added: (pod) => this.#see(pod),
      updated: (pod) => this.#see(pod),
      deleted: (pod) => this.#forget(pod),
    });
  }

  #see(pod: Pod): void {
    const { tracker, queue, changed } = this.#options;
    const { uid = '', annotations = {}, deletionTimestamp } = pod.metadata ?? {};
    // An executor of an earlier scheduler's launch may have bound the pod only now.
    const task = tracker.registry.ofPod(uid) ?? (this.#mayTakeOn(pod) ? tracker.takeOn(pod) : undefined);
    if (task && annotations[TASK_ID] === task.taskId && task.progress === 'launched') tracker.bound(task, pod);
    if (task || annotations[BINDING_HOST] !== undefined || isOver(pod) || !this.#isOurs(pod)) return queue.remove(uid);
    if (deletionTimestamp !== undefined) {
      queue.remove(uid);
      // A pod that names its node and never came there: nobody else ends it.
      if (pod.spec?.nodeName) void tracker.deletePod(pod.metadata ?? {});
      return;
    }
    if (queue.put(pod)) changed();
  }

  #mayTakeOn(pod: Pod): boolean {
    return !this.#options.tracker.registry.knew(pod.metadata?.uid ?? '') && this.#isOurs(pod);
  }

  #isOurs(pod: Pod): boolean {
    if (pod.metadata?.annotations?.[MIRROR] !== undefined || isGated(pod)) return false;
    return (pod.spec?.schedulerName ?? 'default-scheduler') === this.#options.schedulerName;
  }

  #forget(pod: Pod): void {
    const { tracker, queue } = this.#options;
    const uid = pod.metadata?.uid ?? '';
    queue.remove(uid);
    const task = tracker.registry.ofPod(uid);
    if (task) tracker.release(task);
    tracker.registry.forgetPod(uid);
  }
}
