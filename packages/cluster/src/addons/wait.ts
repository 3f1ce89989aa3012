import { listAddons, waitForAddon, type Addon } from '@kmd/kube-bootstrap';
import type { KubeClient } from '@kmd/kube-client';
import { awaitAnswer } from '../answers.js';
import type { StepRecorder } from '../progress.js';
import { askPage } from './page.js';

/** Waits until an addon runs; the UI has to answer, too. */
export async function awaitAddon(
  kube: KubeClient,
  addon: Pick<Addon, 'name' | 'ready'>,
  { signal, timeout, waitingFor }: { signal: AbortSignal; timeout: number; waitingFor(what: string): void },
): Promise<void> {
  await waitForAddon(kube, addon, {
    signal,
    timeout,
    onProgress: ({ missing }) => waitingFor(missing.join('; ')),
  });
  if (addon.name === 'ui') await awaitAnswer(() => askPage(kube, signal), { signal, onWait: waitingFor });
}

/** Waits for the addons that were made of folders in the cluster's life before: it has their objects still. */
export async function awaitFolderAddons(
  kube: KubeClient,
  timeout: number,
  steps: StepRecorder,
  signal: AbortSignal,
): Promise<void> {
  const addons = (await listAddons(kube, signal)).filter(({ source }) => source !== undefined);
  await Promise.all(
    addons.map((addon) =>
      steps.run(`addon-${addon.name}`, `Wait for addon ${addon.name}`, ({ waitingFor }) =>
        awaitAddon(kube, addon, { signal, timeout, waitingFor }),
      ),
    ),
  );
}
