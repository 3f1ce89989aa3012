import type { Project } from '@kmd/compose-model';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { CommandOptions } from '../event.js';
import { observe, observeContainers } from '../observe/observe.js';
import type { ObservedContainer } from '../observe/observed.js';
import { planUp } from '../plan/plan-up.js';
import { dependenciesFromLabels } from '../plan/plan-down.js';
import { restartsWith } from '../plan/restarts.js';
import { RunnerError } from '../runner-error.js';
import { announce } from '../run/announce.js';
import { execute } from '../run/execute.js';
import { runHooks } from '../run/hooks.js';
import { perform } from '../run/perform.js';
import { createStage } from '../run/stage.js';
import { isUp, stopContainer } from '../run/stop-container.js';
import { unlessGone } from '../run/unless-gone.js';
import { ContainerWatch } from '../run/watch.js';

export interface SelectOptions extends CommandOptions {
  /** All by default. */
  readonly services?: readonly string[];
  /** Seconds that containers get to end; their own by default. */
  readonly stopTimeout?: number;
}

async function select(engine: DockerEngine, name: string, options: SelectOptions): Promise<ObservedContainer[]> {
  const containers = (await observeContainers(engine, name, options)).filter((one) => !one.oneOff);
  for (const service of options.services ?? []) {
    if (!containers.some((one) => one.service === service)) {
      throw new RunnerError('no-such-service', `no container of service ${service} in project ${name}`, { service });
    }
  }
  return containers.filter((one) => options.services === undefined || options.services.includes(one.service));
}

/** Containers in levels: each level depends on none of its own or earlier ones. Dependents come first. */
function levels(containers: readonly ObservedContainer[]): ObservedContainer[][] {
  const dependencies = dependenciesFromLabels(containers);
  const result: ObservedContainer[][] = [];
  let left = [...containers];
  while (left.length > 0) {
    const needed = new Set(
      left.flatMap((one) => [...(dependencies.get(one.service) ?? [])].filter((name) => name !== one.service)),
    );
    const free = left.filter((one) => !needed.has(one.service));
    // Labels of different times may go in a circle: then all that is left goes at once.
    const level = free.length > 0 ? free : left;
    result.push(level);
    left = left.filter((one) => !level.includes(one));
  }
  return result;
}

/** A project that was loaded, or the name of one: its labels tell the rest, but for hooks. */
type ProjectOrName = Project | string;

const nameOf = (project: ProjectOrName): string => (typeof project === 'string' ? project : project.name);
const servicesOf = (project: ProjectOrName): Project['services'] =>
  typeof project === 'string' ? {} : project.services;

/** Stops a container, its `pre_stop` hooks before. */
const halt = (
  engine: DockerEngine,
  project: ProjectOrName,
  container: ObservedContainer,
  options: SelectOptions,
): Promise<void> =>
  announce({ id: `stop ${container.name}`, action: { type: 'stop', container } }, options.onProgress, () =>
    stopContainer(engine, servicesOf(project), container, options),
  );

/** Stops a project's containers, dependents first, their `pre_stop` hooks before. They stay, to be started again. */
export async function stop(engine: DockerEngine, project: ProjectOrName, options: SelectOptions = {}): Promise<void> {
  for (const level of levels((await select(engine, nameOf(project), options)).filter(isUp))) {
    await Promise.all(level.map((one) => halt(engine, project, one, options)));
  }
}

/** Starts what is there and does not run, in the order of dependencies and with their conditions. Nothing is created. */
export async function start(engine: DockerEngine, project: Project, options: SelectOptions = {}): Promise<void> {
  const { signal, onProgress, services } = options;
  await select(engine, project.name, options);
  const present = await select(engine, project.name, { signal });
  const known = new Set(present.map((one) => one.service));
  const there = {
    ...project,
    services: Object.fromEntries(
      Object.entries(project.services).flatMap(([name, service]) =>
        known.has(name) ? [[name, { ...service, scale: present.filter((one) => one.service === name).length }]] : [],
      ),
    ),
  };
  const observed = await observe(engine, there, options);
  const plan = planUp(there, observed, { recreate: 'never', ...(services !== undefined && { services }) });
  const starting = plan.steps.filter(({ action }) => action.type === 'start' || action.type === 'wait');
  const ids = new Set(starting.map(({ id }) => id));
  const steps = starting.map((step) => ({ ...step, after: step.after.filter((id) => ids.has(id)) }));
  const watch = new ContainerWatch(engine, project.name);
  const stage = createStage(engine, there, { observed, watch }, options);
  try {
    await execute({ steps, warnings: [] }, (action, both) => perform(stage, action, both), { signal, onProgress });
  } finally {
    watch.close();
  }
}

/**
 * Stops and starts containers again, dependencies first; those that do not run are started. Services that depend on one of them with
 * `restart: true` are started again as well. Hooks run where the project is given, and not only its name.
 */
export async function restart(
  engine: DockerEngine,
  project: ProjectOrName,
  options: SelectOptions = {},
): Promise<void> {
  const chosen = await select(engine, nameOf(project), options);
  const names = new Set(chosen.map((one) => one.service));
  const tied = (await select(engine, nameOf(project), { signal: options.signal })).filter(
    (one) => !names.has(one.service) && isUp(one) && restartsWith(one, names),
  );
  const { signal, onProgress, stopTimeout } = options;
  for (const level of levels([...chosen, ...tied]).toReversed()) {
    await Promise.all(
      level.map(async (one) => {
        const service = servicesOf(project)[one.service];
        const action = { type: 'start', service: one.service, name: one.name } as const;
        if (service === undefined) {
          const again = () => engine.restart(one.id, { signal, timeout: stopTimeout });
          return announce({ id: `restart ${one.name}`, action }, onProgress, again);
        }
        await halt(engine, project, one, options);
        return announce({ id: `start ${one.name}`, action }, onProgress, async () => {
          await engine.start(one.id, { signal });
          await runHooks(engine, service, 'post_start', one, { signal, onProgress });
        });
      }),
    );
  }
}

/** Sends a signal to the containers that run. @param killSignal `SIGKILL` by default */
export async function kill(
  engine: DockerEngine,
  project: string,
  options: SelectOptions & { readonly killSignal?: string } = {},
): Promise<void> {
  const { killSignal = 'SIGKILL', signal, onProgress } = options;
  const running = (await select(engine, project, options)).filter(isUp);
  await Promise.all(
    running.map((container) =>
      announce({ id: `kill ${container.name}`, action: { type: 'stop', container } }, onProgress, () =>
        engine.kill(container.id, killSignal, { signal }),
      ),
    ),
  );
}

/** Removes containers that do not run; with `stop` those that do as well. @returns the names of those that are gone */
export async function remove(
  engine: DockerEngine,
  project: ProjectOrName,
  options: SelectOptions & { readonly stop?: boolean; readonly volumes?: boolean } = {},
): Promise<string[]> {
  const { signal, volumes = false } = options;
  if (options.stop === true) await stop(engine, project, options);
  const gone = (await select(engine, nameOf(project), options)).filter((one) => !isUp(one));
  await Promise.all(gone.map((one) => unlessGone(engine.remove(one.id, { signal, force: true, volumes }))));
  return gone.map(({ name }) => name).sort();
}
