import type { CommandOptions } from '../event.js';
import type { Step } from '../plan/action.js';

/** Does a piece of work with its beginning and its end told of, as those of a plan's steps are. */
export async function announce<T>(
  { id, action }: Pick<Step, 'id' | 'action'>,
  onProgress: CommandOptions['onProgress'],
  work: () => Promise<T>,
): Promise<T> {
  onProgress?.({ type: 'step', id, action, state: 'begun' });
  try {
    const result = await work();
    onProgress?.({ type: 'step', id, action, state: 'done' });
    return result;
  } catch (error) {
    onProgress?.({ type: 'step', id, action, state: 'failed' });
    throw error;
  }
}
