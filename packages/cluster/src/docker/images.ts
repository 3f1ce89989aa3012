import { type DockerEngine, imagesToRun } from '@kmd/compose-runner';
import type { Project } from '@kmd/compose-model';
import type { ImageEvent } from '@kmd/image-builder';
import { ClusterError, messageOf } from '../errors.js';
import { baseImage, buildOne, defaultTag } from '../images/build.js';
import { imageNames, realKubernetesLabel } from '../images/recipe.js';
import type { StepRecorder } from '../progress.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** Images of the project that the engine does not have. */
export async function missingImages(engine: DockerEngine, project: Project, signal?: AbortSignal): Promise<string[]> {
  const images = imagesToRun(project);
  const found = await Promise.all(images.map((image) => engine.findImage(image, { signal })));
  return images.filter((_, index) => found[index] === undefined);
}

/**
 * Sees to it that the engine has every image of the project: builds those of kmd that are missing or not up to date (unless
 * `MESOS_DOCKER_SKIP_BUILD` is true), and pulls what else is missing, all before anything starts, so that it takes nothing of the services' time.
 */
export async function prepareImages(
  engine: DockerEngine,
  project: Project,
  options: { environment: Environment; steps: StepRecorder; signal: AbortSignal },
): Promise<void> {
  const { environment, steps, signal } = options;
  const missing = new Set(await missingImages(engine, project, signal));
  const own = imageNames.flatMap((name) => (imagesToRun(project).includes(defaultTag(name)) ? [name] : []));
  const skipBuild = environment['MESOS_DOCKER_SKIP_BUILD'] === 'true';
  const base = baseImage(environment);
  for (const name of own) {
    const tag = defaultTag(name);
    const wasMissing = missing.delete(tag);
    if (skipBuild) {
      if (!wasMissing) continue;
      throw new ClusterError(
        'StartFailed',
        `image ${tag} is not there, and MESOS_DOCKER_SKIP_BUILD says not to build it: unset that, or run kmd build ${name}`,
      );
    }
    if (!wasMissing && !(await mayBuild(engine, tag, base, signal))) continue;
    await buildOne(engine.connection, { name, tag, base }, {}, steps, { signal });
  }
  for (const image of missing) {
    await steps.run('pull', `Pull image ${image}`, async ({ waitingFor }) => {
      const show = (event: ImageEvent) => {
        if (event.type === 'layer') waitingFor(`${event.id}: ${event.status}`);
      };
      await engine.pull(image, { signal, onProgress: show }).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new ClusterError(
          'StartFailed',
          `image ${image} cannot be pulled: ${messageOf(error)}; load it by hand (docker load), or name another in the topology's variables`,
          { cause: error },
        );
      });
    });
  }
}

/** An image with Kubernetes' own programs was built by hand and is kept, as is one whose base is not at hand. */
async function mayBuild(engine: DockerEngine, tag: string, base: string, signal: AbortSignal): Promise<boolean> {
  const [image, from] = await Promise.all([engine.findImage(tag, { signal }), engine.findImage(base, { signal })]);
  return from !== undefined && image?.labels[realKubernetesLabel] === undefined;
}
