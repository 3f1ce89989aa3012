import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { newerPackageTree } from './packages.mjs';

const places = [
  'usr/libexec/docker/cli-plugins/docker-compose',
  'usr/lib/docker/cli-plugins/docker-compose',
  'usr/bin/docker-compose',
];

/**
 * `docker compose` of Debian's newer suite, unpacked and not installed: the peer whose projects ours must be able to take over, and
 * that must be able to take over ours.
 * @returns {Promise<string>} the program; it is called as `program compose …` is: `docker-compose -f FILE up -d`
 */
export async function composePeer() {
  const tree = await newerPackageTree('docker-compose', 'sid');
  const program = places.map((place) => join(tree, place)).find((path) => existsSync(path));
  if (program === undefined) throw new Error(`the package docker-compose holds none of ${places.join(', ')}`);
  await run(program, ['version', '--short']);
  return program;
}
