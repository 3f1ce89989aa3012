import { createReadStream, readFileSync } from 'node:fs';
import { codeOf, messageOf } from '../thrown.js';
import { ContextError } from './context-error.js';
import type { ContextEntry } from './entry.js';
import { Turns } from './turns.js';

/** Files up to this many bytes are read whole; larger ones are streamed. */
const wholeUpTo = 256 * 1024;

/** A thing of the context with what is in it, where it is small enough to be held. */
export interface Loaded {
  readonly entry: ContextEntry;
  /** Absent for a large file, and for all that is no file. */
  readonly bytes?: Uint8Array;
}

function changed(entry: ContextEntry, cause?: unknown): ContextError {
  return new ContextError('context-changed', entry.source, 'it changed while it was read; run the build again', {
    cause,
  });
}

/** Reads a small file. @throws ContextError */
export function loadEntry(entry: ContextEntry): Loaded {
  if (entry.kind !== 'file') return { entry };
  if (entry.content !== undefined) return { entry, bytes: entry.content };
  if (entry.size > wholeUpTo) return { entry };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(entry.source);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') throw changed(entry, cause);
    const why = messageOf(cause);
    throw new ContextError(
      'context-unreadable',
      entry.source,
      `cannot be read (${why}); a line in .dockerignore leaves it out`,
      { cause },
    );
  }
  if (bytes.length !== entry.size) throw changed(entry);
  return { entry, bytes };
}

/** Reads small files, in order. */
export async function* loadEntries(entries: AsyncIterable<ContextEntry>): AsyncGenerator<Loaded> {
  const turns = new Turns();
  for await (const entry of entries) {
    if (turns.isOver()) await turns.next();
    yield loadEntry(entry);
  }
}

/** The content of a large file, piece by piece; exactly as many bytes as its entry says. */
export async function* readLarge(entry: ContextEntry): AsyncGenerator<Uint8Array> {
  let read = 0;
  const stream = createReadStream(entry.source, { highWaterMark: 1 << 20 });
  try {
    for await (const chunk of stream) {
      const bytes: Uint8Array = chunk;
      read += bytes.length;
      if (read > entry.size) throw changed(entry);
      yield bytes;
    }
  } catch (cause) {
    if (cause instanceof ContextError) throw cause;
    throw new ContextError('context-unreadable', entry.source, messageOf(cause), {
      cause,
    });
  }
  if (read < entry.size) throw changed(entry);
}
