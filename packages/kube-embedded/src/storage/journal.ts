import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { KubeError, type Logger, silentLogger } from '@kmd/kube-client';
import { textAt } from '../json/tree.js';
import { readJournal } from './journal-content.js';
import { headerText, lineOf, recordText } from './journal-record.js';
import { takeLock } from './lock-file.js';
import { MemoryStore, type Write } from './memory-store.js';
import type { Store } from './store.js';

export interface JournalOptions {
  /** Folder of the journal; made when it is missing. */
  directory: string;
  /**
   * What an acknowledged write survives: `process` (the default) the death of this process, however sudden; `disk` that of the machine too, at the price
   * of waiting for the disk at each write.
   */
  survives?: 'process' | 'disk';
  /** Bytes that the journal may grow beyond twice what is alive in it before it is written anew. 8 MiB by default. */
  slack?: number;
  /** Changes kept for watches, see `MemoryStore`. */
  history?: number;
  logger?: Logger;
}

/** A store whose objects are still there after a restart. */
export interface Journal {
  readonly store: Store;
  /** What had to be put right when it was opened, in sentences; empty after an orderly end. */
  readonly repairs: readonly string[];
  /** Gives the folder back. The store takes no more writes. */
  close(): void;
}

/** A journal's file, open for appending, and how much of it is good. */
interface JournalFile {
  readonly descriptor: number;
  size: number;
}

/** How much of a new journal is written at once. */
const pieceSize = 1024 * 1024;

function writeAll(descriptor: number, text: string): number {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  return bytes.length;
}

/** Puts a journal with these objects in the place of the one there is: wholly, or (when it throws) not at all. */
function replaceJournal(path: string, version: number, objects: readonly Write[]): JournalFile {
  const next = `${path}.next`;
  rmSync(next, { force: true });
  const descriptor = openSync(next, 'a', 0o600);
  let file: JournalFile;
  try {
    let size = 0;
    let piece = lineOf(headerText(version, objects.length));
    for (const object of objects) {
      piece += lineOf(recordText(object));
      if (piece.length < pieceSize) continue;
      size += writeAll(descriptor, piece);
      piece = '';
    }
    size += writeAll(descriptor, piece);
    // Whole on the disk before it takes the old one's place.
    fsyncSync(descriptor);
    renameSync(next, path);
    file = { descriptor, size };
  } catch (error) {
    closeSync(descriptor);
    rmSync(next, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
  return file;
}

/** Has the disk keep the names in a folder, where the system can. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // The journal is in its place: there is no way back from here.
  }
}

/**
 * Opens a store that keeps its objects in a folder: every write is appended to a file before it is answered, and the file is written anew when most
 * of it is history. A write that the disk does not take is refused (`KubeError` 500) and changes nothing; the next one is tried again.
 *
 * Throws `KubeError`: `JournalInUse` when another server has the folder, `JournalCorrupt` when the file is damaged elsewhere than at its end,
 * `JournalUnusable` when the system does not let it be read and written.
 */
export function openJournal(options: JournalOptions): Journal {
  const path = join(options.directory, 'journal');
  try {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    const unlock = takeLock(`${path}.lock`);
    try {
      return openLocked(path, options, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (cause) {
    if (cause instanceof KubeError) throw cause;
    throw new KubeError(
      0,
      'JournalUnusable',
      `the journal ${path} cannot be opened: ${reason(cause)}. Make room on its disk or let this user write there, or choose another folder`,
      { cause },
    );
  }
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

function openLocked(path: string, options: JournalOptions, unlock: () => void): Journal {
  const { survives = 'process', slack = 8 * 1024 * 1024, logger = silentLogger } = options;
  const content = readJournal(path);
  let file =
    content.length === 0
      ? replaceJournal(path, 0, [])
      : { descriptor: openSync(path, 'a', 0o600), size: content.length };
  const repairs: string[] = [];
  if (content.size > content.length) {
    ftruncateSync(file.descriptor, file.size);
    const repair = `the last ${content.size - content.length} bytes of ${path} were a record cut off while it was written: removed`;
    repairs.push(repair);
    logger.warn({ path }, repair);
  }

  /** Whether what stands behind the good part has to go before anything is appended. */
  let torn = false;
  let failing = false;
  const cut = (): void => {
    ftruncateSync(file.descriptor, file.size);
    torn = false;
  };
  const append = (text: string): void => {
    try {
      if (torn) cut();
      torn = true;
      const length = writeAll(file.descriptor, text);
      if (survives === 'disk') fdatasyncSync(file.descriptor);
      torn = false;
      file.size += length;
    } catch (cause) {
      try {
        cut();
      } catch {
        // Before the next record, then.
      }
      if (!failing) logger.error({ err: cause, path }, 'the journal cannot be written: writes are refused');
      failing = true;
      throw new KubeError(
        500,
        'InternalError',
        `the journal ${path} cannot be written, nothing was stored: ${reason(cause)}`,
        { cause },
      );
    }
    if (failing) logger.info({ path }, 'the journal is written again');
    failing = false;
  };

  // The measure is what was alive when the file was written anew, not what a process finds: one that lives shortly would never get there.
  let rewriteAt = content.begun * 2 + slack;
  const rewrite = (): void => {
    const objects = [...store.entries()].map(([kind, key, object]): Write => ({
      version: Number(textAt(object, 'metadata', 'resourceVersion')),
      kind,
      key,
      object,
    }));
    try {
      const old = file.descriptor;
      file = replaceJournal(path, store.version, objects);
      torn = false;
      closeSync(old);
      rewriteAt = file.size * 2 + slack;
    } catch (error) {
      rewriteAt = file.size + slack;
      logger.warn({ err: error, path }, 'the journal could not be written anew: it goes on growing');
    }
  };

  let closed = false;
  const store = new MemoryStore({
    ...(options.history === undefined ? {} : { history: options.history }),
    initial: content,
    onWrite(write) {
      if (closed) throw new KubeError(503, 'ServiceUnavailable', 'the journal is closed: the server stops');
      if (file.size > rewriteAt) rewrite();
      append(lineOf(recordText(write)));
    },
  });
  return {
    store,
    repairs,
    close() {
      if (closed) return;
      closed = true;
      try {
        if (torn) cut();
        fsyncSync(file.descriptor);
      } finally {
        closeSync(file.descriptor);
        unlock();
      }
    },
  };
}
