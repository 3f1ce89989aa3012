import type { Environment } from '../environment.js';
import type { ClusterSpec } from '../options.js';
import type { ProgressListener } from '../progress.js';
import type { ClusterPaths } from '../state/paths.js';
import type { ClusterRecord } from '../state/record.js';

/** What every step of an `up` knows. */
export interface UpContext {
  spec: ClusterSpec;
  paths: ClusterPaths;
  environment: Environment;
  /** What an earlier cluster of this name left behind when it ended without `down`. */
  stale: ClusterRecord | undefined;
  /** The cluster was stopped by `stop`, and goes on from there. */
  resume: boolean;
  /** When this `up` or `start` was asked for. */
  begun: Date;
  /** Aborted by the caller or by the timeout. */
  signal: AbortSignal;
  onProgress: ProgressListener | undefined;
}
