import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import type { RecordedContext } from '../kubernetes/context.js';
import { type ClusterPaths, clusterPaths } from './paths.js';
import type { ProcessIdentity } from './process.js';

interface RecordBase {
  version: 1;
  name: string;
  /** RFC 3339 time of the `up` that made it. */
  created: string;
  /** `stopped`: by `kmd stop`, to be started again. */
  phase: 'starting' | 'ready' | 'stopped';
  apiServer: string;
  insecureApiServer?: string;
  mesosMaster: string;
  agents: number;
  user: { name: string; password: string };
  addons: string[];
  /** The web UI. `proxy`: the API server knows no passwords, so that a browser needs `kubectl proxy`, through which this is the address. */
  ui?: { address: string; proxy?: true };
  /** Where the context was written, absent when it was not. */
  kubeconfig?: RecordedContext;
}

/** A cluster in one background process. */
export interface EmbeddedRecord extends RecordBase {
  runtime: 'embedded';
  process: ProcessIdentity;
  control: { port: number; token: string };
}

/** A cluster of containers. */
export interface DockerRecord extends RecordBase {
  runtime: 'docker';
  /** The engine, as `DOCKER_HOST` says it. */
  engine: string;
  /** Name of the Compose project on it. */
  project: string;
}

/** What is remembered of a cluster while it exists (`cluster.json`, mode 0600: it holds the control token). */
export type ClusterRecord = EmbeddedRecord | DockerRecord;

/** The record, or undefined where no cluster of that name exists. A file that cannot be understood counts as none. */
export function readRecord(paths: ClusterPaths): ClusterRecord | undefined {
  let text: string;
  try {
    text = readFileSync(paths.state, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw new ClusterError('StateUnwritable', `cannot read ${paths.state}: ${messageOf(error)}`, { cause: error });
  }
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function writeRecord(paths: ClusterPaths, record: ClusterRecord): void {
  writePrivateFile(paths.state, `${JSON.stringify(record, null, 2)}\n`);
}

/** Replaces a file in one step, readable by its owner alone. Throws `StateUnwritable`. */
export function writePrivateFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new ClusterError('StateUnwritable', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Names of all clusters that have a record, in alphabetical order. */
export function listRecords(home: string): ClusterRecord[] {
  let names: string[];
  try {
    names = readdirSync(join(home, 'clusters'));
  } catch {
    return [];
  }
  return names.sort().flatMap((name) => {
    try {
      return readRecord(clusterPaths(home, name)) ?? [];
    } catch {
      return [];
    }
  });
}

function isRecord(value: unknown): value is ClusterRecord {
  if (!isObject(value) || value['version'] !== 1 || typeof value['name'] !== 'string') return false;
  if (value['runtime'] === 'docker') return typeof value['engine'] === 'string' && typeof value['project'] === 'string';
  const { process: identity, control } = value;
  return isObject(identity) && typeof identity['pid'] === 'number' && isObject(control);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
