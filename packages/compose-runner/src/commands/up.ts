import { dependencyGraph, serviceOrder, type Project } from '@kmd/compose-model';
import { imageName } from '../container-name.js';
import type { DockerEngine } from '../engine/docker-engine.js';
import { observe, observeContainers } from '../observe/observe.js';
import type { Awaited } from '../plan/action.js';
import { prepareImages, type ImageOptions } from './images.js';
import { planUp, type UpPlanOptions } from '../plan/plan-up.js';
import { RunnerError } from '../runner-error.js';
import { execute } from '../run/execute.js';
import { perform } from '../run/perform.js';
import { createStage, type ProjectOrigin } from '../run/stage.js';
import { lastLines } from '../logs/last-lines.js';
import { waitFor } from '../run/wait.js';
import { ContainerWatch } from '../run/watch.js';

export interface UpOptions extends ImageOptions, UpPlanOptions, ProjectOrigin {
  /** Waits until every service runs, is healthy where it has a health check, or has ended well. */
  readonly wait?: boolean;
  /** Milliseconds for that; without a limit by default. */
  readonly waitTimeout?: number;
  /** Seconds that containers get to end; their own by default. */
  readonly stopTimeout?: number;
  /** Does not hand the anonymous volumes of a replaced container to the new one. */
  readonly renewVolumes?: boolean;
}

/** Only the services that are asked for, and what they need: nothing is pulled or built for the others. */
function narrow(project: Project, services: readonly string[] | undefined): Project {
  if (services === undefined) return project;
  for (const name of services) {
    if (project.services[name] === undefined) {
      throw new RunnerError('no-such-service', `no such service: ${name}`, { service: name });
    }
  }
  const wanted = new Set(serviceOrder(project, { only: services }));
  return {
    ...project,
    services: Object.fromEntries(Object.entries(project.services).filter(([name]) => wanted.has(name))),
  };
}

/** What each service is waited for with `wait`: to end well, when another waits for that; else to run, or be healthy. */
async function waitForAll(
  engine: DockerEngine,
  watch: ContainerWatch,
  project: Project,
  options: UpOptions,
): Promise<void> {
  const signals = [
    options.signal,
    options.waitTimeout === undefined ? undefined : AbortSignal.timeout(options.waitTimeout),
  ];
  const stopping = new AbortController();
  const signal = AbortSignal.any([stopping.signal, ...signals.flatMap((one) => one ?? [])]);
  const ends = new Set(
    dependencyGraph(project).edges.flatMap(({ to, condition }) =>
      condition === 'service_completed_successfully' ? [to] : [],
    ),
  );
  const containers = await observeContainers(engine, project.name, { signal });
  const open = new Set<string>();
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    Object.keys(project.services).map(async (service) => {
      const names = containers.filter((one) => one.service === service && !one.oneOff).map((one) => one.name);
      const condition = ends.has(service) ? 'service_completed_successfully' : 'running_or_healthy';
      const awaited: Awaited = { service, condition, required: true, containers: names };
      open.add(service);
      try {
        await waitFor({ engine, watch }, awaited, 'service-failed', signal);
        open.delete(service);
      } catch (error) {
        failure ??= { error };
        stopping.abort(error);
      }
    }),
  );
  options.signal?.throwIfAborted();
  if (failure === undefined) return;
  if (signals[1]?.aborted === true && !(failure.error instanceof RunnerError)) {
    const late = [...open].sort();
    const [service] = late;
    const container = containers.find((one) => one.service === service)?.name;
    throw new RunnerError(
      'wait-timeout',
      `not ready after ${(options.waitTimeout ?? 0) / 1000} s: ${late.join(', ')}`,
      {
        ...(service !== undefined && { service }),
        ...(container !== undefined && { container, output: await lastLines(engine, container, 10) }),
      },
    );
  }
  throw failure.error;
}

/**
 * Makes an engine match a project: images, networks, volumes, containers, in the order of dependencies. What matches already is left alone; what
 * was made by `docker compose` is taken over, and `docker compose` may take over what this makes.
 * When it fails or is cancelled, what was made stays, as far as it is whole: the next `up` goes on from there, and `down` removes it.
 * @throws RunnerError; PullError, BuildError, ContextError and EngineError of `@kmd/image-builder`; the signal's reason
 */
export async function up(engine: DockerEngine, project: Project, options: UpOptions = {}): Promise<void> {
  const { signal, onProgress } = options;
  const wanted = narrow(project, options.services);
  const seen = await observe(engine, wanted, options);
  const observed = await prepareImages(engine, wanted, seen, options);
  const plan = planUp(project, observed, options);
  for (const text of plan.warnings) onProgress?.({ type: 'warning', text });
  if (plan.steps.length === 0) onProgress?.({ type: 'unchanged' });
  const watch = new ContainerWatch(engine, project.name);
  const stage = createStage(engine, project, { observed, watch, origin: options }, options);
  try {
    await execute(plan, (action, both) => perform(stage, action, both), { signal, onProgress });
    if (options.wait === true && options.start !== false) await waitForAll(engine, watch, wanted, options);
  } finally {
    watch.close();
  }
}

/** The images that `up` would look for: for pulling or loading them beforehand. */
export function imagesToRun(project: Project): string[] {
  return [...new Set(Object.values(project.services).map((service) => imageName(project, service)))].sort();
}
