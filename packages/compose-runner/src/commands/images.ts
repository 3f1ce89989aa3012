import { readFile } from 'node:fs/promises';
import type { Project, Service } from '@kmd/compose-model';
import { buildImage, PullError, type ImageEvent } from '@kmd/image-builder';
import { composeVersion } from '../compose-labels.js';
import type { DockerEngine } from '../engine/docker-engine.js';
import type { CommandOptions } from '../event.js';
import { label } from '../labels.js';
import { observeImages } from '../observe/observe.js';
import type { Observed } from '../observe/observed.js';
import { planImages, type ImagePlanOptions, type ImageWork } from '../plan/images.js';
import { RunnerError } from '../runner-error.js';

export interface ImageOptions extends CommandOptions, ImagePlanOptions {
  /** Socket of the ssh agent that builds with `ssh: [default]` use: what `SSH_AUTH_SOCK` says, as a rule. */
  readonly sshAgent?: string | undefined;
}

/** What the build of a service is given as secrets, by id. @throws RunnerError for one that cannot be read */
async function secretsOf(project: Project, service: Service): Promise<Record<string, Uint8Array | string>> {
  const entries = (service.build?.secrets ?? []).map(async ({ source = '', target = source }) => {
    const { file, content } = project.secrets[source] ?? {};
    if (content !== undefined) return [target, content] as const;
    try {
      return [target, await readFile(file ?? '')] as const;
    } catch (cause) {
      const text = `services.${service.name}.build.secrets: ${source} cannot be read from ${file ?? 'anywhere'}`;
      throw new RunnerError('unsupported', text, { service: service.name, cause });
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** The sockets of ssh agents that the build of a service is given. @throws RunnerError */
function agentsOf(service: Service, agent: string | undefined): Record<string, string> {
  const entries = Object.entries(service.build?.ssh ?? {}).map(([id, path]) => {
    const socket = path === '' ? agent : path;
    if (socket !== undefined) return [id, socket] as const;
    const text = `services.${service.name}.build.ssh: ${id} means the ssh agent of whoever builds, and there is none`;
    throw new RunnerError('unsupported', text, { service: service.name });
  });
  return Object.fromEntries(entries);
}

async function getImage(engine: DockerEngine, project: Project, work: ImageWork, options: ImageOptions): Promise<void> {
  const { signal, onProgress } = options;
  const { image, platform } = work;
  const onEvent = onProgress && ((event: ImageEvent): void => onProgress({ type: 'image', image, event }));
  if (work.how === 'pull') {
    try {
      await engine.pull(image, { signal, platform, onProgress: onEvent });
    } catch (error) {
      if (!work.optional || !(error instanceof PullError)) throw error;
      onProgress?.({ type: 'warning', text: `${error.message}; the image that is there is used` });
    }
    return;
  }
  const [service] = work.services;
  const build = service?.build;
  if (service === undefined || build === undefined) return;
  if (Object.keys(build.additional_contexts ?? {}).length > 0) {
    throw new RunnerError('unsupported', `services.${service.name}.build: additional_contexts are not supported`, {
      service: service.name,
    });
  }
  const args = Object.entries(build.args ?? {}).flatMap(([key, value]) =>
    value === null ? [] : [[key, value] as const],
  );
  await buildImage(engine.connection, {
    folder: build.context ?? project.workingDir,
    tags: [image, ...(build.tags ?? [])],
    args: Object.fromEntries(args),
    ...(build.dockerfile !== undefined && { dockerfile: build.dockerfile }),
    ...(build.dockerfile_inline !== undefined && { dockerfileText: build.dockerfile_inline }),
    ...(build.target !== undefined && { target: build.target }),
    ...(build.cache_from !== undefined && { cacheFrom: build.cache_from }),
    ...(build.no_cache === true && { noCache: true }),
    ...(build.pull === true && { pull: true }),
    ...(build.network !== undefined && { network: build.network }),
    ...(build.shm_size !== undefined && { shmSize: Number(build.shm_size) }),
    secrets: await secretsOf(project, service),
    ssh: agentsOf(service, options.sshAgent),
    ...(platform !== undefined && { platform }),
    ...(build.extra_hosts !== undefined && {
      extraHosts: Object.entries(build.extra_hosts).flatMap(([host, addresses]) =>
        addresses.map((one) => `${host}:${one}`),
      ),
    }),
    labels: {
      ...build.labels,
      [label.project]: project.name,
      [label.service]: service.name,
      [label.version]: composeVersion,
    },
    ...(signal !== undefined && { signal }),
    ...(onEvent !== undefined && { onProgress: onEvent }),
  });
}

/** Pulls share the line and builds the processors: one that fails ends the others. */
async function getImages(
  engine: DockerEngine,
  project: Project,
  work: readonly ImageWork[],
  options: ImageOptions,
): Promise<void> {
  const stopping = new AbortController();
  const signal = options.signal === undefined ? stopping.signal : AbortSignal.any([options.signal, stopping.signal]);
  const failures: unknown[] = [];
  await Promise.all(
    work.map((one) =>
      getImage(engine, project, one, { ...options, signal }).catch((error: unknown) => {
        failures.push(error);
        stopping.abort(error);
      }),
    ),
  );
  options.signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

/** Pulls and builds what a project's services lack. @returns what is observed then */
export async function prepareImages(
  engine: DockerEngine,
  project: Project,
  observed: Observed,
  options: ImageOptions,
): Promise<Observed> {
  const work = planImages(project, observed.images, options);
  if (work.length === 0) return observed;
  await getImages(engine, project, work, options);
  return { ...observed, images: await observeImages(engine, project, options) };
}

/** Only these services of a project, with the images that they have already. */
async function chosen(
  engine: DockerEngine,
  project: Project,
  { services, signal }: ImageOptions & { readonly services?: readonly string[] },
): Promise<{ only: Project; images: Observed['images'] }> {
  const missing = services?.find((name) => project.services[name] === undefined);
  if (missing !== undefined) {
    throw new RunnerError('no-such-service', `no such service: ${missing}`, { service: missing });
  }
  const kept = Object.entries(project.services).filter(([name]) => services === undefined || services.includes(name));
  const only = { ...project, services: Object.fromEntries(kept) };
  return { only, images: await observeImages(engine, only, { signal }) };
}

/**
 * Builds the images of services that have a build; what has not changed is not built again.
 * @throws RunnerError; BuildError, ContextError, PullError and EngineError of `@kmd/image-builder`
 */
export async function build(
  engine: DockerEngine,
  project: Project,
  options: ImageOptions & { readonly services?: readonly string[] } = {},
): Promise<void> {
  const { only, images } = await chosen(engine, project, options);
  const work = planImages(only, images, { build: true }).filter(({ how }) => how === 'build');
  await getImages(engine, only, work, options);
}

/**
 * Pulls the images of services that have no build, also those that are there.
 * @throws RunnerError; PullError and EngineError of `@kmd/image-builder`
 */
export async function pull(
  engine: DockerEngine,
  project: Project,
  options: ImageOptions & { readonly services?: readonly string[] } = {},
): Promise<void> {
  const { only, images } = await chosen(engine, project, options);
  const work = planImages(only, images, { pull: 'always' }).filter(({ how }) => how === 'pull');
  await getImages(
    engine,
    only,
    work.map((one) => ({ ...one, optional: false })),
    options,
  );
}
