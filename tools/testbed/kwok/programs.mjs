import { join } from 'node:path';
import { buildPrograms, checkedModule, programFolder } from '../src/go-programs.mjs';
import * as kube from '../kube/programs.mjs';

const module = checkedModule(import.meta.dirname, 'sigs.k8s.io/kwok');
/** The version of kwok and kwokctl that go.mod beside this file names. */
export const { version } = module;

const names = ['kwokctl', 'kwok'];
const packages = names.map((name) => `sigs.k8s.io/kwok/cmd/${name}`);
const folder = programFolder(`kwok-${version}-${module.digest}`);
/** What kwokctl runs beside its own controller. */
const controlPlane = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/**
 * The files of kwokctl, kwok, etcd and Kubernetes' own programs by their names: all that a cluster of kwokctl's binary runtime is made of, built when it is not
 * in the cache. Rejects where it cannot be built.
 * @param {{ onProgress?: (line: string) => void }} [options]
 */
export async function programs({ onProgress } = {}) {
  await buildPrograms({ folder, packages, source: () => module.source, onProgress });
  return {
    ...(await kube.programs({ names: controlPlane, onProgress })),
    ...Object.fromEntries(names.map((name) => [name, join(folder, name)])),
  };
}
