import type { Addon } from '@kmd/kube-bootstrap';
import { dnsAddon } from '@kmd/kube-bootstrap';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { connectionOf } from '../connection.js';
import type { Environment } from '../environment.js';
import { ClusterError } from '../errors.js';
import { findKubernetes } from '../framework/kubernetes.js';
import { acquireLock } from '../state/lock.js';
import type { KubernetesTarget } from '../target.js';
import { notRunning } from '../state/not-running.js';
import { clusterPaths, kmdHome } from '../state/paths.js';
import { readRecord, writeRecord } from '../state/record.js';
import { isRunning } from '../state/running.js';
import { readTopology, writeTopology } from '../up/settle.js';
import { addonsOf } from './built-in.js';

/** Addons of kmd's own. */
export const builtIn = ['dns', 'ui'] as const;
export type BuiltIn = (typeof builtIn)[number];
export const isBuiltIn = (name: string): name is BuiltIn => builtIn.some((one) => one === name);

/** A Kubernetes with what a change of its addons needs. */
export interface Place {
  kube: KubeClient;
  /** Names of the addons that it should have. */
  expected: readonly string[];
  /** Milliseconds that an addon has to come up. */
  timeout: number;
  /** An addon of kmd's own, made for this place. Throws `InvalidSpec` where it cannot be. */
  make(name: BuiltIn): Addon;
  /** Keeps what was changed for the next start. */
  remember(name: string, enabled: boolean): void;
  close(): void;
}

/** Opens a target to look at it, or, with `change`, alone to change it. Throws `NotRunning`, `Busy`, `InvalidSpec`. */
export async function openPlace(target: KubernetesTarget, { change = false } = {}): Promise<Place> {
  return 'cluster' in target
    ? openCluster(target.cluster, target.environment ?? process.env, change)
    : openElsewhere(target);
}

async function openCluster(name: string, environment: Environment, change: boolean): Promise<Place> {
  const paths = clusterPaths(kmdHome(environment), name);
  const record = readRecord(paths);
  if (record === undefined || !(await isRunning(record))) throw notRunning(name, record);
  const unlock = change ? acquireLock(paths.lock, name) : () => undefined;
  try {
    const topology = readTopology(paths);
    const { addons } = topology;
    const kube = createKubeClient(connectionOf(paths, record));
    return {
      kube,
      expected: record.addons,
      timeout: addons.timeout,
      make(wanted) {
        const enabled = { ...addons, [wanted]: { ...addons[wanted], enabled: true } };
        const addon = addonsOf({ ...topology, addons: enabled }, record).find((one) => one.name === wanted);
        if (addon !== undefined) return addon;
        throw new ClusterError(
          'InvalidSpec',
          `cluster "${name}" was brought up without the server of the addon ${wanted}: run kmd down, then kmd up`,
        );
      },
      remember(changed, enabled) {
        if (isBuiltIn(changed))
          writeTopology(paths, { ...topology, addons: { ...addons, [changed]: { ...addons[changed], enabled } } });
        const others = record.addons.filter((one) => one !== changed);
        writeRecord(paths, { ...record, addons: enabled ? [...others, changed] : others });
      },
      close() {
        kube.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** As long as the addons of a cluster of kmd's have by default, in milliseconds. */
const TIMEOUT = 180_000;

async function openElsewhere(target: Exclude<KubernetesTarget, { cluster: string }>): Promise<Place> {
  const environment = target.environment ?? process.env;
  const kube = createKubeClient(await findKubernetes({ ...target, environment }));
  return {
    kube,
    expected: [],
    timeout: TIMEOUT,
    make(wanted) {
      if (wanted === 'ui')
        throw new ClusterError('InvalidSpec', "the addon ui shows a cluster of kmd's own: it is for kmd up alone");
      const {
        DNS_SERVER_IP: clusterIp,
        DNS_DOMAIN: domain = 'cluster.local',
        DNS_REPLICAS: replicas = '1',
      } = environment;
      if (!clusterIp)
        throw new ClusterError(
          'InvalidSpec',
          'the addon dns needs an address among those of services: set DNS_SERVER_IP, to what kubelets have as --cluster-dns',
        );
      if (!/^[1-9]\d{0,2}$/.test(replicas))
        throw new ClusterError(
          'InvalidSpec',
          `DNS_REPLICAS is ${JSON.stringify(replicas)}: give a whole number from 1 on`,
        );
      return dnsAddon({ clusterIp, domain, replicas: Number(replicas) });
    },
    remember: () => undefined,
    close: () => kube.close(),
  };
}
