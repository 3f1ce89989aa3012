import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { KubeError, type Logger, silentLogger } from '@kmd/kube-client';
import { type JsonObject, freeze, isObject, numberAt, objectAt, textAt } from '../json/tree.js';
import { textOf } from '../json/text.js';
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

const format = 'kmd-kube-journal/1';
const newline = 10;

/** One line: checksum of the text, the text, newline. */
const line = (text: string): Buffer => Buffer.from(`${crc32(text).toString(16).padStart(8, '0')} ${text}\n`);

const record = ({ version, kind, key, object }: Write): string =>
  `{"v":${version},"k":${JSON.stringify(kind)},"n":${JSON.stringify(key)}${object === undefined ? '' : `,"o":${textOf(object)}`}}`;

const header = (version: number): string => JSON.stringify({ format, version });

/** The text of a line whose checksum fits. */
function check(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8', 9);
  return bytes[8] === 32 && bytes.toString('latin1', 0, 8) === crc32(text).toString(16).padStart(8, '0')
    ? text
    : undefined;
}

interface Content {
  version: number;
  objects: Map<string, Map<string, JsonObject>>;
  /** Bytes that are good; what follows is a record that was not written to its end. */
  length: number;
}

function read(path: string): Content {
  const content: Content = { version: 0, objects: new Map(), length: 0 };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return content;
    throw error;
  }
  const corrupt = (at: number, why: string): KubeError =>
    new KubeError(
      0,
      'JournalCorrupt',
      `the journal ${path} is damaged at byte ${at}: ${why}. Restore it from a copy, or move it away to begin with an empty cluster`,
    );
  while (content.length < bytes.length) {
    const end = bytes.indexOf(newline, content.length);
    const text = end < 0 ? undefined : check(bytes.subarray(content.length, end));
    if (text === undefined) {
      // A last record that was cut off was never acknowledged; a bad one in the midst of good ones is damage.
      for (let next = end; next >= 0 && next + 1 < bytes.length;) {
        const last = bytes.indexOf(newline, next + 1);
        if (last >= 0 && check(bytes.subarray(next + 1, last)) !== undefined) {
          throw corrupt(content.length, 'a record does not fit its checksum, and good ones follow');
        }
        next = last;
      }
      return content;
    }
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) throw corrupt(content.length, 'a record is not an object');
    if (content.length === 0) {
      if (parsed['format'] !== format) throw corrupt(0, `its format is ${String(parsed['format'])}, not ${format}`);
      content.version = numberAt(parsed, 'version') ?? 0;
    } else apply(content, parsed);
    content.length = end + 1;
  }
  return content;
}

function apply(content: Content, parsed: JsonObject): void {
  const kind = textAt(parsed, 'k') ?? '';
  const key = textAt(parsed, 'n') ?? '';
  const object = objectAt(parsed, 'o');
  content.version = Math.max(content.version, numberAt(parsed, 'v') ?? 0);
  let shelf = content.objects.get(kind);
  if (!shelf) content.objects.set(kind, (shelf = new Map<string, JsonObject>()));
  if (object) shelf.set(key, freeze(object));
  else shelf.delete(key);
}

/**
 * Opens a store that keeps its objects in a folder: every write is appended to a file before it is answered, and the file is written anew when most
 * of it is history. Throws `KubeError`: `JournalInUse` when another server has the folder, `JournalCorrupt` when the file is damaged elsewhere than at its end.
 */
export function openJournal(options: JournalOptions): Journal {
  const { directory, survives = 'process', slack = 8 * 1024 * 1024, logger = silentLogger } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'journal');
  const next = `${path}.next`;
  const unlock = takeLock(`${path}.lock`);
  try {
    const repairs: string[] = [];
    // A rewriting that did not come to its end left the old journal as it was.
    rmSync(next, { force: true });
    const content = read(path);
    let file = openSync(path, 'a', 0o600);
    let size = content.length;
    const append = (bytes: Buffer): void => {
      let done = 0;
      try {
        while (done < bytes.length) done += writeSync(file, bytes, done);
        if (survives === 'disk') fdatasyncSync(file);
      } catch (cause) {
        // What was written of it must not stand before the next record.
        ftruncateSync(file, size);
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new KubeError(500, 'InternalError', `the journal ${path} cannot be written, nothing was stored: ${why}`, {
          cause,
        });
      }
      size += bytes.length;
    };
    const whole = fstatSync(file).size;
    if (whole > size) {
      ftruncateSync(file, size);
      repairs.push(`the last ${whole - size} bytes of ${path} were a record cut off while it was written: removed`);
    }
    if (size === 0) append(line(header(0)));
    for (const repair of repairs) logger.warn({ path }, repair);

    let closed = false;
    let rewriteAt = size * 2 + slack;
    const store = new MemoryStore({
      ...(options.history === undefined ? {} : { history: options.history }),
      initial: content,
      onWrite(write) {
        if (closed) throw new KubeError(503, 'ServiceUnavailable', 'the journal is closed: the server stops');
        if (size > rewriteAt) rewrite();
        append(line(record(write)));
      },
    });
    const rewrite = (): void => {
      const made = openSync(next, 'w', 0o600);
      let length = 0;
      try {
        const put = (bytes: Buffer): void => {
          for (let done = 0; done < bytes.length;) done += writeSync(made, bytes, done);
          length += bytes.length;
        };
        put(line(header(store.version)));
        for (const [kind, key, object] of store.entries()) {
          put(line(record({ version: Number(textAt(object, 'metadata', 'resourceVersion')), kind, key, object })));
        }
        // Whole on the disk before it takes the old one's place.
        fsyncSync(made);
        renameSync(next, path);
      } catch (error) {
        closeSync(made);
        rmSync(next, { force: true });
        rewriteAt = size * 2;
        logger.warn({ err: error, path }, 'the journal could not be written anew: it goes on growing');
        return;
      }
      closeSync(file);
      closeSync(made);
      file = openSync(path, 'a', 0o600);
      size = length;
      rewriteAt = size * 2 + slack;
    };
    return {
      store,
      repairs,
      close() {
        if (closed) return;
        closed = true;
        fsyncSync(file);
        closeSync(file);
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
