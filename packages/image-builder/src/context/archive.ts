import { Readable } from 'node:stream';
import { createIgnoreMatcher } from '../ignore/ignore-matcher.js';
import { tarEnd, tarHeader, tarPadding } from '../tar/header.js';
import { loadEntries, readLarge } from './content.js';
import type { BuildContext } from './context.js';
import type { ContextEntry } from './entry.js';
import { readEntry, walkContext } from './walk.js';

export interface ArchiveOptions {
  /**
   * Times of the files: `kept` as they are on the disk, in whole seconds, or `fixed` at 1970, for an archive whose bytes depend on nothing but
   * what is in the context. Owners are always root, as docker build sends them.
   */
  readonly times?: 'kept' | 'fixed';
  /** Called after each thing that was added. */
  readonly onEntry?: (entry: ContextEntry) => void;
}

async function* archiveBytes(
  context: Pick<BuildContext, 'entries'>,
  { times = 'kept', onEntry }: ArchiveOptions,
): AsyncGenerator<Uint8Array> {
  for await (const { entry, bytes } of loadEntries(context.entries())) {
    const { kind, mode, size, target } = entry;
    yield tarHeader({
      name: kind === 'folder' ? `${entry.path}/` : entry.path,
      kind,
      mode,
      size,
      mtime: times === 'fixed' ? 0 : Math.floor(entry.mtime / 1000),
      ...(target !== undefined && { target }),
    });
    if (kind === 'file') {
      if (bytes !== undefined) yield bytes;
      else yield* readLarge(entry);
      yield tarPadding(size);
    }
    onEntry?.(entry);
  }
  yield tarEnd;
}

/** A header is 512 bytes: a write to the engine for each would be the cost of many small files. */
const gathered = 256 * 1024;

async function* gather(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    waiting.push(chunk);
    length += chunk.length;
    if (length < gathered) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

/**
 * The archive of a context, made as it is read: a few megabytes are held at most, however large the context is. Destroying the stream closes
 * what it reads. It fails with a ContextError when something cannot be read, or changes meanwhile.
 */
export function archiveContext(context: Pick<BuildContext, 'entries'>, options: ArchiveOptions = {}): Readable {
  return Readable.from(gather(archiveBytes(context, options)), { objectMode: false });
}

/**
 * The archive of a file, a link, or a folder with all that is in it, under another name; of what is in a folder alone when that is empty.
 * It is made as it is read, and fails with a ContextError as that of a context does.
 */
export function archiveFiles(source: string, name: string): Readable {
  async function* entries(): AsyncGenerator<ContextEntry> {
    const root = readEntry(source, '');
    if (root === undefined) return;
    if (name !== '') yield { ...root, path: name };
    if (root.kind !== 'folder') return;
    for await (const entry of walkContext(source, createIgnoreMatcher([]))) {
      yield name === '' ? entry : { ...entry, path: `${name}/${entry.path}` };
    }
  }
  return archiveContext({ entries });
}
