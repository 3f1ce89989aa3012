import { lstatSync } from 'node:fs';
import { join } from 'node:path';

/** Values of a header, which newer engines write in percent encoding. */
function textsIn(header: unknown): string[] {
  const values: unknown[] = Array.isArray(header) ? header : header === undefined ? [] : [header];
  // Node joins headers of one name.
  return values
    .flatMap((value) => String(value).split(', '))
    .map((text) => {
      try {
        return decodeURIComponent(text);
      } catch {
        return text;
      }
    });
}

/** Whether a path of a folder, or a folder above it, is a symbolic link. */
function passesLink(folder: string, path: string): boolean {
  const steps = path.split('/');
  return steps.some((_step, index) => {
    try {
      return lstatSync(join(folder, ...steps.slice(0, index + 1))).isSymbolicLink();
    } catch {
      return false; // what is not there is the engine's to complain of
    }
  });
}

/**
 * What a build needs of a folder: the paths that its engine names (`followpaths`), with the folders above them and all that is below. Everything
 * when it names none, or one that passes a symbolic link: the link may lead anywhere in the folder.
 */
export function createFollower(folder: string, header: unknown): (path: string) => boolean {
  // Up to the first step with a wildcard: more than is needed does no harm.
  const named = textsIn(header).map((text) => {
    const steps = text.split('/').filter((step) => step !== '' && step !== '.');
    const wild = steps.findIndex((step) => /[*?[\\]/.test(step));
    return (wild < 0 ? steps : steps.slice(0, wild)).join('/');
  });
  if (named.length === 0 || named.includes('') || named.some((path) => path.includes('..') || passesLink(folder, path)))
    return () => true;
  return (path) => named.some((name) => path === name || path.startsWith(`${name}/`) || name.startsWith(`${path}/`));
}
