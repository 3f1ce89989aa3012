import { scaleOf, type Project, type Service } from '@kmd/compose-model';
import type { LocalImage } from '@kmd/image-builder';
import { imageName } from '../container-name.js';
import { RunnerError } from '../runner-error.js';

/** How an image is had before containers are made of it. */
export interface ImageWork {
  readonly image: string;
  readonly how: 'pull' | 'build';
  /** For a pull of an image that is there: go on with that one when it fails. */
  readonly optional: boolean;
  readonly services: readonly Service[];
  readonly platform?: string;
}

export interface ImagePlanOptions {
  /** Wins over what services state: `always`, `missing` or `never`. */
  readonly pull?: 'always' | 'missing' | 'never';
  /** Builds what can be built, though it is there. What has not changed is not built again. */
  readonly build?: boolean;
}

/**
 * Decides what is pulled and what is built. An image that is there is left alone, unless the service or the caller asks otherwise; nothing is
 * pulled for a service without containers.
 * @throws RunnerError `image-missing` for an image that is not there and may not be had
 */
export function planImages(
  project: Project,
  images: ReadonlyMap<string, LocalImage>,
  options: ImagePlanOptions = {},
): ImageWork[] {
  const work = new Map<string, ImageWork>();
  for (const service of Object.values(project.services)) {
    if (scaleOf(service) === 0 || service.provider !== undefined) continue;
    const image = imageName(project, service);
    const present = images.has(image);
    const known = work.get(image);
    if (known !== undefined) {
      work.set(image, { ...known, services: [...known.services, service] });
      continue;
    }
    const policy = options.pull ?? service.pull_policy ?? 'missing';
    const buildable = service.build !== undefined;
    const platform = service.platform === undefined ? {} : { platform: service.platform };
    const add = (how: ImageWork['how']): void => {
      work.set(image, { image, how, optional: how === 'pull' && present, services: [service], ...platform });
    };
    if (buildable && (options.build === true || policy === 'build' || !present)) add('build');
    else if (!buildable && policy === 'always') add('pull');
    else if (!present) {
      if (policy === 'never' || service.image === undefined) {
        throw new RunnerError(
          'image-missing',
          `services.${service.name}: image ${image} is not on the engine, and ${
            policy === 'never' ? 'its pull policy is never' : 'there is neither an image to pull nor a build'
          }`,
          { service: service.name },
        );
      }
      add('pull');
    }
  }
  return [...work.values()].sort((a, b) => (a.image < b.image ? -1 : 1));
}
