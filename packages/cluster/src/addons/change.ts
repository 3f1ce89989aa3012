import { AddonError, deployAddons, listAddons, readAddonFolder, removeAddon, type Addon } from '@kmd/kube-bootstrap';
import { stat } from 'node:fs/promises';
import { ClusterError, type ClusterErrorCode } from '../errors.js';
import type { AddonChangeOptions, AddonListing, EnableOptions } from '../addons.js';
import { StepRecorder } from '../progress.js';
import type { KubernetesTarget } from '../target.js';
import { builtIn, isBuiltIn, openPlace, type Place } from './place.js';
import { readAddons } from './state.js';
import { awaitAddon } from './wait.js';

export async function list(
  target: KubernetesTarget,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<AddonListing[]> {
  const place = await openPlace(target);
  try {
    const found = await readAddons(place.kube, place.expected, signal);
    const missing = builtIn.filter((name) => found.every((addon) => addon.name !== name));
    return [
      ...found.map((addon) => ({ ...addon, enabled: true })),
      ...missing.map((name) => ({ name, enabled: false, ready: false, detail: '' })),
    ].sort((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    place.close();
  }
}

export async function enable(
  target: KubernetesTarget,
  what: string,
  { name, ...options }: EnableOptions = {},
): Promise<{ name: string }> {
  const place = await openPlace(target, { change: true });
  return change(place, options, async (steps, signal) => {
    const addon = isBuiltIn(what) ? place.make(what) : await readFolder(what, name);
    await steps.run(`addon-${addon.name}`, `Deploy addon ${addon.name}`, async ({ waitingFor, detail }) => {
      const objects = { applied: 0, removing: 0, removed: 0 };
      await deployAddons(place.kube, [addon], { signal, onProgress: ({ action }) => void objects[action]++ });
      // From here on it is in the cluster, whether it comes up or not.
      place.remember(addon.name, true);
      await awaitAddon(place.kube, addon, { signal, timeout: options.timeout ?? place.timeout, waitingFor });
      detail(
        `${count(objects.applied)}${objects.removing > 0 ? `, ${objects.removing} that it no longer has removed` : ''}`,
      );
    });
    return { name: addon.name };
  });
}

export async function disable(
  target: KubernetesTarget,
  name: string,
  options: AddonChangeOptions = {},
): Promise<{ result: 'disabled' | 'none' }> {
  const place = await openPlace(target, { change: true });
  return change(place, options, async (steps, signal) => {
    const installed = await listAddons(place.kube, signal);
    if (installed.every((addon) => addon.name !== name)) {
      const known = [...new Set([...builtIn, ...installed.map((addon) => addon.name)])];
      if (!known.includes(name))
        throw new ClusterError('InvalidSpec', `there is no addon "${name}": there are ${known.join(', ')}`);
      place.remember(name, false);
      return { result: 'none' };
    }
    await steps.run(`addon-${name}`, `Remove addon ${name}`, async ({ waitingFor, detail }) => {
      const left = new Set<string>();
      let objects = 0;
      await removeAddon(place.kube, name, {
        signal,
        timeout: options.timeout,
        onProgress: ({ object, action }) => {
          if (action === 'removing') left.add(object);
          else objects += left.delete(object) ? 1 : 0;
          if (left.size > 0) waitingFor(`${[...left].join(', ')} to be gone`);
        },
      });
      detail(count(objects));
    });
    place.remember(name, false);
    return { result: 'disabled' };
  });
}

const count = (objects: number): string => `${objects} object${objects === 1 ? '' : 's'}`;

/** Runs a change, with its errors as this package has them, and leaves the place. */
async function change<T>(
  place: Place,
  { signal = new AbortController().signal, onProgress }: AddonChangeOptions,
  work: (steps: StepRecorder, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await work(new StepRecorder(onProgress), signal);
  } catch (error) {
    if (error instanceof AddonError)
      throw new ClusterError(codes[error.code] ?? 'StartFailed', error.message, { cause: error });
    throw error;
  } finally {
    place.close();
  }
}

const codes: Partial<Record<AddonError['code'], ClusterErrorCode>> = {
  ADDON_FOLDER: 'InvalidSpec',
  ADDON_UNKNOWN_KIND: 'InvalidSpec',
  ADDON_NOT_READY: 'Timeout',
  ADDON_NOT_REMOVED: 'Timeout',
};

async function readFolder(path: string, name: string | undefined): Promise<Addon> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return readAddonFolder(path, { name });
  throw new ClusterError(
    'InvalidSpec',
    `there is no addon "${path}", and no such folder: give ${builtIn.join(', ')} or a folder of manifests`,
  );
}
