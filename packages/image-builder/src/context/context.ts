import { createHash } from 'node:crypto';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { createIgnoreMatcher, type IgnoreMatcher } from '../ignore/ignore-matcher.js';
import { readIgnoreFile } from '../ignore/read-ignore-file.js';
import { codeOf, messageOf } from '../thrown.js';
import { ContextError } from './context-error.js';
import type { ContextEntry } from './entry.js';
import { selectPaths } from './selection.js';
import { walkContext, type Selection } from './walk.js';

export interface ContextOptions {
  /** Folder of the context. */
  readonly folder: string;
  /** Path of the Dockerfile, relative to the folder or absolute, inside it or outside; `Dockerfile` by default. */
  readonly dockerfile?: string;
  /** The Dockerfile's text, in place of a file. */
  readonly dockerfileText?: string;
}

/** A build context, opened: what is in it is read when it is walked. */
export interface BuildContext {
  /** Absolute. */
  readonly folder: string;
  /** What the engine is told: the Dockerfile's path in the archive. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** The file of patterns that is in force, absolute; absent when there is none. */
  readonly ignoreFile?: string;
  /** What is sent, in the order in which it is sent; everything by default. @throws ContextError */
  entries(selects?: Selection): AsyncIterable<ContextEntry>;
}

/** A context that holds what some paths name, with all that is below them, its Dockerfile and its ignore file. */
export function narrowContext(context: BuildContext, named: readonly string[]): BuildContext {
  const selected = selectPaths(context.folder, [...named, context.dockerfile, '.dockerignore']);
  return {
    ...context,
    entries: (selects) => context.entries(selects === undefined ? selected : (path) => selected(path) && selects(path)),
  };
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ContextError('context-unreadable', path, messageOf(cause), {
      cause,
    });
  }
}

async function checkFolder(folder: string): Promise<void> {
  let found;
  try {
    found = await stat(folder);
  } catch (cause) {
    throw new ContextError('context-missing', folder, 'there is no such folder to build from', { cause });
  }
  if (!found.isDirectory())
    throw new ContextError('context-missing', folder, 'a build context is a folder; this is none');
}

/** The path inside a folder with slashes, or nothing when it is outside. */
function pathInside(folder: string, path: string): string | undefined {
  const inside = relative(folder, path);
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) ? undefined : inside.split(sep).join('/');
}

/** Text that comes with the context and is not a file of it, under a name that its content decides: the archive is the same each time. */
function addedFile(text: Uint8Array, path: string): ContextEntry {
  return { path, kind: 'file', mode: 0o600, size: text.length, mtime: 0, source: path, content: text };
}

/**
 * Opens a build context: finds its Dockerfile and its ignore file. `NAME.dockerignore` beside a Dockerfile called NAME goes before
 * `.dockerignore`. The Dockerfile and `.dockerignore` are sent even when a pattern leaves them out, as docker build does: the engine needs them.
 * @throws ContextError; IgnorePatternError for an ignore file with a pattern that cannot be read
 */
export async function openContext(options: ContextOptions): Promise<BuildContext> {
  const folder = resolve(options.folder);
  await checkFolder(folder);
  const stated = resolve(folder, options.dockerfile ?? 'Dockerfile');
  const bytes =
    options.dockerfileText === undefined ? await readIfThere(stated) : new TextEncoder().encode(options.dockerfileText);
  if (bytes === undefined) {
    throw new ContextError(
      'dockerfile-missing',
      stated,
      'there is no such Dockerfile; name it if it is called otherwise',
    );
  }
  const inside = options.dockerfileText === undefined ? await placeInside(folder, stated) : undefined;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 20);
  const dockerfile = inside ?? `.dockerfile.${digest}`;
  const ownIgnore = join(dirname(stated), `${basename(stated)}.dockerignore`);
  const own = options.dockerfileText === undefined ? await readIfThere(ownIgnore) : undefined;
  const general = join(folder, '.dockerignore');
  const ignoreBytes = own ?? (await readIfThere(general));
  const matcher = createIgnoreMatcher(ignoreBytes === undefined ? [] : readIgnoreFile(ignoreBytes));
  const needed = new Set([dockerfile, '.dockerignore']);
  return {
    folder,
    dockerfile,
    dockerfileText: new TextDecoder().decode(bytes),
    ...(ignoreBytes !== undefined && { ignoreFile: own === undefined ? general : ownIgnore }),
    async *entries(selects) {
      if (inside === undefined) yield addedFile(bytes, dockerfile);
      // An engine drops what the archive's own .dockerignore leaves out: one that is not in force must not be there under that name.
      yield* walkContext(
        folder,
        own === undefined ? keeping(matcher, needed) : withoutGeneral(keeping(matcher, new Set([dockerfile]))),
        selects,
      );
    },
  };
}

/** A Dockerfile that is a link to a place outside is outside. */
async function placeInside(folder: string, path: string): Promise<string | undefined> {
  const inside = pathInside(folder, path);
  if (inside === undefined || !(await lstat(path)).isSymbolicLink()) return inside;
  return pathInside(await realpath(folder), await realpath(path)) === undefined ? undefined : inside;
}

function keeping(matcher: IgnoreMatcher, needed: ReadonlySet<string>): IgnoreMatcher {
  const above = new Set(
    [...needed].flatMap((path) => path.split('/').map((_, index, all) => all.slice(0, index).join('/'))),
  );
  return {
    hasExceptions: true,
    ignores: (path) => !needed.has(path) && matcher.ignores(path),
    mayTakeBackBelow: (path) => above.has(path) || matcher.mayTakeBackBelow(path),
  };
}

function withoutGeneral(matcher: IgnoreMatcher): IgnoreMatcher {
  return { ...matcher, ignores: (path) => path === '.dockerignore' || matcher.ignores(path) };
}
