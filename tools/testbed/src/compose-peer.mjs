import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { newerPackageTree, packageTree } from './packages.mjs';

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

const legacyPackages = [
  'docker-compose',
  ...['attr', 'cached-property', 'certifi', 'chardet', 'charset-normalizer', 'distro', 'distutils', 'docker'],
  ...['dockerpty', 'docopt', 'dotenv', 'idna', 'jsonschema', 'pkg-resources', 'pyrsistent', 'requests', 'six'],
  ...['texttable', 'urllib3', 'websocket', 'yaml'],
];

/**
 * docker-compose 1.29, the last one in Python, unpacked and not installed: what the files of version 1 were written for.
 * @returns {Promise<{ command: string, args: string[], env: NodeJS.ProcessEnv }>}
 */
export async function legacyComposePeer() {
  const trees = [];
  // One after another: apt locks its lists.
  for (const name of legacyPackages) {
    trees.push(await packageTree(name === 'docker-compose' ? name : `python3-${name}`));
  }
  const path = trees.map((tree) => join(tree, 'usr/lib/python3/dist-packages')).join(':');
  const peer = {
    command: '/usr/bin/python3',
    args: [join(trees[0] ?? '', 'usr/bin/docker-compose')],
    env: { ...process.env, PYTHONPATH: path },
  };
  await run(peer.command, [...peer.args, 'version', '--short'], { env: peer.env });
  return peer;
}
