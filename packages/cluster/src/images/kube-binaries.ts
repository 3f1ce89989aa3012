import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ClusterError } from '../errors.js';
import { isExecutable } from '../executable.js';

/** Kubernetes' programs that an image of the servers may hold. */
const wanted = ['kube-apiserver', 'kube-controller-manager'] as const;

/** Where the build of a Kubernetes tree leaves its programs, as the build script of 2015 looked for them. */
const outputs = ['_output/dockerized/bin/linux', '_output/local/bin/linux', 'platforms/linux'] as const;

/**
 * Kubernetes' own programs in a folder: in it, or where a Kubernetes tree that was built there has them (of several, the newest).
 * Throws `ToolMissing` where there is none.
 */
export function findKubeBinaries(
  folder: string,
  architecture = process.arch === 'arm64' ? 'arm64' : 'amd64',
): string[] {
  const root = resolve(folder);
  const folders = [root, ...outputs.map((path) => join(root, path, architecture))];
  const found = wanted.flatMap((name) => {
    const [newest] = folders
      .map((candidate) => join(candidate, name))
      .filter(isExecutable)
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    return newest ?? [];
  });
  if (found.length > 0) return found;
  throw new ClusterError(
    'ToolMissing',
    `${root} holds neither ${wanted.join(' nor ')}, nor do ${outputs.join(', ')} below it: build Kubernetes there, or name the folder of its programs`,
  );
}
