import { randomBytes } from 'node:crypto';
import type { Project } from '@kmd/compose-model';
import { composeLabels } from '../compose-labels.js';
import { imageName } from '../container-name.js';
import { containerSpec } from '../create/container-spec.js';
import { copyFiles } from '../create/copy-files.js';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { CommandOptions } from '../event.js';
import { label } from '../labels.js';
import { converse } from '../logs/converse.js';
import { observe } from '../observe/observe.js';
import { expectedHash } from '../plan/divergence.js';
import { RunnerError } from '../runner-error.js';
import { runHooks } from '../run/hooks.js';
import { unlessGone } from '../run/unless-gone.js';
import { ContainerWatch } from '../run/watch.js';
import { up } from './up.js';

export interface RunOptions extends CommandOptions {
  /** In place of the service's. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Added to the service's. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  /** Of the container; made up by default. */
  readonly name?: string;
  /** Publishes the service's ports, which a one-off does not do by itself. */
  readonly servicePorts?: boolean;
  /** Leaves the container when it has ended. */
  readonly keep?: boolean;
  /** Does not start what the service depends on. */
  readonly withoutDependencies?: boolean;
  readonly configFiles?: readonly string[];
  /** What it reads; without one it reads nothing, whatever `stdin_open` says. */
  readonly stdin?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly onOutput?: (from: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

/**
 * Runs a one-off container of a service and waits for its end. What the service depends on is brought up first. The container is
 * removed afterwards, also when the run is cancelled, unless `keep` is set.
 * @returns the exit code
 * @throws RunnerError, and all that `up` throws
 * @example
 * const code = await run(engine, project, 'web', { command: ['rake', 'db:migrate'] });
 */
export async function run(
  engine: DockerEngine,
  project: Project,
  service: string,
  options: RunOptions = {},
): Promise<number> {
  const { signal, onProgress } = options;
  const stated = project.services[service];
  if (stated === undefined) throw new RunnerError('no-such-service', `no such service: ${service}`, { service });
  // The service itself is brought up as nothing: what is left are its networks, volumes, image and dependencies.
  const alone = { ...stated, ...(options.withoutDependencies === true && { depends_on: {} }) };
  const needed = Object.keys(alone.depends_on ?? {});
  if (needed.length > 0) await up(engine, project, { services: needed, wait: true, signal, onProgress });
  await up(
    engine,
    { ...project, services: { ...project.services, [service]: { ...alone, depends_on: {} } } },
    {
      services: [service],
      start: false,
      recreate: 'never',
      signal,
      onProgress,
      onlyResources: true,
    },
  );

  const changed = {
    ...alone,
    ...(options.command !== undefined && { command: options.command }),
    ...(options.entrypoint !== undefined && { entrypoint: options.entrypoint }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.workingDir !== undefined && { working_dir: options.workingDir }),
    environment: { ...alone.environment, ...options.environment },
    restart: 'no',
    stdin_open: options.stdin !== undefined,
    ...(options.servicePorts !== true && { ports: [] }),
  };
  const slug = randomBytes(32).toString('hex');
  const name = options.name ?? `${project.name}-${service}-run-${slug.slice(0, 12)}`;
  const observed = await observe(engine, project, { signal });
  const containerOf = (other: string): string => {
    const id = observed.containers.find((one) => one.service === other && !one.oneOff)?.id;
    if (id !== undefined) return id;
    throw new RunnerError('no-such-service', `services.${service} shares with ${other}, which has no container`, {
      service,
    });
  };
  const image = observed.images.get(imageName(project, stated));
  const labels: Record<string, string> = {
    ...composeLabels({
      project,
      service: stated,
      number: 1,
      configFiles: options.configFiles ?? [],
      configHash: expectedHash(stated, containerOf),
      ...(image !== undefined && { imageDigest: image.id }),
    }),
    [label.oneOff]: 'True',
    [label.slug]: slug,
  };
  Reflect.deleteProperty(labels, label.number);
  const { body, connectLater } = containerSpec({
    project,
    service: { ...changed, container_name: name },
    number: 1,
    name,
    labels,
    image,
    containerOf,
    apiVersion: await engine.apiVersion(),
  });
  // Its input ends with that of the one who runs it.
  const id = await engine.create(name, { ...body, StdinOnce: true }, { signal });
  const watch = new ContainerWatch(engine, project.name);
  try {
    for (const { network, config } of connectLater) await engine.connect(network, id, config, { signal });
    await copyFiles(engine, project, stated, id, { signal });
    // Attached before it starts, so that nothing it prints is missed.
    const stream = await engine.attach(id, { stdin: options.stdin !== undefined, signal });
    const talking = converse(stream, changed.tty === true, options);
    talking.catch(() => undefined); // it is awaited below, once the container has started
    // Not cancelled in the middle: what is removed below must not be on its way up.
    await engine.start(id);
    await runHooks(engine, stated, 'post_start', { id, name }, { signal, onProgress });
    await talking;
    const ended = signal ?? new AbortController().signal;
    return await watch.until(
      name,
      ({ status, exitCode }) => (status === 'exited' || status === 'dead' ? exitCode : undefined),
      ended,
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    watch.close();
    if (options.keep !== true) {
      await unlessGone(engine.remove(id, { force: true, volumes: true }));
    }
  }
}
