import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from '../src/command.mjs';
import { newerPackageTree } from '../src/packages.mjs';
import { checkedSource, derivedSource } from './source.mjs';

const names = ['kube-apiserver', 'kube-controller-manager'];
const modFile = readFileSync(new URL('go.mod', import.meta.url), 'utf8');
/** The version that go.mod beside this file names: what is built unless another is asked for. */
export const version = /k8s\.io\/kubernetes (v[\d.]+)/.exec(modFile)?.[1] ?? '';

/** Where built programs are kept: outside the repository, so that a new clone finds them. KMD_TESTBED_CACHE sets another folder. */
function cacheFolder(wanted) {
  const folder =
    process.env.KMD_TESTBED_CACHE ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'kmd-testbed');
  // What another version is built from follows from its name.
  const hash = wanted === version ? `-${createHash('sha256').update(modFile).digest('hex').slice(0, 8)}` : '';
  return join(folder, `kube-${wanted}${hash}`);
}

function findGo() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/go/bin', '/usr/lib/go/bin'];
  return folders.map((folder) => join(folder, 'go')).find((file) => existsSync(file));
}

/** Whether a version's programs were built here before. */
export const isBuilt = (wanted = version) => names.every((name) => existsSync(join(cacheFolder(wanted), name)));

/**
 * Why the real programs cannot be had here; undefined when they can.
 * @returns {string | undefined}
 */
export function obstacle(wanted = version) {
  if (isBuilt(wanted)) return undefined;
  return findGo() === undefined ? 'there is no Go to build the real kube-apiserver with' : undefined;
}

/**
 * The real programs, built from their Go module when they are not in the cache: some twenty minutes the first time on two cores, at low priority.
 * @param {{ version?: string, onProgress?: (line: string) => void }} [options]
 */
export async function programs({ version: wanted = version, onProgress = () => undefined } = {}) {
  const folder = cacheFolder(wanted);
  if (!isBuilt(wanted)) {
    const go = findGo();
    if (go === undefined) throw new Error(obstacle());
    onProgress(`building ${names.join(' and ')} ${wanted}: this takes a while, once`);
    mkdirSync(join(folder, '..'), { recursive: true });
    const target = mkdtempSync(`${folder}-new-`);
    try {
      await build(go, wanted, target);
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

/** The folder of Kubernetes' own module, of the version that go.mod names: its manifests are in it. Go fetches it where it is not there. */
export async function sourceFolder() {
  const go = findGo();
  if (go === undefined) throw new Error(obstacle());
  const { cwd, env } = checkedSource();
  return JSON.parse(await run(go, ['mod', 'download', '-json', 'k8s.io/kubernetes'], { cwd, env })).Dir;
}

async function build(go, wanted, target) {
  const packages = names.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'kmd-kube-source-'));
  try {
    const source =
      wanted === version ? checkedSource() : await derivedSource({ go, version: wanted, folder, packages });
    // Old versions answer /version from the second.
    const places = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
    const [, major, minor] = /v(\d+)\.(\d+)/.exec(wanted) ?? [];
    const said = { gitVersion: wanted, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
    const versions = places.flatMap((place) =>
      Object.entries(said).map(([name, value]) => `-X ${place}.${name}=${value}`),
    );
    const flags = ['-s', '-w', ...versions].join(' ');
    const words = [
      'build',
      '-p',
      '2',
      '-trimpath',
      ...source.flags,
      '-ldflags',
      flags,
      '-o',
      `${target}/`,
      ...packages,
    ];
    await run('nice', ['-n', '10', go, ...words], source);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
