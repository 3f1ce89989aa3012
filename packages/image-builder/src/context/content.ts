import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ContextError } from './context-error.js';
import type { ContextEntry } from './entry.js';

/** Files up to this many bytes are read whole, several ahead; larger ones are streamed. */
const wholeUpTo = 256 * 1024;

/** How many small files are read ahead: 16 of 256 KiB are 4 MiB at most. */
const ahead = 16;

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

async function load(entry: ContextEntry): Promise<Loaded> {
  if (entry.kind !== 'file') return { entry };
  if (entry.content !== undefined) return { entry, bytes: entry.content };
  if (entry.size > wholeUpTo) return { entry };
  let bytes: Uint8Array;
  try {
    bytes = await readFile(entry.source);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT') throw changed(entry, cause);
    const why = cause instanceof Error ? cause.message : String(cause);
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

/** Reads small files ahead, in order. */
export async function* loadEntries(entries: AsyncIterable<ContextEntry>): AsyncGenerator<Loaded> {
  const waiting: Promise<Loaded>[] = [];
  for await (const entry of entries) {
    const next = load(entry);
    next.catch(() => undefined); // it is awaited in its turn
    waiting.push(next);
    if (waiting.length < ahead) continue;
    const first = waiting.shift();
    if (first !== undefined) yield await first;
  }
  for (const next of waiting) yield await next;
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
    throw new ContextError('context-unreadable', entry.source, cause instanceof Error ? cause.message : String(cause), {
      cause,
    });
  }
  if (read < entry.size) throw changed(entry);
}
