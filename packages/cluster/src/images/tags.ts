import { versions } from '../versions.js';
import type { ImageName } from './recipe.js';

/** What an image is called by default: what the topology asks for. */
export function defaultTag(name: ImageName): string {
  return `kmd/${name}:${versions.kmd}`;
}

/** The km image with Kubernetes' own programs, where `up` is given them: the one without them stays as it is. */
export const kubernetesTag = `${defaultTag('km')}-kubernetes`;
