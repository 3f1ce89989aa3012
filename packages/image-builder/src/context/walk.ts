import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { IgnoreMatcher } from '../ignore/ignore-matcher.js';
import { codeOf, messageOf } from '../thrown.js';
import { ContextError } from './context-error.js';
import type { ContextEntry } from './entry.js';
import { Turns } from './turns.js';

/** By bytes, so that the order is the same under every locale. */
function byName(a: string, b: string): number {
  // Names of plain letters, which are most, are in the same order as texts.
  if (plain.test(a) && plain.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const plain = /^[ -~]*$/;

function kindOf(stats: Stats): ContextEntry['kind'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'pipe';
  // Sockets and devices cannot be sent; docker build leaves sockets out without a word too.
  return undefined;
}

/** What is at a path of a folder; nothing for what cannot be sent. @throws ContextError */
export function readEntry(root: string, path: string): ContextEntry | undefined {
  const source = join(root, path);
  let stats: Stats;
  try {
    stats = lstatSync(source);
    const kind = kindOf(stats);
    if (kind === undefined) return undefined;
    return {
      path,
      kind,
      mode: stats.mode & 0o7777,
      size: kind === 'file' ? stats.size : 0,
      mtime: stats.mtimeMs,
      source,
      ...(kind === 'link' && { target: readlinkSync(source) }),
    };
  } catch (cause) {
    throw unreadable(source, cause);
  }
}

function unreadable(path: string, cause: unknown): ContextError {
  const code = codeOf(cause);
  if (code === 'ENOENT') {
    return new ContextError('context-changed', path, 'it was there a moment ago; did something change the folder?', {
      cause,
    });
  }
  const why = messageOf(cause);
  return new ContextError(
    'context-unreadable',
    path,
    `cannot be read (${why}); a line in .dockerignore leaves it out`,
    { cause },
  );
}

/** Which paths of a folder are of interest: what is below one that is not is not either. */
export type Selection = (path: string) => boolean;

/**
 * Walks a folder: each folder before what is in it, names in the order of their bytes. A folder that is ignored is entered only when an
 * exception may take something below it back; it is then handed out itself if anything below it is, as moby does.
 * @throws ContextError
 */
export async function* walkContext(
  root: string,
  ignore: IgnoreMatcher,
  selects: Selection = () => true,
): AsyncGenerator<ContextEntry> {
  const turns = new Turns();
  for (const entry of walkFolder(root, { ignore, selects }, '')) {
    if (turns.isOver()) await turns.next();
    yield entry;
  }
}

/** Node's calls that wait are several times cheaper than its others, for files as small and many as those of contexts. */
function* walkFolder(
  root: string,
  choice: { readonly ignore: IgnoreMatcher; readonly selects: Selection },
  at: string,
): Generator<ContextEntry> {
  const { ignore, selects } = choice;
  const folder = join(root, at);
  let names: string[];
  try {
    names = readdirSync(folder).sort(byName);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
  for (const name of names) {
    const path = at === '' ? name : `${at}/${name}`;
    if (!selects(path)) continue;
    const ignored = ignore.ignores(path);
    // What is ignored need not be readable, unless something below it may be wanted.
    if (ignored && !ignore.mayTakeBackBelow(path)) continue;
    const entry = readEntry(root, path);
    if (entry === undefined || (ignored && entry.kind !== 'folder')) continue;
    if (!ignored) yield entry;
    if (entry.kind !== 'folder') continue;
    let parentIsDue = ignored;
    for (const below of walkFolder(root, choice, path)) {
      if (parentIsDue) yield entry;
      parentIsDue = false;
      yield below;
    }
  }
}
