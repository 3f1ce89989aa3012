import { join } from 'node:path';
import { buildPrograms, checkedModule, findGo, notBuilt, programFolder } from '../src/go-programs.mjs';
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
 * Why kwokctl and what it runs cannot be had here; undefined when they can.
 * @returns {string | undefined}
 */
export function obstacle() {
  if (notBuilt(folder, packages).length > 0 && findGo() === undefined) return 'there is no Go to build kwokctl with';
  return kube.obstacle(kube.version, controlPlane);
}

/**
 * The files of kwokctl, kwok, etcd and Kubernetes' own programs by their names: all that a cluster of kwokctl's binary runtime is made of, built when it is not
 * in the cache.
 * @param {{ onProgress?: (line: string) => void }} [options]
 */
export async function programs({ onProgress } = {}) {
  await buildPrograms({ folder, packages, source: () => module.source, onProgress });
  return {
    ...(await kube.programs({ names: controlPlane, onProgress })),
    ...Object.fromEntries(names.map((name) => [name, join(folder, name)])),
  };
}
