import type { Environment } from '../environment.js';

export interface CleanupOptions {
  /** Says what would be removed, and removes nothing. */
  dryRun?: boolean | undefined;
  /** Removes the images of `kmd build` as well, not only those that a newer build has replaced. */
  images?: boolean | undefined;
  /** Where the engine is; this process' environment by default. */
  environment?: Environment | undefined;
  signal?: AbortSignal | undefined;
}

/** Something that was left on an engine. */
export interface Leftover {
  kind: 'container' | 'network' | 'volume' | 'image';
  name: string;
  /** The cluster that it was of; absent for an image. */
  cluster?: string;
}

/**
 * Removes what kmd has left on the engine: containers, networks and volumes of clusters that have no record any more (their state folder was deleted, say),
 * and images that newer builds replaced. It goes by labels that only kmd sets, and leaves what belongs to a cluster that `kmd list` knows.
 * @returns what was removed, or would be
 * @throws ClusterError `RuntimeUnavailable` where no engine answers
 */
export async function cleanUp(options: CleanupOptions = {}): Promise<Leftover[]> {
  const { removeLeftovers } = await import('../docker/cleanup.js');
  return removeLeftovers(options);
}
