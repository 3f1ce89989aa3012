import type { AddonStatus } from './addons/state.js';
import type { ProgressListener } from './progress.js';
import type { KubernetesTarget } from './target.js';

// What these need is loaded by them: no other command shall wait for it.

export interface AddonChangeOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds that the addon has to come up, or to go. */
  timeout?: number | undefined;
  onProgress?: ProgressListener | undefined;
}

export interface EnableOptions extends AddonChangeOptions {
  /** Name of a folder's addon. Default: made of the folder's. */
  name?: string | undefined;
}

export interface AddonListing extends AddonStatus {
  enabled: boolean;
}

/** The addons of a Kubernetes: those that it has, and those of kmd's own that it could have. Throws `NotRunning`, `InvalidSpec`. */
export async function listAddonStates(
  target: KubernetesTarget,
  options?: { signal?: AbortSignal | undefined },
): Promise<AddonListing[]> {
  const { list } = await import('./addons/change.js');
  return list(target, options);
}

/**
 * Puts an addon into a Kubernetes and waits until it runs: `dns`, `ui`, or a folder of manifests. Once more with the same folder brings what changed in it.
 * What does not come up in time stays, to be looked at. A cluster of kmd's has it again after a stop and a start.
 *
 * ```ts
 * await enableAddon({ cluster: 'local' }, './monitoring');
 * await enableAddon({ context: 'other', environment: { ...process.env, DNS_SERVER_IP: '10.96.0.10' } }, 'dns');
 * ```
 *
 * @throws ClusterError `InvalidSpec`, `NotRunning`, `Busy`, `StartFailed`, `Timeout`
 */
export async function enableAddon(
  target: KubernetesTarget,
  what: string,
  options?: EnableOptions,
): Promise<{ name: string }> {
  const { enable } = await import('./addons/change.js');
  return enable(target, what, options);
}

/**
 * Takes an addon out of a Kubernetes again, with all that it made and nothing else, and waits until that is gone. `none`: it was not there.
 * @throws ClusterError `InvalidSpec`, `NotRunning`, `Busy`, `StartFailed`, `Timeout`
 */
export async function disableAddon(
  target: KubernetesTarget,
  name: string,
  options?: AddonChangeOptions,
): Promise<{ result: 'disabled' | 'none' }> {
  const { disable } = await import('./addons/change.js');
  return disable(target, name, options);
}
