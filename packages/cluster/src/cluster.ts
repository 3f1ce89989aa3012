import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { connectionOf } from './connection.js';
import type { Environment } from './environment.js';
import { contextEntry, keepMerge } from './kubernetes/context.js';
import type { DownResult } from './life/down.js';
import type { LoadedImage, LoadImagesOptions } from './life/load-images.js';
import type { ScaleOptions, ScaleResult } from './life/scale.js';
import type { StopResult } from './life/stop.js';
import { ClusterError } from './errors.js';
import { type LogLine, type LogOptions, readLogs } from './logs.js';
import { type ClusterOptions, resolveOptions } from './options.js';
import type { ProgressListener } from './progress.js';
import { acquireLock } from './state/lock.js';
import { notRunning } from './state/not-running.js';
import { type ClusterPaths, clusterPaths, kmdHome } from './state/paths.js';
import { type ClusterRecord, listRecords, readRecord, writeRecord } from './state/record.js';
import { isRunning } from './state/running.js';
import type { ClusterStatus } from './status.js';
import { TimeUp } from './up/time-up.js';

// What a method needs is loaded by it: `kmd list` and `kmd logs` shall not wait for the servers of an embedded cluster.

/** A cluster by name: what can be done with it, whether it runs or not. */
export interface ClusterHandle {
  readonly name: string;
  readonly paths: ClusterPaths;
  /** Throws `NotRunning` where there is no such cluster. */
  status(options?: { signal?: AbortSignal | undefined }): Promise<ClusterStatus>;
  /** Stops everything. Harmless where nothing runs. */
  down(options?: { onProgress?: ProgressListener | undefined }): Promise<DownResult>;
  /** Stops everything so that `start` goes on from there: objects, keys, ports and context stay. Throws `NotRunning`. */
  stop(options?: { onProgress?: ProgressListener | undefined }): Promise<StopResult>;
  /** Starts a stopped cluster, as it was. Pods that ran begin anew. Throws `NotRunning`, and what `createCluster` throws. */
  start(options?: Pick<ClusterOptions, 'timeout' | 'signal' | 'onProgress'>): Promise<Cluster>;
  /** Changes the number of agents of a running cluster. Throws `NotRunning`, `InvalidSpec`, `Busy`, `StartFailed`. */
  scale(options: ScaleOptions): Promise<ScaleResult>;
  /** Brings images into the Docker inside each agent. Throws `NotRunning`, `InvalidSpec`, `RuntimeUnavailable`, `StartFailed`. */
  loadImages(options: LoadImagesOptions): Promise<LoadedImage[]>;
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
  const paths = clusterPaths(kmdHome(environment), resolveOptions(options).name);
  const existing = readRecord(paths);
  if (existing?.phase === 'ready' && (await isRunning(existing))) return describe(existing, false, environment);
  return bringUpLocked(options, 'up');
}

/** What `up` and `start` have in common: the lock, the time, what an earlier one left. */
async function bringUpLocked(options: ClusterOptions, how: 'up' | 'start'): Promise<Cluster> {
  const environment = options.environment ?? process.env;
  const spec = resolveOptions(options);
  const paths = clusterPaths(kmdHome(environment), spec.name);
  const unlock = acquireLock(paths.lock, spec.name);
  const begun = new Date();
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(new TimeUp()), spec.timeout);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout.signal]) : timeout.signal;
  try {
    // Somebody else may have brought it up, or left half of it, before the lock was ours.
    const found = readRecord(paths);
    if (found && (await isRunning(found))) {
      if (found.phase === 'ready') return describe(found, false, environment);
      // Of containers that an `up` left behind the next one makes a cluster; a process has had its channel closed and is there on purpose.
      if (found.runtime === 'embedded') {
        throw new ClusterError(
          'Busy',
          `cluster "${spec.name}" was left half up (process ${found.process.pid}), as --retain asks: look at kmd logs, then run kmd down`,
        );
      }
    }
    if (!found && how === 'start') throw notRunning(spec.name);
    const resume = found !== undefined && (found.phase === 'stopped' || how === 'start');
    const note = !found
      ? undefined
      : found.phase === 'stopped' && how === 'up'
        ? `Cluster "${spec.name}" was stopped: starting it again, as it was`
        : found.phase !== 'stopped' && found.kubeconfig && spec.kubeconfig === undefined
          ? `Cluster "${spec.name}" had ended without kmd down: bringing it up again`
          : undefined;
    if (note !== undefined) options.onProgress?.({ type: 'note', level: 'info', message: note });
    const { bringUp } = await import('./up/up.js');
    const { record, started } = await bringUp({
      spec,
      paths,
      environment,
      stale: found,
      resume,
      begun,
      signal,
      onProgress: options.onProgress,
    });
    if (spec.background) await started.release();
    else started.unref();
    return describe(record, true, environment);
  } finally {
    clearTimeout(timer);
    unlock();
  }
}

