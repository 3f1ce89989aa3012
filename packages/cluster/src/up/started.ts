import type { ClusterRecord } from '../state/record.js';

/** What a runtime has started, while `up` or `start` still answers for it. */
export interface Started {
  /** Present once there is something that `down` must know of. */
  record?: ClusterRecord;
  /** Aborted, with the error as its reason, when a service ends that should go on. */
  readonly failed?: AbortSignal;
  /** Lets the cluster go on without this process. */
  release(): Promise<void>;
  /** Keeps this process from waiting for the cluster. */
  unref(): void;
  /** Stops it. `remove`: and leaves nothing of it but keys and logs; otherwise it can be started again. */
  stop(options: { remove: boolean }): Promise<void>;
}
