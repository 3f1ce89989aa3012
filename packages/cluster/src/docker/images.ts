import { type DockerEngine, imagesToRun } from '@kmd/compose-runner';
import type { Project } from '@kmd/compose-model';
import type { ImageEvent } from '@kmd/image-builder';
import type { Environment } from '../environment.js';
import { ClusterError, messageOf } from '../errors.js';
import { baseImage, buildOne } from '../images/build.js';
import { findKubeBinaries } from '../images/kube-binaries.js';
import { imageNames, realKubernetesLabel } from '../images/recipe.js';
import { defaultTag, kubernetesTag } from '../images/tags.js';
import type { StepRecorder } from '../progress.js';

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
  options: { environment: Environment; kubeBinaries: string | undefined; steps: StepRecorder; signal: AbortSignal },
): Promise<void> {
  const { environment, kubeBinaries, steps, signal } = options;
  const missing = new Set(await missingImages(engine, project, signal));
  const images = imagesToRun(project);
  const own = imageNames.map((name) => ({ name, tag: defaultTag(name) })).filter(({ tag }) => images.includes(tag));
  const skipBuild = environment['MESOS_DOCKER_SKIP_BUILD'] === 'true';
  const base = baseImage(environment);
  if (kubeBinaries !== undefined && images.includes(kubernetesTag)) {
    missing.delete(kubernetesTag);
    const binaries = findKubeBinaries(kubeBinaries);
    await buildOne(engine.connection, { name: 'km', tag: kubernetesTag, base }, { binaries }, steps, { signal });
  }
  for (const { name, tag } of own) {
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
