import { createInformer, events, pods, waitForOutcome, type KubeApi, type Logger } from '@kmd/kube-client';
import { AddonError, readinessOf, type Addon, type Readiness } from './addon.js';
import { judgePods, type AddonState } from './look.js';

/** How far an addon has come; told whenever it changes. */
export interface AddonWaitProgress extends AddonState {
  addon: string;
}

export interface AddonWaitOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds; absent: as long as it takes. */
  timeout?: number | undefined;
  onProgress?: ((progress: AddonWaitProgress) => void) | undefined;
  logger?: Logger | undefined;
}

/**
 * Waits, by watching, until an addon's pods run and are ready. In 2015 `Running` was enough, and DNS did not answer yet when the cluster
 * was called up. Throws `AddonError` (`ADDON_NOT_READY`) that says what is missing when the time is over, or the signal's reason.
 */
export async function waitForAddon(
  api: KubeApi,
  addon: Pick<Addon, 'name' | 'ready'>,
  options: AddonWaitOptions = {},
): Promise<void> {
  const deadline = options.timeout === undefined ? undefined : Date.now() + options.timeout;
  for (const part of readinessOf(addon)) {
    const timeout = deadline === undefined ? undefined : Math.max(0, deadline - Date.now());
    await waitForPart(api, addon, part, { ...options, timeout }, options.timeout ?? 0);
  }
}

/** @param whole milliseconds that the whole addon was given, for the message */
async function waitForPart(
  api: KubeApi,
  { name }: Pick<Addon, 'name'>,
  part: Readiness,
  options: AddonWaitOptions,
  whole: number,
): Promise<void> {
  const { signal, timeout, onProgress, logger } = options;
  const { namespace, labelSelector } = part;
  const podInformer = createInformer(api, pods, { namespace, labelSelector, logger });
  const eventInformer = createInformer(api, events, { namespace, logger });

  const look = (): AddonState => judgePods(part, podInformer.list(), eventInformer.list());

  const late = (): Error => {
    const { ready, wanted, missing } = look();
    return new AddonError(
      'ADDON_NOT_READY',
      name,
      `addon ${name} is not ready after ${whole / 1000} s (${ready} of ${wanted} pods): ${missing.join('; ')}`,
    );
  };

  await waitForOutcome<void>({ signal, timeout, late }, ({ resolve, reject, over }) => {
    let told = '';
    const check = (): void => {
      if (over.aborted) return;
      const progress = { addon: name, ...look() };
      if (JSON.stringify(progress) !== told) {
        told = JSON.stringify(progress);
        try {
          onProgress?.(progress);
        } catch (error) {
          reject(error);
        }
      }
      if (progress.ready >= progress.wanted) resolve();
    };
    podInformer.run(over).catch(reject);
    podInformer.synced.then(
      () => {
        podInformer.subscribe({ added: check, updated: check, deleted: check });
        check();
        if (look().ready >= part.replicas) return;
        // Only now is anybody interested in reasons.
        eventInformer.subscribe({ added: check, updated: check });
        eventInformer.run(over).catch(reject);
      },
      () => undefined,
    );
  });
}
