import { MesosError } from '../errors.js';

/** Tasks could not be read or kept. */
export class TaskStoreError extends MesosError {
  override readonly name = 'TaskStoreError';

  constructor(place: string, reason: string, advice: string, cause?: unknown) {
    super('MESOS_STORE', `${place}: ${reason}; ${advice}`, { cause });
  }
}
