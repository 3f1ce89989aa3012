import { ClusterError } from '../errors.js';
import type { ProgressListener } from '../progress.js';
import type { ClusterRecord } from '../state/record.js';

export interface LoadImagesOptions {
  /** Images of the engine that the cluster runs on, by name. */
  images?: readonly string[] | undefined;
  /** Archives of `docker save`, by path. */
  archives?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ProgressListener | undefined;
}

/** What became of an image, or archive, on one agent. */
export interface LoadedImage {
  agent: string;
  /** Name of the image; of an archive, its path. */
  image: string;
  /** `kept`: the agent had it already, the same. */
  result: 'loaded' | 'kept';
}

/**
 * Brings images into the Docker inside each agent of a running cluster.
 * @throws ClusterError `InvalidSpec` for an image or archive that is not there, `RuntimeUnavailable` where agents have no Docker inside, `StartFailed`
 */
export async function loadImages(record: ClusterRecord, options: LoadImagesOptions): Promise<LoadedImage[]> {
  if (record.runtime !== 'docker') {
    throw new ClusterError(
      'RuntimeUnavailable',
      `cluster "${record.name}" is of the embedded runtime, where no container runs and no image is needed: kmd up --runtime docker has agents with Docker inside`,
    );
  }
  const { loadIntoAgents } = await import('../docker/load.js');
  return loadIntoAgents(record, options);
}
