import { type FSWatcher, watch } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ClusterError } from './errors.js';
import type { ClusterPaths } from './state/paths.js';

export interface LogLine {
  /** The service, `executor/AGENT` for a Kubernetes executor, or `kmd` for the background process. */
  service: string;
  line: string;
}

export interface LogOptions {
  /** Which logs; all when empty. A name without replica number (`mesosslave`) means all its replicas. */
  services?: readonly string[] | undefined;
  /** Last lines of each log to begin with; all by default. */
  tail?: number | undefined;
  /** Go on with new lines until the signal is aborted. */
  follow?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** Lines of the cluster's logs in the order of their times, then as they come. Throws `InvalidSpec` for a service that has no log. */
export async function* readLogs(paths: ClusterPaths, options: LogOptions = {}): AsyncGenerator<LogLine> {
  const wanted = options.services ?? [];
  const sources = await selectSources(paths, wanted);
  const readers = sources.map(({ service, path }) => new FileTail(service, path));
  try {
    yield* inOrder((await Promise.all(readers.map((reader) => reader.begin(options.tail)))).flat());
    if (!options.follow) return;
    while (!options.signal?.aborted) {
      const lines = (await Promise.all(readers.map((reader) => reader.read()))).flat();
      yield* lines;
      if (lines.length === 0)
        await anyChange(
          sources.map(({ path }) => path),
          options.signal,
        );
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

const TIME = /^(?:\{"time":")?(\d{4}-\d\d-\d\dT[\d:.]+Z)/;

/** Sorts by time; a line without one stays behind the line that it followed. */
function inOrder(lines: readonly LogLine[]): LogLine[] {
  const last = new Map<string, string>();
  return lines
    .map((line) => {
      const time = TIME.exec(line.line)?.[1] ?? last.get(line.service) ?? '';
      last.set(line.service, time);
      return { time, line };
    })
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    .map(({ line }) => line);
}

interface LogSource {
  service: string;
  path: string;
}

async function selectSources(paths: ClusterPaths, wanted: readonly string[]): Promise<LogSource[]> {
  const all = await findSources(paths);
  const chosen = chooseLogs([...new Set(all.map(({ service }) => service))], wanted);
  return all.filter(({ service }) => chosen.includes(service));
}

/** A service without its number means all its replicas, `executor` the executors of all agents. */
const isLogOf = (log: string, name: string): boolean =>
  log === name || log.startsWith(`${name}/`) || log.replace(/-\d+$/, '') === name;

/** The logs that some names mean; all without any. Throws `InvalidSpec` for a name that means none. */
export function chooseLogs(logs: readonly string[], names: readonly string[]): readonly string[] {
  const lost = names.find((name) => !logs.some((log) => isLogOf(log, name)));
  if (lost !== undefined)
    throw new ClusterError('InvalidSpec', `there is no log of "${lost}": there are ${logs.join(', ') || 'none yet'}`);
  return names.length === 0 ? logs : logs.filter((log) => names.some((name) => isLogOf(log, name)));
}

async function findSources(paths: ClusterPaths): Promise<LogSource[]> {
  const services = (await list(paths.log))
    .filter((file) => file.endsWith('.log'))
    .map((file) => ({ service: basename(file, '.log'), path: join(paths.log, file) }));
  const executors = (await list(paths.mesos)).map(async (agent) => {
    const found: LogSource[] = [];
    for (const slave of await list(join(paths.mesos, agent, 'slaves'))) {
      const frameworks = join(paths.mesos, agent, 'slaves', slave, 'frameworks');
      for (const framework of await list(frameworks)) {
        const folder = join(frameworks, framework, 'executors');
        for (const executor of await list(folder)) {
          const sandbox = join(folder, executor, 'runs', 'latest');
          for (const stream of ['stdout', 'stderr']) {
            if ((await list(sandbox)).includes(stream)) {
              found.push({ service: `executor/${agent}`, path: join(sandbox, stream) });
            }
          }
        }
      }
    }
    return found;
  });
  return [...services, ...(await Promise.all(executors)).flat()].sort((a, b) => a.service.localeCompare(b.service));
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/** Reads a file that another process appends to: whole lines only, from where the last read ended. */
class FileTail {
  readonly #service: string;
  readonly #path: string;
  #file: Awaited<ReturnType<typeof open>> | undefined;
  #position = 0;
  #rest = Buffer.alloc(0);

  constructor(service: string, path: string) {
    this.#service = service;
    this.#path = path;
  }

  async begin(tail: number | undefined): Promise<LogLine[]> {
    this.#file = await open(this.#path, 'r');
    const lines = await this.read();
    return tail === undefined ? lines : lines.slice(Math.max(0, lines.length - tail));
  }

  async read(): Promise<LogLine[]> {
    if (!this.#file) return [];
    const { size } = await this.#file.stat();
    if (size < this.#position) this.#position = 0;
    if (size === this.#position) return [];
    const { buffer, bytesRead } = await this.#file.read(
      Buffer.alloc(size - this.#position),
      0,
      size - this.#position,
      this.#position,
    );
    this.#position += bytesRead;
    const bytes = Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)]);
    const end = bytes.lastIndexOf(10) + 1;
    this.#rest = bytes.subarray(end);
    if (end === 0) return [];
    return bytes
      .toString('utf8', 0, end - 1)
      .split('\n')
      .map((line) => ({ service: this.#service, line }));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}

/** Resolves when one of the files changes, the signal is aborted, or a second has passed (some file systems tell nothing). */
function anyChange(paths: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const watchers: FSWatcher[] = [];
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      for (const watcher of watchers) watcher.close();
      resolve();
    };
    const timer = setTimeout(done, 1000);
    signal?.addEventListener('abort', done, { once: true });
    for (const path of paths) {
      try {
        watchers.push(watch(path, done).on('error', done));
      } catch {
        // The timer looks again.
      }
    }
    if (signal?.aborted) done();
  });
}
