import { readFile, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeAtomically } from '../files/write-atomically.js';
import { codeOf, messageOf } from '../thrown.js';
import { KubeconfigError } from './errors.js';
import { unwritable } from './lock.js';

/** A file's text, or undefined when there is none. */
export async function readKubeconfig(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    const detail = messageOf(cause);
    throw new KubeconfigError(
      'KUBECONFIG_UNREADABLE',
      `${path} cannot be read (${detail}): make it a readable file, or choose another kubeconfig file`,
      { path, cause },
    );
  }
}

/** Replaces a file whole, keeping its mode, its owner and the symbolic links that lead to it. A new one is 0600: it holds secrets. */
export async function replaceKubeconfig(path: string, text: string): Promise<void> {
  try {
    const target = await followLinks(path);
    const known = await stat(target).catch(() => undefined);
    await writeAtomically(target, text, known ? { mode: known.mode & 0o777, owner: known } : { mode: 0o600 });
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Where a path leads, also when there is no file yet at its end. */
async function followLinks(path: string): Promise<string> {
  const known = await realpath(path).catch(() => undefined);
  if (known !== undefined) return known;
  const link = await readlink(path).catch(() => undefined);
  return link === undefined ? path : followLinks(resolve(dirname(path), link));
}
