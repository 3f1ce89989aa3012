import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs';
import { join, normalize } from 'node:path';

import type { Agent } from './agent.js';

/** At most so many bytes are read at once: 16 pages of 4 KiB (src/files/files.cpp). */
const longestRead = 16 * 4096;

/** What there is about one file of a sandbox. */
export interface FileInfo {
  readonly path: string;
  readonly stats: Stats;
}

/** The sandboxes of an agent, by their real paths and by `/frameworks/…`; nothing else can be seen (trace 40-operator-agent). */
export class Files {
  readonly #agent: Agent;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  /** The files of a folder by name, or undefined where there is none. */
  list(path: string): FileInfo[] | undefined {
    const real = this.#resolve(path);
    if (real === undefined || !isFolder(real)) return undefined;
    return readdirSync(real)
      .filter((name) => name !== 'containers' && !name.startsWith('.'))
      .sort()
      .map((name) => ({ path: join(path, name), stats: lstatSync(join(real, name)) }));
  }

  /** A part of a file and its whole size; undefined where there is none. A negative offset asks for the size alone. */
  read(path: string, offset: number, length = longestRead): { size: number; data: Buffer } | undefined {
    const real = this.#resolve(path);
    if (real === undefined || !isFile(real)) return undefined;
    const file = openSync(real, 'r');
    try {
      const { size } = fstatSync(file);
      const wanted = offset < 0 ? 0 : Math.max(Math.min(length, size - offset, longestRead), 0);
      const data = Buffer.alloc(wanted);
      const got = wanted === 0 ? 0 : readSync(file, data, 0, wanted, offset);
      return { size, data: data.subarray(0, got) };
    } finally {
      closeSync(file);
    }
  }

  download(path: string): Buffer | undefined {
    const real = this.#resolve(path);
    return real === undefined || !isFile(real) ? undefined : readFileSync(real);
  }

  #resolve(path: string): string | undefined {
    const root = join(this.#agent.workDir, 'slaves', this.#agent.id ?? '');
    const clean = normalize(path);
    const real = clean.startsWith('/frameworks/') ? join(root, clean) : clean;
    return real.startsWith(`${root}/frameworks/`) && /\/executors\/[^/]+\/runs\//.test(real) ? real : undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** LIST_FILES' form of a file. */
export function fileInfo({ path, stats }: FileInfo): object {
  return {
    path,
    nlink: stats.nlink,
    size: stats.size,
    mtime: { nanoseconds: Math.floor(stats.mtimeMs / 1000) * 1e9 },
    mode: stats.mode,
    uid: nameOf('/etc/passwd', stats.uid),
    gid: nameOf('/etc/group', stats.gid),
  };
}

/** `/files/browse`' form of the same. */
export function browseInfo({ path, stats }: FileInfo): object {
  return {
    gid: nameOf('/etc/group', stats.gid),
    mode: printMode(stats),
    mtime: Math.floor(stats.mtimeMs / 1000),
    nlink: stats.nlink,
    path,
    size: stats.size,
    uid: nameOf('/etc/passwd', stats.uid),
  };
}

/** `-rw-r--r--` */
function printMode(stats: Stats): string {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-'));
  return kind + bits.join('');
}

function nameOf(file: string, id: number): string {
  try {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const [name = '', , number] = line.split(':');
      if (number === String(id)) return name;
    }
  } catch {
    // A machine without the file has no names.
  }
  return String(id);
}
