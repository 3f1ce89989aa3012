import { lstat, readdir, readlink } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import type { IgnoreMatcher } from '../ignore/ignore-matcher.js';
import { ContextError } from './context-error.js';
import type { ContextEntry } from './entry.js';

/** By bytes, so that the order is the same under every locale. */
function byName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function kindOf(stats: Stats): ContextEntry['kind'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'pipe';
  // Sockets and devices cannot be sent; docker build leaves sockets out without a word too.
  return undefined;
}

async function toEntry(root: string, path: string): Promise<ContextEntry | undefined> {
  const source = join(root, path);
  let stats: Stats;
  try {
    stats = await lstat(source);
    const kind = kindOf(stats);
    if (kind === undefined) return undefined;
    return {
      path,
      kind,
      mode: stats.mode & 0o7777,
      size: kind === 'file' ? stats.size : 0,
      mtime: stats.mtimeMs,
      source,
      ...(kind === 'link' && { target: await readlink(source) }),
    };
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

function unreadable(path: string, cause: unknown): ContextError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') {
    return new ContextError('context-changed', path, 'it was there a moment ago; did something change the folder?', {
      cause,
    });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ContextError(
    'context-unreadable',
    path,
    `cannot be read (${why}); a line in .dockerignore leaves it out`,
    { cause },
  );
}

/** How many files are looked at ahead of the one that is handed out. */
const ahead = 32;

/**
 * Walks a folder: each folder before what is in it, names in the order of their bytes. A folder that is ignored is entered only when an
 * exception may take something below it back; it is then handed out itself if anything below it is, as moby does.
 * @throws ContextError
 */
export async function* walkContext(root: string, ignore: IgnoreMatcher, at = ''): AsyncGenerator<ContextEntry> {
  let names: string[];
  const folder = join(root, at);
  try {
    names = (await readdir(folder)).sort(byName);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  const look = (name: string): Promise<Looked> => lookAt(root, at === '' ? name : `${at}/${name}`, ignore);
  const looked: Promise<Looked>[] = [];
  for (let index = 0; index < names.length; index += 1) {
    while (looked.length < Math.min(names.length, index + ahead)) {
      const next = look(names[looked.length] ?? '');
      next.catch(() => undefined); // it is awaited below, in its turn
      looked.push(next);
    }
    const found = await looked[index];
    if (found?.entry === undefined) continue;
    const { entry, ignored } = found;
    if (!ignored) yield entry;
    if (entry.kind !== 'folder' || (ignored && !ignore.mayTakeBackBelow(entry.path))) continue;
    let parentIsDue = ignored;
    for await (const below of walkContext(root, ignore, entry.path)) {
      if (parentIsDue) yield entry;
      parentIsDue = false;
      yield below;
    }
  }
}

interface Looked {
  readonly entry?: ContextEntry | undefined;
  readonly ignored: boolean;
}

async function lookAt(root: string, path: string, ignore: IgnoreMatcher): Promise<Looked> {
  const ignored = ignore.ignores(path);
  // What is ignored need not be readable, unless something below it may be wanted.
  if (ignored && !ignore.mayTakeBackBelow(path)) return { ignored };
  const entry = await toEntry(root, path);
  return { entry: ignored && entry?.kind !== 'folder' ? undefined : entry, ignored };
}
