import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from '../environment.js';
import { ClusterError } from '../errors.js';

/** Where one cluster keeps its files. Everything below `directory` belongs to kmd. */
export interface ClusterPaths {
  /** `$KMD_HOME`, or `$MESOS_DOCKER_WORK_DIR` as in 2015, by default `~/.kmd`. */
  home: string;
  directory: string;
  /** State of the running cluster: present from the first step of `up` until `down`. */
  state: string;
  /** What `up` made of topology file, options and environment: `start` and `scale` go on from it. */
  topology: string;
  /** The Kubernetes objects of an embedded cluster, so that they outlive a stop. */
  journal: string;
  /** Held while `up` or `down` changes the cluster. */
  lock: string;
  /** Keys, certificates, token and basic-auth files (mode 0700). */
  auth: string;
  /** One log file a service. */
  log: string;
  /** The logs of the cluster's life before this one. */
  previousLog: string;
  /** A kubeconfig of this cluster alone, for `kmd kubectl`. */
  kubeconfig: string;
  /** Work folder of the embedded Mesos agents: sandboxes. */
  mesos: string;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** `$KMD_HOME`, else `$MESOS_DOCKER_WORK_DIR`, as the provider of 2015 called it, else `~/.kmd`. */
export function kmdHome(environment: Environment): string {
  const { KMD_HOME: own, MESOS_DOCKER_WORK_DIR: former, HOME: home } = environment;
  return resolve(own || former || join(home || homedir(), '.kmd'));
}

/** Throws `InvalidSpec` for a name that could not be a folder, a context and a host label at once. */
export function clusterPaths(home: string, name: string): ClusterPaths {
  if (!NAME.test(name)) {
    throw new ClusterError(
      'InvalidSpec',
      `invalid cluster name ${JSON.stringify(name)}: use at most 40 lower-case letters, digits and dashes, with a letter or digit at both ends`,
    );
  }
  const directory = join(home, 'clusters', name);
  return {
    home,
    directory,
    state: join(directory, 'cluster.json'),
    topology: join(directory, 'topology.json'),
    journal: join(directory, 'state'),
    lock: join(directory, 'lock'),
    auth: join(directory, 'auth'),
    log: join(directory, 'log'),
    previousLog: join(directory, 'log.previous'),
    kubeconfig: join(directory, 'kubeconfig'),
    mesos: join(directory, 'mesos'),
  };
}
