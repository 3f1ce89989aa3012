import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from '../src/command.mjs';
import { newerPackageTree } from '../src/packages.mjs';

/** `kube-apiserver` and `kube-controller-manager`, of the version that go.mod beside this file names. */
const names = ['kube-apiserver', 'kube-controller-manager'];
const modFile = readFileSync(new URL('go.mod', import.meta.url), 'utf8');
export const version = /k8s\.io\/kubernetes (v[\d.]+)/.exec(modFile)?.[1] ?? '';

/** Where built programs are kept: outside the repository, so that a new clone finds them. KMD_TESTBED_CACHE sets another folder. */
function cacheFolder() {
  const folder =
    process.env.KMD_TESTBED_CACHE ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kmd-testbed');
  return join(folder, `kube-${version}-${createHash('sha256').update(modFile).digest('hex').slice(0, 8)}`);
}

function findGo() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/go/bin', '/usr/lib/go/bin'];
  return folders.map((folder) => join(folder, 'go')).find((file) => existsSync(file));
}

/**
 * Why the real programs cannot be had here; undefined when they can.
 * @returns {string | undefined}
 */
export function obstacle() {
  if (names.every((name) => existsSync(join(cacheFolder(), name)))) return undefined;
  return findGo() === undefined ? 'there is no Go to build the real kube-apiserver with' : undefined;
}

/**
 * The real programs, built from their Go module when they are not in the cache: some twenty minutes the first time on two cores, at low priority.
 * @param {{ onProgress?: (line: string) => void }} [options]
 */
export async function programs({ onProgress = () => undefined } = {}) {
  const folder = cacheFolder();
  if (!names.every((name) => existsSync(join(folder, name)))) {
    const go = findGo();
    if (go === undefined) throw new Error(obstacle());
    onProgress(`building ${names.join(' and ')} ${version}: this takes a while, once`);
    mkdirSync(join(folder, '..'), { recursive: true });
    const target = mkdtempSync(`${folder}-new-`);
    try {
      await build(go, target);
      rmSync(folder, { recursive: true, force: true });
      renameSync(target, folder);
    } finally {
      rmSync(target, { recursive: true, force: true });
    }
  }
  // This Debian's own is too old to tell how far it is, which lists that are watched need.
  const etcd = await newerPackageTree('etcd-server', 'sid');
  return {
    apiServer: join(folder, 'kube-apiserver'),
    controllerManager: join(folder, 'kube-controller-manager'),
    etcd: join(etcd, 'usr', 'bin', 'etcd'),
  };
}

async function build(go, target) {
  const at = 'k8s.io/component-base/version';
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(version) ?? [];
  const said = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const flags = ['-s', '-w', ...Object.entries(said).map(([name, value]) => `-X ${at}.${name}=${value}`)].join(' ');
  const packages = names.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  const words = ['build', '-p', '2', '-trimpath', '-ldflags', flags, '-o', `${target}/`, ...packages];
  await run('nice', ['-n', '10', go, ...words], {
    cwd: import.meta.dirname,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local' },
  });
}
