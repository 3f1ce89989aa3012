import type { RunnerEvent } from '../event.js';
import type { Action, Plan, Step } from '../plan/action.js';
import { announce } from './announce.js';

export interface ExecuteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: RunnerEvent) => void) | undefined;
  /** Steps at a time; 12 by default. */
  readonly limit?: number;
}

/**
 * Carries a plan out: each step once those before it are done, as many at a time as the limit allows. When one fails those that
 * run are cancelled and awaited, no other begins, and its error is thrown.
 */
export async function execute(
  plan: Plan,
  perform: (action: Action, signal: AbortSignal) => Promise<void>,
  { signal, onProgress, limit = 12 }: ExecuteOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const stopping = new AbortController();
  const both = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  const done = new Set<string>();
  const waiting = new Set(plan.steps);
  const running = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;

  const run = async (step: Step): Promise<void> => {
    const { id, action } = step;
    try {
      await announce(step, onProgress, () => perform(action, both));
      done.add(id);
    } catch (error) {
      failure ??= { error };
      stopping.abort(error);
    } finally {
      running.delete(id);
    }
  };

  while (failure === undefined && !both.aborted) {
    for (const step of waiting) {
      if (running.size >= limit) break;
      if (!step.after.every((id) => done.has(id))) continue;
      waiting.delete(step);
      running.set(step.id, run(step));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  await Promise.allSettled(running.values());
  signal?.throwIfAborted();
  if (failure !== undefined) throw failure.error;
  if (waiting.size > 0) throw new Error(`the steps ${[...waiting].map(({ id }) => id).join(', ')} wait for each other`);
}
