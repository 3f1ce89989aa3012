import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installEngine } from './engine.mjs';
import { childrenOf, installed, launch, socketIn } from './engine-process.mjs';
import { install } from './packages.mjs';

/** Whose engine it is: a user that is known in the engine's own namespaces only. */
const user = { name: 'kmd-rootless', id: 64_242 };
const dockerd = '/usr/share/docker.io/contrib/dockerd-rootless.sh';
const needed = [dockerd, '/usr/bin/rootlesskit', '/usr/bin/newuidmap', '/usr/bin/slirp4netns'];

/**
 * @typedef {object} RootlessEngine an engine that a user without rights runs; what it publishes on loopback is reached from everywhere on the machine
 * @property {string} host
 * @property {string} home the user's home
 * @property {(command: readonly string[]) => string[]} asUser the command that runs one as that user, who sees the repository at `checkout`
 * @property {string} checkout the repository, which may stand where only root may look
 * @property {() => Promise<void>} close ends it, and removes its folder
 */

/**
 * Starts a rootless engine (https://docs.docker.com/engine/security/rootless/) with Debian's packages. It has no images: `makeImages` gives it some.
 * @param {string} repository folder that the user is to see
 * @returns {Promise<RootlessEngine>}
 */
export async function openRootlessEngine(repository) {
  await installEngine();
  if (!needed.every((path) => existsSync(path))) await install(['rootlesskit', 'uidmap', 'slirp4netns']);
  const folder = mkdtempSync(join(tmpdir(), 'kmd-rl-'));
  const home = join(folder, 'home');
  const checkout = join(folder, 'checkout');
  for (const path of [home, checkout]) mkdirSync(path);
  for (const path of [folder, home]) chownSync(path, user.id, user.id);
  const accounts = readFileSync('/etc/passwd', 'utf8');
  writeFileSync(join(folder, 'passwd'), `${accounts}${user.name}:x:${user.id}:${user.id}::${home}:/bin/sh\n`);
  for (const name of ['subuid', 'subgid']) writeFileSync(join(folder, name), `${user.name}:2000000:65536\n`);

  const own = ['passwd', 'subuid', 'subgid'].map(
    (name) => `touch /etc/${name} && mount --bind ${folder}/${name} /etc/${name}`,
  );
  const prepare = [...own, `mount --bind '${repository}' ${checkout}`].join(' && ');
  /** @param {readonly string[]} command */
  const become = (command) => [
    ...['setpriv', `--reuid=${user.id}`, `--regid=${user.id}`, '--clear-groups'],
    ...['env', `HOME=${home}`, `XDG_RUNTIME_DIR=${folder}`, ...command],
  ];
  /** @param {readonly string[]} command */
  const wrap = (command) => [
    ...['unshare', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'],
    ...['sh', '-c', `${prepare} && exec "$@"`, 'sh', ...become(command)],
  ];
  const { pid, ended } = await launch(folder, { programs: { ...installed, dockerd }, wrap });
  return {
    host: `unix://${socketIn(folder)}`,
    home,
    checkout,
    asUser: (command) => ['nsenter', `--mount=/proc/${pid}/ns/mnt`, ...become(command)],
    async close() {
      // The first process of its namespace, and with it all others: whoever becomes another user no longer dies with its parent.
      for (const child of childrenOf(pid)) process.kill(child, 'SIGKILL');
      await ended();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      if (existsSync(folder)) throw new Error(`${folder} cannot be removed`);
    },
  };
}
