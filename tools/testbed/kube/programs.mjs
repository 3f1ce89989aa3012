import { join } from 'node:path';
import { run } from '../src/command.mjs';
import { buildPrograms, checkedModule, findGo, notBuilt, programFolder } from '../src/go-programs.mjs';
import { newerPackageTree } from '../src/packages.mjs';
import { derivedSource } from './source.mjs';

/** What a control plane without a scheduler needs. */
const usual = ['kube-apiserver', 'kube-controller-manager'];
const packagesOf = (names) => names.map((name) => `k8s.io/kubernetes/cmd/${name}`);

const module = checkedModule(import.meta.dirname, 'k8s.io/kubernetes');
/** The version that go.mod beside this file names: what is built unless another is asked for. */
export const { version } = module;

/** What another version is built from follows from its name. */
const folderOf = (wanted) => programFolder(`kube-${wanted}${wanted === version ? `-${module.digest}` : ''}`);

/** Whether a version's programs were built here before. */
export const isBuilt = (wanted = version) => notBuilt(folderOf(wanted), packagesOf(usual)).length === 0;

/**
 * Why the real programs cannot be had here; undefined when they can.
 * @returns {string | undefined}
 */
export function obstacle(wanted = version) {
  if (isBuilt(wanted)) return undefined;
  return findGo() === undefined ? 'there is no Go to build the real kube-apiserver with' : undefined;
}

/**
 * The files of the real programs by their names, and that of an etcd: built from their Go module when they are not in the cache, some twenty minutes the first
 * time on two cores, at low priority.
 * @param {{ version?: string, names?: readonly string[], onProgress?: (line: string) => void }} [options]
 * @returns {Promise<Record<string, string>>}
 */
export async function programs({ version: wanted = version, names = usual, onProgress } = {}) {
  const folder = folderOf(wanted);
  const packages = packagesOf(names);
  await buildPrograms({
    folder,
    packages,
    source: (go, scratch) =>
      wanted === version ? module.source : derivedSource({ go, version: wanted, folder: scratch, packages }),
    ldflags: versionFlags(wanted),
    onProgress,
  });
  // This Debian's own is too old to tell how far it is, which lists that are watched need.
  const etcd = await newerPackageTree('etcd-server', 'sid');
  return {
    ...Object.fromEntries(names.map((name) => [name, join(folder, name)])),
    etcd: join(etcd, 'usr', 'bin', 'etcd'),
  };
}

/** The folder of Kubernetes' own module, of the version that go.mod names: its manifests are in it. Go fetches it where it is not there. */
export async function sourceFolder() {
  const go = findGo();
  if (go === undefined) throw new Error(obstacle());
  const { cwd, env } = module.source;
  return JSON.parse(await run(go, ['mod', 'download', '-json', 'k8s.io/kubernetes'], { cwd, env })).Dir;
}

/** What the programs say their version is. */
function versionFlags(wanted) {
  // Old versions answer /version from the second.
  const places = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  const [, major, minor] = /v(\d+)\.(\d+)/.exec(wanted) ?? [];
  const said = { gitVersion: wanted, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return places
    .flatMap((place) => Object.entries(said).map(([name, value]) => `-X ${place}.${name}=${value}`))
    .join(' ');
}
