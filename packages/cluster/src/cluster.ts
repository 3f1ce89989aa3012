import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { connectionOf } from './connection.js';
import type { DownResult } from './down.js';
import { ClusterError } from './errors.js';
import { type LogLine, type LogOptions, readLogs } from './logs.js';
import { type ClusterOptions, resolveOptions } from './options.js';
import type { ProgressListener } from './progress.js';
import { acquireLock } from './state/lock.js';
import { type ClusterPaths, clusterPaths, kmdHome } from './state/paths.js';
import { type ClusterRecord, isRunning, listRecords, readRecord, writeRecord } from './state/record.js';
import type { ClusterStatus } from './status.js';
import { TimeUp } from './up/time-up.js';

type Environment = Readonly<Record<string, string | undefined>>;

// What a method needs is loaded by it: `kmd list` and `kmd logs` shall not wait for the servers of an embedded cluster.

/** A cluster by name: what can be done with it, whether it runs or not. */
export interface ClusterHandle {
  readonly name: string;
  readonly paths: ClusterPaths;
  /** Throws `NotRunning` where there is no such cluster. */
  status(options?: { signal?: AbortSignal | undefined }): Promise<ClusterStatus>;
  /** Stops everything. Harmless where nothing runs. */
  down(options?: { onProgress?: ProgressListener | undefined }): Promise<DownResult>;
  logs(options?: LogOptions): AsyncGenerator<LogLine>;
  /** Writes the context into a kubeconfig (again) and makes it current. Throws `NotRunning`. */
  mergeKubeconfig(path?: string): Promise<{ path: string; context: string }>;
}

/** A running cluster. */
export interface Cluster extends ClusterHandle {
  /** Addresses, user and process of the cluster. */
  readonly record: Readonly<ClusterRecord>;
  /** Whether this call brought it up; `false`: it was running before, and nothing was changed. */
  readonly created: boolean;
  /** Path of a kubeconfig of this cluster alone, for kubectl and every other client. */
  readonly kubeconfig: string;
  /** The Kubernetes API as the cluster's administrator. Close it when done. */
  connect(): KubeClient;
}

/**
 * Brings a cluster up and resolves when it is ready: services healthy, agents registered, addons running.
 *
 * @throws {ClusterError} with a `code` that says why; nothing is left running then, unless `retain` is set.
 */
export async function createCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const environment = options.environment ?? process.env;
  const spec = resolveOptions(options);
  const paths = clusterPaths(kmdHome(environment), spec.name);
  const existing = readRecord(paths);
  if (existing?.phase === 'ready' && isRunning(existing)) return describe(existing, false);

  const unlock = acquireLock(paths.lock, spec.name);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new TimeUp()), spec.timeout);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout.signal]) : timeout.signal;
  try {
    // Somebody else may have brought it up, or left half of it, before the lock was ours.
    const found = readRecord(paths);
    if (found && isRunning(found)) {
      if (found.phase === 'ready') return describe(found, false);
      throw new ClusterError(
        'Busy',
        `cluster "${spec.name}" was left half up (process ${found.process.pid}), as --retain asks: look at kmd logs, then run kmd down`,
      );
    }
    if (found?.kubeconfig && spec.kubeconfig === undefined) {
      options.onProgress?.({
        type: 'note',
        level: 'info',
        message: `Cluster "${spec.name}" had ended without kmd down: bringing it up again`,
      });
    }
    const { bringUp } = await import('./up/up.js');
    const { record, daemon } = await bringUp({
      spec,
      paths,
      environment,
      stale: found,
      signal,
      onProgress: options.onProgress,
    });
    if (spec.background) await daemon.release();
    else daemon.unref();
    return describe(record, true);
  } finally {
    clearTimeout(timer);
    unlock();
  }

  function describe(record: ClusterRecord, created: boolean): Cluster {
    return {
      ...openCluster(record.name, { environment }),
      record,
      created,
      kubeconfig: paths.kubeconfig,
      connect: () => createKubeClient(connectionOf(paths, record)),
    };
  }
}

/** The cluster of that name. Nothing is read before a method is called; throws `InvalidSpec` for a name that cannot be one. */
export function openCluster(name: string, options: { environment?: Environment } = {}): ClusterHandle {
  const environment = options.environment ?? process.env;
  const paths = clusterPaths(kmdHome(environment), name);
  const record = (): ClusterRecord => {
    const found = readRecord(paths);
    if (!found) {
      throw new ClusterError(
        'NotRunning',
        `there is no cluster "${name}": bring it up with kmd up${name === 'local' ? '' : ` --name ${name}`}, or see kmd list`,
      );
    }
    return found;
  };
  return {
    name,
    paths,
    status: async ({ signal } = {}) => {
      const found = record();
      const { readStatus } = await import('./status.js');
      return readStatus(paths, found, signal);
    },
    down: async ({ onProgress } = {}) => {
      if (!readRecord(paths)) return { result: 'none' };
      const { takeDown } = await import('./down.js');
      return takeDown(paths, name, { environment, onProgress });
    },
    logs: (logOptions) => readLogs(paths, logOptions),
    mergeKubeconfig: async (path) => {
      const found = record();
      const connection = connectionOf(paths, found);
      const context = `kmd-${name}`;
      const { mergeKubeconfig } = await import('@kmd/kube-bootstrap');
      const merged = await mergeKubeconfig({
        env: environment,
        ...(path === undefined ? {} : { path }),
        entry: {
          context,
          cluster: { server: connection.server, caData: connection.ca },
          user: { token: connection.token },
        },
      });
      const previousContext = found.kubeconfig?.previousContext ?? merged.previousContext;
      writeRecord(paths, {
        ...found,
        kubeconfig: {
          path: merged.path,
          paths: merged.paths,
          context,
          ...(previousContext === undefined ? {} : { previousContext }),
        },
      });
      return { path: merged.path, context };
    },
  };
}

export interface ClusterSummary {
  name: string;
  state: 'running' | 'starting' | 'stopped';
  runtime: 'embedded' | 'docker';
  agents: number;
  apiServer: string;
  mesosMaster: string;
  created: string;
}

/** All clusters of this user, by name. */
export function listClusters(environment: Environment = process.env): ClusterSummary[] {
  return listRecords(kmdHome(environment)).map((record) => ({
    name: record.name,
    state: !isRunning(record) ? 'stopped' : record.phase === 'ready' ? 'running' : 'starting',
    runtime: record.runtime,
    agents: record.agents,
    apiServer: record.apiServer,
    mesosMaster: record.mesosMaster,
    created: record.created,
  }));
}
