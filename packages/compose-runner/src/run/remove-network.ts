import { setTimeout } from 'node:timers/promises';
import { EngineError } from '@kmd/image-builder';
import type { DockerEngine } from '../engine/docker-engine.js';
import { RunnerError } from '../runner-error.js';
import { isUp } from './stop-container.js';
import { unlessGone } from './unless-gone.js';

/** How often an engine is asked before what it still holds counts as lost: after some four seconds. */
const patience = 10;

export interface NetworkRemoval {
  readonly signal: AbortSignal;
  /** Waits between two attempts, in milliseconds. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Removes a network that nothing of its project uses any more. A busy engine lets go of a container's networks a while after it has said that the
 * container is gone, and tells nobody; old ones sometimes never do: such endpoints are cut off by force.
 * @throws RunnerError `network-used` when a container that runs is on it
 */
export async function removeNetwork(
  engine: Pick<DockerEngine, 'removeNetwork' | 'endpoints' | 'containers' | 'disconnect'>,
  { id, name }: { readonly id: string; readonly name: string },
  { signal, wait = (milliseconds) => setTimeout(milliseconds, undefined, { signal }) }: NetworkRemoval,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await unlessGone(engine.removeNetwork(id, { signal }));
    } catch (error) {
      const isHeld = error instanceof EngineError && /active endpoints/.test(error.message);
      if (!isHeld || attempt > patience + 1) throw error;
      const endpoints = await engine.endpoints(id, { signal });
      const up = new Set((await engine.containers([], { signal })).filter(isUp).map((container) => container.id));
      const users = endpoints.filter((one) => up.has(one.container)).map((one) => one.name);
      if (users.length > 0) {
        throw new RunnerError('network-used', `network ${name} is kept: ${users.join(', ')} is on it`, {
          cause: error,
        });
      }
      if (attempt < patience) await wait(100 * Math.min(attempt, 5), signal);
      else for (const lost of endpoints) await unlessGone(engine.disconnect(id, lost.name, { signal }));
    }
  }
}
