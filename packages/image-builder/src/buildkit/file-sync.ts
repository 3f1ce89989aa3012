import type { ServerHttp2Stream } from 'node:http2';
import { ContextError } from '../context/context-error.js';
import { loadEntry, readLarge } from '../context/content.js';
import type { ContextEntry } from '../context/entry.js';
import { selectPaths } from '../context/selection.js';
import type { Selection } from '../context/walk.js';
import { messageOf } from '../thrown.js';
import { followedPaths } from './follow-paths.js';
import { begin, printMessage, readMessages, status, type Call } from './grpc.js';
import { numberIn, printField, printNumber, readFields } from './protobuf.js';

/** Kinds of packets of fsutil (tonistiigi/fsutil, types/wire.proto). */
const packet = { stat: 0, request: 1, data: 2, end: 3, error: 4 } as const;

/** Go's bits of a file's mode, above the nine of permissions. */
const goMode = { folder: 2 ** 31, link: 2 ** 27, pipe: 2 ** 25, file: 0 } as const;
const special = [
  [0o4000, 2 ** 23],
  [0o2000, 2 ** 22],
  [0o1000, 2 ** 20],
] as const;

function modeOf({ kind, mode }: ContextEntry): number {
  const bits = special.reduce((sum, [bit, go]) => ((mode & bit) === 0 ? sum : sum + go), 0);
  return goMode[kind] + bits + (mode & 0o777);
}

function printStat(entry: ContextEntry): Uint8Array {
  const { path, size, mtime, target } = entry;
  return Buffer.concat([
    printField(1, Buffer.from(path)),
    printNumber(2, modeOf(entry)),
    printNumber(5, size),
    // In microseconds, as exactly as it is known: by time and size the engine tells whether it has a file already.
    printNumber(6, BigInt(Math.round(mtime * 1000)) * 1000n),
    ...(target === undefined ? [] : [printField(7, Buffer.from(target))]),
  ]);
}

const printPacket = (type: number, ...fields: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([printNumber(1, type), ...fields]);

export interface SyncedFolder {
  readonly folder: string;
  entries(selects: Selection): AsyncIterable<ContextEntry>;
}

/** What a build may read: the context, and the folder of its Dockerfile. */
export interface SyncedFolders {
  readonly context: SyncedFolder;
  readonly dockerfile: SyncedFolder;
  /** Called for each thing whose content was asked for. */
  readonly onSent?: ((entry: ContextEntry) => void) | undefined;
  /** Called when something cannot be read: the engine's own words say less. */
  readonly onFailure: (error: unknown) => void;
}

/** Messages on their way out, many small ones in one write. */
class Outgoing {
  readonly #stream: ServerHttp2Stream;
  #waiting: Uint8Array[] = [];
  #length = 0;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
  }

  async send(message: Uint8Array): Promise<void> {
    const framed = printMessage(message);
    this.#waiting.push(framed);
    this.#length += framed.length;
    if (this.#length > 64 * 1024) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#length = 0;
    if (this.#stream.destroyed || this.#stream.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#stream.off('drain', go).off('close', go);
        resolve();
      };
      this.#stream.on('drain', go).on('close', go);
    });
  }
}

async function* contentOf(entry: ContextEntry): AsyncGenerator<Uint8Array> {
  const { bytes } = loadEntry(entry);
  if (bytes === undefined) yield* readLarge(entry);
  else yield bytes;
}

/** Pieces that stay below what the other side takes as one message, 4 MiB. */
const largest = 1 << 20;

async function sendContent(out: Outgoing, id: number, entry: ContextEntry): Promise<void> {
  for await (const bytes of contentOf(entry)) {
    for (let at = 0; at < bytes.length; at += largest) {
      await out.send(printPacket(packet.data, printNumber(3, id), printField(4, bytes.subarray(at, at + largest))));
    }
  }
  // An empty piece is its end.
  await out.send(printPacket(packet.data, printNumber(3, id)));
}

/**
 * `FileSync.DiffCopy` of a session: tells what is in a folder, and sends the content of what the engine then asks for. It asks for what its
 * Dockerfile copies and its last copy of the folder lacks.
 */
export function syncFolders(folders: SyncedFolders): Call {
  return async (stream, headers) => {
    const finish = begin(stream);
    const out = new Outgoing(stream);
    const { folder, entries } = headers['dir-name'] === 'dockerfile' ? folders.dockerfile : folders.context;
    const files = new Map<number, ContextEntry>();
    const fail = async (error: unknown): Promise<void> => {
      folders.onFailure(error);
      const text = messageOf(error);
      await out.send(printPacket(packet.error, printField(4, Buffer.from(text))));
      await out.flush();
    };
    const telling = (async () => {
      let id = 0;
      for await (const entry of entries(selectPaths(folder, followedPaths(headers['followpaths'])))) {
        if (entry.kind === 'file') files.set(id, entry);
        id += 1;
        await out.send(printPacket(packet.stat, printField(2, printStat(entry))));
      }
      await out.send(printPacket(packet.stat));
      await out.flush();
    })();
    telling.catch(fail);
    let sending = Promise.resolve();
    let due = 0;
    // Read to its end: a stream that is left in the middle is cancelled.
    for await (const message of readMessages(stream)) {
      const fields = readFields(message);
      const type = numberIn(fields, 1);
      if (type === packet.request) {
        const id = numberIn(fields, 3);
        const entry = files.get(id);
        due += 1;
        sending = sending.then(async () => {
          if (entry === undefined)
            throw new ContextError('context-changed', folder, `the engine asks for number ${id}`);
          await sendContent(out, id, entry);
          due -= 1;
          if (due === 0) await out.flush();
          folders.onSent?.(entry);
        });
        sending.catch(fail);
      } else if (type === packet.end) {
        await sending;
        await out.send(printPacket(packet.end));
        await out.flush();
        finish(status.ok);
      } else if (type === packet.error) finish(status.ok);
    }
  };
}
