import type { TarHeader } from './header.js';

/** One thing in an archive that is read. */
export interface TarEntry {
  /** Of a folder without its last slash. `other` is what has no content to be copied: devices, and kinds that nobody writes. */
  readonly header: Omit<TarHeader, 'kind'> & {
    readonly kind: TarHeader['kind'] | 'hard link' | 'other';
    readonly size: number;
  };
  /** Its bytes, to be read before the next entry; what is not read is passed over. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** An archive that ends too early, or is none. */
export class TarError extends Error {
  override readonly name = 'TarError';
  readonly code = 'tar-broken';
}

const block = 512;

const kinds: Readonly<Record<string, TarEntry['header']['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'hard link',
  '2': 'link',
  '5': 'folder',
  '6': 'pipe',
};

/** Bytes of a stream, in the amounts that are asked for. */
class Supply {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#source = stream[Symbol.asyncIterator]();
  }

  /** At least one byte, and at most as many as asked for. @throws TarError at the end */
  async some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#source.next();
      if (done === true) throw new TarError('the archive ends in the middle');
      this.#rest = value;
    }
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  async whole(length: number): Promise<Buffer> {
    const content = new Content(this, length);
    const chunks: Uint8Array[] = [];
    for await (const bytes of content) chunks.push(bytes);
    return Buffer.concat(chunks);
  }

  async end(): Promise<void> {
    await this.#source.return?.();
  }
}

/** So many bytes of an archive. */
class Content implements AsyncIterable<Uint8Array> {
  readonly #supply: Supply;
  #left: number;

  constructor(supply: Supply, length: number) {
    this.#supply = supply;
    this.#left = length;
  }

  async #next(): Promise<Uint8Array> {
    const bytes = await this.#supply.some(this.#left);
    this.#left -= bytes.length;
    return bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) yield await this.#next();
  }

  /** Passes over what nobody has read. */
  async skip(): Promise<void> {
    while (this.#left > 0) await this.#next();
  }
}

const textAt = (bytes: Buffer, at: number, length: number): string => {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString('utf8');
};

/** Octal digits, or a big number in base 256, as GNU tar and Go write those that do not fit. */
function numberAt(bytes: Buffer, at: number, length: number): number {
  const field = bytes.subarray(at, at + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.parseInt(textAt(bytes, at, length).trim() || '0', 8);
}

/** Records `LENGTH KEY=VALUE\n` of an extended header. */
function readRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString());
    if (space < 0 || !(length > 0)) throw new TarError('an extended header of the archive cannot be read');
    const record = bytes.subarray(space + 1, at + length - 1).toString('utf8');
    const cut = record.indexOf('=');
    records.set(record.slice(0, cut), record.slice(cut + 1));
    at += length;
  }
  return records;
}

/**
 * Reads an archive as engines send them: POSIX.1-2001 and what GNU tar adds (long names, large numbers). A few kilobytes are held at a time.
 * @throws TarError
 */
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const supply = new Supply(stream);
  /** What earlier blocks say of the entry that comes next. */
  let told = new Map<string, string>();
  try {
    for (;;) {
      const head = await supply.whole(block);
      if (head.every((byte) => byte === 0)) return;
      if (textAt(head, 257, 5) !== 'ustar') throw new TarError('this is no archive that can be read');
      const flag = String.fromCharCode(head[156] ?? 0);
      const size = Number(told.get('size') ?? numberAt(head, 124, 12));
      const padding = (block - (size % block)) % block;
      if (flag === 'x' || flag === 'g' || flag === 'L' || flag === 'K') {
        const bytes = await supply.whole(size);
        await supply.whole(padding);
        if (flag === 'x') told = new Map([...told, ...readRecords(bytes)]);
        if (flag === 'L') told.set('path', textAt(bytes, 0, size));
        if (flag === 'K') told.set('linkpath', textAt(bytes, 0, size));
        continue;
      }
      // GNU's form has times where POSIX has the beginning of the name.
      const prefix = textAt(head, 257, 8).startsWith('ustar ') ? '' : textAt(head, 345, 155);
      const short = prefix === '' ? textAt(head, 0, 100) : `${prefix}/${textAt(head, 0, 100)}`;
      const kind = kinds[flag] ?? 'other';
      const target = told.get('linkpath') ?? textAt(head, 157, 100);
      const held = kind === 'file' ? size : 0;
      const content = new Content(supply, held);
      yield {
        header: {
          name: (told.get('path') ?? short).replace(/\/+$/, ''),
          kind,
          mode: numberAt(head, 100, 8) & 0o7777,
          size: held,
          mtime: Number(told.get('mtime') ?? numberAt(head, 136, 12)),
          ...(target !== '' && { target }),
        },
        content,
      };
      await content.skip();
      if (kind === 'file') await supply.whole(padding);
      told = new Map();
    }
  } finally {
    await supply.end();
  }
}
