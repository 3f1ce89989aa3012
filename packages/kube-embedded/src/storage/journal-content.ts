import { readFileSync } from 'node:fs';
import { KubeError } from '@kmd/kube-client';
import { type JsonObject, freeze, isObject, numberAt, objectAt, textAt } from '../json/tree.js';
import { format, newline, textOfLine } from './journal-record.js';

/** What a journal holds. */
export interface Content {
  version: number;
  readonly objects: Map<string, Map<string, JsonObject>>;
  /** Bytes that are good; what follows is a record that was not written to its end. 0 when there is no journal yet. */
  length: number;
  /** Bytes that were written at once with the header: all that was alive then. */
  begun: number;
  /** Bytes there are. */
  readonly size: number;
}

/** Reads a journal. Throws `KubeError` with code `JournalCorrupt` for damage that the death of a process or of the machine does not explain. */
export function readJournal(path: string): Content {
  const bytes = readBytes(path);
  const content: Content = { version: 0, objects: new Map(), length: 0, begun: 0, size: bytes.length };
  if (bytes.length === 0) return content;
  /** Records still to come that were written together with the header. */
  let owed = 0;
  const corrupt = (why: string): KubeError => {
    const { length } = content;
    // What was written together is of no use in part.
    const cut =
      length > 0 && owed === 0
        ? `, or keep what was stored before with \`truncate --size=${length} ${path}\` and lose what came later`
        : '';
    return new KubeError(
      0,
      'JournalCorrupt',
      `the journal ${path} is damaged at byte ${length}: ${why}. Restore it from a copy${cut}, or move it away to begin with an empty cluster`,
    );
  };
  while (content.length < bytes.length) {
    const end = bytes.indexOf(newline, content.length);
    const text = end < 0 ? undefined : textOfLine(bytes.subarray(content.length, end));
    if (text === undefined) {
      if (content.length === 0) throw corrupt('it does not begin as a journal');
      if (owed > 0) break;
      if (isCutOff(bytes.subarray(content.length))) return content;
      throw corrupt('a record does not fit its checksum');
    }
    const parsed: unknown = JSON.parse(text);
    if (!isObject(parsed)) throw corrupt('a record is not an object');
    if (content.length === 0) {
      if (parsed['format'] !== format) throw corrupt(`its format is ${String(parsed['format'])}, not ${format}`);
      content.version = numberAt(parsed, 'version') ?? 0;
      owed = numberAt(parsed, 'objects') ?? 0;
      content.begun = end + 1;
    } else {
      apply(content, parsed);
      if (owed > 0) {
        owed -= 1;
        content.begun = end + 1;
      }
    }
    content.length = end + 1;
  }
  if (owed > 0) throw corrupt(`it was cut short: ${owed} of the objects that were written at once are missing`);
  return content;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/**
 * Whether the end of a journal, which begins with a bad record, is what a write leaves that did not come to its end: a record without its newline, or
 * (when the machine died) zeros where the disk was not reached, which no record holds, and nothing good after them.
 */
function isCutOff(rest: Buffer): boolean {
  let end = rest.indexOf(newline);
  if (end < 0) return true;
  if (!rest.includes(0)) return false;
  for (;;) {
    const begin = end + 1;
    end = rest.indexOf(newline, begin);
    if (end < 0) return true;
    if (textOfLine(rest.subarray(begin, end)) !== undefined) return false;
  }
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
