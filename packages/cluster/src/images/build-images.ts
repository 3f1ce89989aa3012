import type { Environment } from '../environment.js';
import type { ProgressListener } from '../progress.js';
import type { ImageName } from './recipe.js';

export interface BuildImagesOptions {
  /** All by default. */
  names?: readonly ImageName[] | undefined;
  /** Builds every step again. */
  noCache?: boolean | undefined;
  /** Pulls a newer base image first. */
  pull?: boolean | undefined;
  /** Says what would be built, and builds nothing. */
  dryRun?: boolean | undefined;
  /** A folder with Kubernetes' own programs, or a Kubernetes tree that was built. */
  kubeBinaries?: string | undefined;
  /** `IMAGE_REPO`, `IMAGE_TAG`, `KMD_BASE_IMAGE`, and where the engine is; this process' environment by default. */
  environment?: Environment | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ProgressListener | undefined;
}

/** An image that was built, or would be. */
export interface ImageResult {
  name: ImageName;
  /** `repository:tag` */
  tag: string;
  base: string;
  /** `kept`: it was up to date. */
  result: 'built' | 'kept' | 'planned';
  id?: string;
}

/**
 * Makes the images of the docker runtime on the engine. One that is up to date is kept.
 * @throws ClusterError `InvalidSpec`, `RuntimeUnavailable`, `ToolMissing`, `StartFailed` for a build that fails
 */
export async function buildImages(options: BuildImagesOptions = {}): Promise<ImageResult[]> {
  // Loaded by whoever builds: the builder is no part of what `kmd up` on the embedded runtime needs.
  const { build } = await import('./build.js');
  return build(options);
}
