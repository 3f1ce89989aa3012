import type { Project, Service } from '@kmd/compose-model';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { RunnerEvent } from '../event.js';
import type { Observed } from '../observe/observed.js';
import { RunnerError } from '../runner-error.js';
import type { ContainerWatch } from './watch.js';

/** Where the project comes from, as labels tell it. */
export interface ProjectOrigin {
  /** Absolute paths of the Compose files. */
  readonly configFiles?: readonly string[];
  readonly environmentFile?: string;
}

/** What the commands that carry plans out are given. */
export interface StageOptions {
  /** Seconds that containers get to end; their own by default. */
  readonly stopTimeout?: number | undefined;
  /** Leaves the anonymous volumes of replaced containers behind. */
  readonly renewVolumes?: boolean | undefined;
  readonly onProgress?: ((event: RunnerEvent) => void) | undefined;
}

/** What actions work on. */
export interface Stage extends StageOptions {
  readonly engine: DockerEngine;
  readonly project: Project;
  readonly origin: ProjectOrigin;
  readonly observed: Observed;
  readonly watch: ContainerWatch;
  /** Ids of containers that were made, by service. */
  readonly made: Map<string, string>;
  /** Services whose `pre_start` hooks have run: they do once, before the first of its containers starts. */
  readonly prepared: Set<string>;
}

export function createStage(
  engine: DockerEngine,
  project: Project,
  about: { readonly observed: Observed; readonly watch: ContainerWatch; readonly origin?: ProjectOrigin },
  { stopTimeout, renewVolumes, onProgress }: StageOptions,
): Stage {
  const { observed, watch, origin = {} } = about;
  return {
    engine,
    project,
    origin,
    observed,
    watch,
    stopTimeout,
    renewVolumes,
    onProgress,
    made: new Map(),
    prepared: new Set(),
  };
}

/** @throws RunnerError */
export function serviceOf(stage: Stage, name: string): Service {
  const service = stage.project.services[name];
  if (service === undefined) throw new RunnerError('no-such-service', `no such service: ${name}`, { service: name });
  return service;
}

/**
 * The id of the container that stands for a service, for one that shares a namespace or volumes with it.
 * @throws RunnerError
 */
export function containerFor(stage: Stage, service: string, sharedBy: string): string {
  const { made, observed } = stage;
  const id = made.get(service) ?? observed.containers.find((one) => one.service === service && !one.oneOff)?.id;
  if (id !== undefined) return id;
  throw new RunnerError('no-such-service', `services.${sharedBy} shares with ${service}, which has no container`, {
    service: sharedBy,
  });
}
