import { type Json, type JsonObject, ensureObject, equal, objectAt, objectsAt, textAt } from '../json/tree.js';
import { appArmorOfContainer, useAppArmor } from '../kinds/warnings/pod.js';

const localhost = 'localhost/';
const types: Readonly<Record<string, string>> = { unconfined: 'Unconfined', 'runtime/default': 'RuntimeDefault' };

/** The annotation that says what a profile says, for nodes that only know annotations. */
function annotationOf(profile: JsonObject | undefined): string | undefined {
  const type = textAt(profile, 'type');
  const file = textAt(profile, 'localhostProfile');
  if (type === 'Localhost') return file === undefined ? undefined : localhost + file;
  return Object.keys(types).find((annotation) => types[annotation] === type);
}

/** The profile that an annotation says, if it says a valid one. */
function profileOf(annotation: string): JsonObject | undefined {
  const type = types[annotation];
  if (type !== undefined) return { type };
  const file = annotation.startsWith(localhost) ? annotation.slice(localhost.length) : '';
  return file === '' || file.trim() !== file || file.length > 4095
    ? undefined
    : { type: 'Localhost', localhostProfile: file };
}

/** Profiles of AppArmor stood in annotations before they had a field: each is written where the other is said alone. Changes `pod`. */
export function syncAppArmor(pod: JsonObject, warn: (text: string) => void): void {
  const spec = objectAt(pod, 'spec');
  if (textAt(spec, 'os', 'name') === 'windows') return;
  const ofPod = objectAt(spec, 'securityContext', 'appArmorProfile');
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => objectsAt(spec, list));
  for (const container of containers) {
    const key = appArmorOfContainer + (textAt(container, 'name') ?? '');
    const annotation = textAt(pod, 'metadata', 'annotations', key);
    const own = objectAt(container, 'securityContext', 'appArmorProfile');
    if (annotation === undefined) {
      const said: Json | undefined = annotationOf(own ?? ofPod);
      if (said !== undefined) ensureObject(ensureObject(pod, 'metadata'), 'annotations')[key] = said;
    } else if (!own) {
      const profile = profileOf(annotation);
      const differs = profile !== undefined && !equal(profile, ofPod);
      if (differs) ensureObject(container, 'securityContext')['appArmorProfile'] = profile;
      if (differs || !profile) warn(`metadata.annotations[${key}]: ${useAppArmor}`);
    }
  }
}
