import { constants, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ImageFiles } from '../up/programs.js';

/** The images that this project makes. */
export const imageNames = ['km', 'mesos-agent', 'test'] as const;
export type ImageName = (typeof imageNames)[number];

/** What of this project goes into each: programs into `lib/`, scripts into `bin/`. */
const programs: Readonly<Record<ImageName, readonly string[]>> = {
  km: ['km.js'],
  'mesos-agent': ['mesos.js', 'executor.js'],
  test: [],
};

/** The label of an image that holds Kubernetes' own programs, with their names. */
export const realKubernetesLabel = 'dev.kmd.kubernetes';

/** More that goes in: paths on this machine by the name that they get. */
export interface Extras {
  /** Kubernetes' own programs, into `kubernetes/` of the context. */
  binaries?: readonly string[];
  /** kubectl, into `bin/` of the test image. */
  kubectl?: string | undefined;
}

/**
 * Puts a build context together in a folder of its own. The context depends on nothing but its files, so that an unchanged image is not built again.
 * @returns the folder, and how to remove it
 */
export function assembleContext(
  name: ImageName,
  files: ImageFiles,
  extras: Extras = {},
): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `kmd-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const copy = (from: string, to: string) =>
    cpSync(from, join(folder, to), { recursive: true, mode: constants.COPYFILE_FICLONE });
  try {
    for (const part of ['lib', 'bin', 'kubernetes']) mkdirSync(join(folder, part), { mode: 0o755 });
    copy(join(files.images, name, 'Dockerfile'), 'Dockerfile');
    for (const scripts of [join(files.images, 'bin'), join(files.images, name, 'bin')]) {
      if (existsSync(scripts)) copy(scripts, 'bin');
    }
    for (const program of programs[name]) copy(join(files.programs, program), join('lib', program));
    if (name === 'mesos-agent')
      for (const part of ['server.js', 'app']) copy(join(files.ui, part), join('lib', 'ui', part));
    for (const binary of extras.binaries ?? []) copy(binary, join('kubernetes', basename(binary)));
    if (name === 'test' && extras.kubectl !== undefined) copy(extras.kubectl, 'bin/kubectl');
    return { folder, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
