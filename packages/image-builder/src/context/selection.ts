import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Steps whose meaning is found out by who reads the context: wildcards, variables, quoted spaces. */
const open = /[*?[\\$"'`]/;

/** Whether a path of a folder, or a folder above it, is a symbolic link. */
function passesLink(folder: string, steps: readonly string[]): boolean {
  return steps.some((_step, index) => {
    try {
      return lstatSync(join(folder, ...steps.slice(0, index + 1))).isSymbolicLink();
    } catch {
      return false; // what is not there is the engine's to complain of
    }
  });
}

function holdsLink(folder: string): boolean {
  try {
    return readdirSync(folder, { withFileTypes: true }).some((entry) => entry.isSymbolicLink());
  } catch {
    return false;
  }
}

/** A path up to its first open step; `''` when a symbolic link may lead it anywhere in the folder. */
function fixedPart(folder: string, path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) return '';
  const wild = steps.findIndex((step) => open.test(step));
  const fixed = wild < 0 ? steps : steps.slice(0, wild);
  if (passesLink(folder, fixed)) return '';
  if (wild < 0) return fixed.join('/');
  // What the last step matches may be links; before it, links may be on the way.
  return wild < steps.length - 1 || holdsLink(join(folder, ...fixed)) ? '' : fixed.join('/');
}

/**
 * Tells which paths of a folder are among those that are named, above or below one of them. More than is named is let through where it takes the
 * builder to find out: wildcards, variables, symbolic links.
 * @param named such as `src`, `/a/./b`, `*.txt`; an empty one is everything
 */
export function selectPaths(folder: string, named: readonly string[]): (path: string) => boolean {
  const wanted = [...new Set(named.map((path) => fixedPart(folder, path)))];
  if (wanted.includes('')) return () => true;
  return (path) => wanted.some((name) => path === name || path.startsWith(`${name}/`) || name.startsWith(`${path}/`));
}
