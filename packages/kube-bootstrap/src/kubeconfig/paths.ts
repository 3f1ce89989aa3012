import { delimiter, join } from 'node:path';
import { KubeconfigError } from './errors.js';

export interface KubeconfigLocation {
  /** The variables that choose the file. */
  env: { KUBECONFIG?: string | undefined; HOME?: string | undefined };
  /** This file and no other, as `kubectl --kubeconfig`; or these. */
  path?: string | readonly string[] | undefined;
}

/**
 * The files that make up the configuration, the first to say something counting, by client-go's rules (PathOptions): the path given
 * explicitly; else every entry of KUBECONFIG, once; else `~/.kube/config`. Throws `KubeconfigError` when there is no home either.
 */
export function kubeconfigPaths({ env, path }: KubeconfigLocation): string[] {
  const explicit = (typeof path === 'string' ? [path] : (path ?? [])).filter((entry) => entry !== '');
  if (explicit.length > 0) return explicit;
  const listed = [...new Set((env.KUBECONFIG ?? '').split(delimiter).filter((entry) => entry !== ''))];
  if (listed.length > 0) return listed;
  if (!env.HOME)
    throw new KubeconfigError(
      'KUBECONFIG_NOWHERE',
      'neither KUBECONFIG nor HOME is set: say which kubeconfig file to use',
    );
  return [join(env.HOME, '.kube', 'config')];
}

/** Where new entries go: the first file that exists, else the last of the list. `exists` answers for each of `paths`. */
export function defaultKubeconfig(paths: readonly string[], exists: (path: string) => boolean): string {
  return paths.find(exists) ?? paths.at(-1) ?? '';
}
