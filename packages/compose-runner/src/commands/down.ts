import type { Project } from '@kmd/compose-model';
import { EngineError } from '@kmd/image-builder';
import { imageName } from '../container-name.js';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { CommandOptions } from '../event.js';
import { observeContainers } from '../observe/observe.js';
import { planDown, type DownPlanOptions } from '../plan/plan-down.js';
import { execute } from '../run/execute.js';
import { label } from '../labels.js';
import { unlessGone } from '../run/unless-gone.js';
import { perform } from '../run/perform.js';
import { createStage } from '../run/stage.js';
import { ContainerWatch } from '../run/watch.js';

export interface DownOptions extends CommandOptions, DownPlanOptions {
  /** `local`: images that were built and have no name in the file; `all`: those that services name, too. */
  readonly images?: 'local' | 'all';
  /** Seconds that containers get to end; their own by default. */
  readonly stopTimeout?: number;
}

const nothing: Omit<Project, 'name'> = {
  workingDir: '/',
  services: {},
  disabledServices: {},
  networks: {},
  volumes: {},
  secrets: {},
  configs: {},
  models: {},
};

/**
 * Takes a project away: its containers, dependents first, its networks, and volumes and images where that is asked for. Without files its name is
 * enough, since the labels tell the rest.
 * @param project the loaded project, or its name
 * @returns whether there was anything
 */
export async function down(
  engine: DockerEngine,
  project: Project | string,
  options: DownOptions = {},
): Promise<boolean> {
  const { signal, onProgress } = options;
  const name = typeof project === 'string' ? project : project.name;
  const known = typeof project === 'string' ? undefined : project;
  const [hooks, containers, networks, volumes] = await Promise.all([
    engine.containers([`${label.project}=${name}`, label.hook], options),
    observeContainers(engine, name, options),
    engine.networks(options),
    engine.volumes(options),
  ]);
  const plan = planDown(name, known, { containers, networks, volumes }, options);
  for (const text of plan.warnings) onProgress?.({ type: 'warning', text });
  const watch = new ContainerWatch(engine, name);
  const observed = { containers, networks, volumes, images: new Map() };
  const stage = createStage(engine, known ?? { ...nothing, name }, { observed, watch }, options);
  // Containers of hooks that were cut off: they would keep their networks.
  for (const { id } of hooks) await unlessGone(engine.remove(id, { force: true, volumes: true, signal }));
  await execute(plan, (action, both) => perform(stage, action, both), { signal, onProgress });
  if (known !== undefined && options.images !== undefined) {
    for (const service of Object.values(known.services)) {
      if (options.images === 'local' && (service.build === undefined || service.image !== undefined)) continue;
      try {
        await engine.removeImage(imageName(known, service), { signal });
      } catch (error) {
        if (!(error instanceof EngineError) || error.code === 'engine-unreachable') throw error;
        if (error.code !== 'engine-not-found') onProgress?.({ type: 'warning', text: error.message });
      }
    }
  }
  return plan.steps.length + hooks.length > 0;
}
