import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClusterError, messageOf, systemCode } from '../errors.js';
import { type ClusterPaths, clusterPaths } from './paths.js';
import { isAlive, type ProcessIdentity } from './process.js';

/** What is remembered of a cluster while it exists (`cluster.json`, mode 0600: it holds the control token). */
export interface ClusterRecord {
  version: 1;
  name: string;
  runtime: 'embedded' | 'docker';
  /** RFC 3339 time of the `up` that made it. */
  created: string;
  phase: 'starting' | 'ready';
  process: ProcessIdentity;
  control: { port: number; token: string };
  apiServer: string;
  insecureApiServer?: string;
  mesosMaster: string;
  agents: number;
  user: { name: string; password: string };
  addons: string[];
  /** Where the context was written, absent when it was not. `paths` are all the files of KUBECONFIG that have a part of it. */
  kubeconfig?: { path: string; paths: string[]; context: string; previousContext?: string };
}

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

export function isRunning(record: ClusterRecord): boolean {
  return isAlive(record.process);
}

function isRecord(value: unknown): value is ClusterRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    value.version === 1 &&
    'name' in value &&
    typeof value.name === 'string' &&
    'process' in value &&
    typeof value.process === 'object' &&
    value.process !== null &&
    'pid' in value.process &&
    typeof value.process.pid === 'number' &&
    'control' in value &&
    typeof value.control === 'object'
  );
}
