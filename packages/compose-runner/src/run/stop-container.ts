import type { Project } from '@kmd/compose-model';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { ObservedContainer } from '../observe/observed.js';
import { RunnerError } from '../runner-error.js';
import { runHooks } from './hooks.js';
import type { StageOptions } from './stage.js';
import { unlessGone } from './unless-gone.js';

/** Whether there is something to stop. */
export const isUp = ({ state }: Pick<ObservedContainer, 'state'>): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting';

/**
 * Stops a container that runs, its service's `pre_stop` hooks before it. A hook that fails is a warning: it must not keep a project from being
 * stopped or taken away.
 * @param services the project's, as far as they are known
 */
export async function stopContainer(
  engine: DockerEngine,
  services: Project['services'],
  container: ObservedContainer,
  { stopTimeout, onProgress, signal }: StageOptions & { readonly signal?: AbortSignal | undefined },
): Promise<void> {
  if (!isUp(container)) return;
  const service = services[container.service];
  if (service !== undefined && container.state === 'running') {
    try {
      await runHooks(engine, service, 'pre_stop', container, { onProgress, signal });
    } catch (error) {
      if (!(error instanceof RunnerError)) throw error;
      onProgress?.({ type: 'warning', text: error.message });
    }
  }
  await unlessGone(engine.stop(container.id, { signal, timeout: stopTimeout }));
}
