import type { ImageEvent } from '@kmd/image-builder';
import type { Action } from './plan/action.js';

/** How far a command is. */
export type RunnerEvent =
  | { readonly type: 'image'; readonly image: string; readonly event: ImageEvent }
  /** A step of the plan begins or is over; `id` names it, as `start demo-web-1`. */
  | { readonly type: 'step'; readonly id: string; readonly action: Action; readonly state: 'begun' | 'done' | 'failed' }
  /** The project is changed by nothing: what is asked for is there and runs. */
  | { readonly type: 'unchanged' }
  /** A line that a hook of a service printed. */
  | {
      readonly type: 'hook';
      readonly kind: HookKind;
      readonly service: string;
      readonly container: string;
      readonly text: string;
    }
  | { readonly type: 'warning'; readonly text: string };

/** When a hook runs: before the first container of its service starts, after each start, before each stop. */
export type HookKind = 'pre_start' | 'post_start' | 'pre_stop';

/** Options of every long command. */
export interface CommandOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: RunnerEvent) => void) | undefined;
}
