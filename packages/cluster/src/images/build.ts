import { basename } from 'node:path';
import { buildImage, type EngineConnection, type ImageEvent } from '@kmd/image-builder';
import type { Environment } from '../environment.js';
import { ClusterError, messageOf } from '../errors.js';
import { findKubectl } from '../kubectl.js';
import { StepRecorder } from '../progress.js';
import type { BuildImagesOptions, ImageResult } from './build-images.js';
import { locateImageFiles } from '../up/programs.js';
import { versions } from '../versions.js';
import { assembleContext, type Extras, type ImageName, imageNames, realKubernetesLabel } from './recipe.js';
import { findKubeBinaries } from './kube-binaries.js';

/** The label of every image that this project made: which one it is. */
export const imageLabel = 'dev.kmd.image';

const defaultBase = 'node:24-bookworm-slim';

/** What `buildImages` does. */
export async function build(options: BuildImagesOptions): Promise<ImageResult[]> {
  const environment = options.environment ?? process.env;
  const names = options.names ?? imageNames;
  const repository = environment['IMAGE_REPO'] || undefined;
  if (repository !== undefined && names.length > 1) {
    throw new ClusterError(
      'InvalidSpec',
      `IMAGE_REPO is ${repository}, which is the name of one image: build them one by one, or unset it`,
    );
  }
  const binaries = options.kubeBinaries === undefined ? [] : findKubeBinaries(options.kubeBinaries);
  const base = environment['KMD_BASE_IMAGE'] || defaultBase;
  const wanted = names.map((name) => ({
    name,
    base,
    tag: `${repository ?? `kmd/${name}`}:${environment['IMAGE_TAG'] || versions.kmd}`,
  }));
  if (options.dryRun) return wanted.map((one) => ({ ...one, result: 'planned' }));
  const { openEngine, requireEngine } = await import('../docker/engine.js');
  const { host } = await requireEngine(environment, options.signal);
  const engine = openEngine(host, environment);
  const steps = new StepRecorder(options.onProgress);
  try {
    const results: ImageResult[] = [];
    for (const one of wanted) {
      const extras: Extras =
        one.name === 'km' ? { binaries } : one.name === 'test' ? { kubectl: kubectlOrNone(environment) } : {};
      results.push(await buildOne(engine.connection, one, extras, steps, options));
    }
    return results;
  } finally {
    engine.close();
  }
}

/** Builds one image as a step of its own. */
export async function buildOne(
  connection: EngineConnection,
  image: { name: ImageName; tag: string; base: string },
  extras: Extras,
  steps: StepRecorder,
  options: Pick<BuildImagesOptions, 'noCache' | 'pull' | 'signal'> = {},
): Promise<ImageResult> {
  const { name, tag, base } = image;
  return steps.run(`image-${name}`, `Build image ${tag}`, async ({ waitingFor, detail }) => {
    const context = assembleContext(name, locateImageFiles(), extras);
    const show = (event: ImageEvent) => {
      if (event.type === 'step') waitingFor(`step ${event.step} of ${event.steps}: ${event.text}`);
      if (event.type === 'layer') waitingFor(`${base}: ${event.status}`);
    };
    try {
      const { id, reused } = await buildImage(connection, {
        folder: context.folder,
        tags: [tag],
        args: { BASE: base },
        labels: {
          [imageLabel]: name,
          ...(extras.binaries?.length
            ? { [realKubernetesLabel]: extras.binaries.map((path) => basename(path)).join(' ') }
            : {}),
        },
        ...(options.noCache ? { noCache: true } : {}),
        ...(options.pull ? { pull: true } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
        onProgress: show,
      });
      if (reused) detail('up to date');
      return { name, tag, base, result: reused ? ('kept' as const) : ('built' as const), id };
    } catch (error) {
      options.signal?.throwIfAborted();
      throw new ClusterError(
        'StartFailed',
        `image ${tag} cannot be built from ${base} (KMD_BASE_IMAGE names another image with Node): ${messageOf(error)}`,
        { cause: error },
      );
    } finally {
      context.remove();
    }
  });
}

/** The base of the images, as the environment has it. */
export function baseImage(environment: Environment): string {
  return environment['KMD_BASE_IMAGE'] || defaultBase;
}

function kubectlOrNone(environment: Environment): string | undefined {
  try {
    return findKubectl(environment);
  } catch {
    return undefined;
  }
}
