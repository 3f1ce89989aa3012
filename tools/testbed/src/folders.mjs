import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What is kept from run to run: packages, unpacked trees. Git does not see it. */
export const cache = fileURLToPath(new URL('../../../node_modules/.cache/testbed/', import.meta.url));

/**
 * A folder of the cache, made when it is not there.
 * @param {string} name
 */
export function cacheFolder(name) {
  const folder = `${cache}${name}`;
  mkdirSync(folder, { recursive: true });
  return folder;
}