function describe(record: ClusterRecord, created: boolean, environment: Environment): Cluster {
  const paths = clusterPaths(kmdHome(environment), record.name);
  return {
    ...openCluster(record.name, { environment }),
    record,
    created,
    kubeconfig: paths.kubeconfig,
    connect: () => createKubeClient(connectionOf(paths, record)),
  };
}

/** The cluster of that name. Nothing is read before a method is called; throws `InvalidSpec` for a name that cannot be one. */
export function openCluster(name: string, options: { environment?: Environment } = {}): ClusterHandle {
  const environment = options.environment ?? process.env;
  const paths = clusterPaths(kmdHome(environment), name);
  const record = (): ClusterRecord => {
    const found = readRecord(paths);
    if (!found) throw notRunning(name);
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
      const { takeDown } = await import('./life/down.js');
      return takeDown(paths, name, { environment, onProgress });
    },
    stop: async ({ onProgress } = {}) => {
      record();
      const { stopCluster } = await import('./life/stop.js');
      return stopCluster(paths, name, { onProgress });
    },
    start: async ({ timeout, signal, onProgress } = {}) => {
      const found = record();
      const given = { name, environment, timeout, signal, onProgress };
      return bringUpLocked(found.kubeconfig ? given : { ...given, kubeconfig: false }, 'start');
    },
    scale: async (scaleOptions) => {
      record();
      const { scaleCluster } = await import('./life/scale.js');
      return scaleCluster(paths, name, scaleOptions);
    },
    loadImages: async (loadOptions) => {
      const found = record();
      if (!(await isRunning(found))) throw notRunning(name, found);
      const { loadImages } = await import('./life/load-images.js');
      return loadImages(found, loadOptions);
    },
    logs: (logOptions) => readClusterLogs(paths, logOptions),
    mergeKubeconfig: async (path) => {
      const found = record();
      const entry = contextEntry(name, connectionOf(paths, found));
      const { mergeKubeconfig } = await import('@kmd/kube-bootstrap');
      const merged = await mergeKubeconfig({ env: environment, ...(path === undefined ? {} : { path }), entry });
      writeRecord(paths, { ...found, kubeconfig: keepMerge(found.kubeconfig, entry.context, merged) });
      return { path: merged.path, context: entry.context };
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
export async function listClusters(environment: Environment = process.env): Promise<ClusterSummary[]> {
  return Promise.all(
    listRecords(kmdHome(environment)).map(async (record) => ({
      name: record.name,
      state: !(await isRunning(record)) ? 'stopped' : record.phase === 'ready' ? 'running' : 'starting',
      runtime: record.runtime,
      agents: record.agents,
      apiServer: record.apiServer,
      mesosMaster: record.mesosMaster,
      created: record.created,
    })),
  );
}

/** Of containers while there are any; else of the files that are left. */
async function* readClusterLogs(paths: ClusterPaths, options: LogOptions | undefined): AsyncGenerator<LogLine> {
  const record = readRecord(paths);
  if (record?.runtime === 'docker') {
    const { readContainerLogs } = await import('./docker/logs.js');
    yield* readContainerLogs(record, options ?? {});
  } else yield* readLogs(paths, options);
}
