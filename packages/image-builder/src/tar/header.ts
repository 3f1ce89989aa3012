/** What an entry of an archive says of itself. */
export interface TarHeader {
  /** With slashes; a folder's ends in one. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'pipe';
  /** Permission bits. */
  readonly mode: number;
  /** Bytes of content. */
  readonly size?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Of a link. */
  readonly target?: string;
}

const flags = { file: '0', folder: '5', link: '2', pipe: '6' } as const;
const block = 512;

/** The largest number that eleven octal digits hold: sizes from 8 GiB up go into an extended header. */
const largestOctal = 0o77777777777;

function fits(text: string, length: number): boolean {
  // POSIX leaves bytes above 127 open, so those go into an extended header, which is UTF-8 by definition.
  return text.length <= length && /^[\x20-\x7e]*$/.test(text);
}

function writeBlock(fields: TarHeader & { readonly flag: string }): Buffer {
  const bytes = Buffer.alloc(block);
  const text = (value: string, at: number, length: number): void =>
    void bytes.write(value.slice(0, length), at, length, 'latin1');
  const octal = (value: number, at: number, length: number): void =>
    text(
      `${Math.min(value, largestOctal)
        .toString(8)
        .padStart(length - 1, '0')}`,
      at,
      length,
    );
  const ascii = (value: string): string => value.replace(/[^\x20-\x7e]/g, '_');
  text(ascii(fields.name), 0, 100);
  octal(fields.mode, 100, 8);
  octal(fields.uid ?? 0, 108, 8);
  octal(fields.gid ?? 0, 116, 8);
  octal(fields.size ?? 0, 124, 12);
  octal(Math.max(fields.mtime ?? 0, 0), 136, 12);
  text('        ', 148, 8);
  text(fields.flag, 156, 1);
  text(ascii(fields.target ?? ''), 157, 100);
  text('ustar\x0000', 257, 8);
  // The sum of all bytes, the field of the sum counted as spaces.
  let sum = 0;
  for (const byte of bytes) sum += byte;
  text(`${sum.toString(8).padStart(6, '0')}\x00 `, 148, 8);
  return bytes;
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Zeros that fill the last block of a content of this many bytes. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((block - (size % block)) % block);
}

/** What an archive ends with. */
export const tarEnd: Uint8Array = Buffer.alloc(2 * block);

/**
 * The header of an entry, in the format of POSIX.1-2001: one block, with an extended header before it for what does not fit (names over 100
 * bytes or beyond ASCII, contents of 8 GiB and more). The same header gives the same bytes.
 */
export function tarHeader(header: TarHeader): Buffer {
  const { name, target = '', size = 0 } = header;
  const records = [
    ...(fits(name, 100) ? [] : [paxRecord('path', name)]),
    ...(fits(target, 100) ? [] : [paxRecord('linkpath', target)]),
    ...(size <= largestOctal ? [] : [paxRecord('size', String(size))]),
  ];
  const main = writeBlock({ ...header, flag: flags[header.kind] });
  if (records.length === 0) return main;
  const content = Buffer.concat(records);
  const extended = writeBlock({ name: 'PaxHeader', kind: 'file', mode: 0o644, size: content.length, flag: 'x' });
  return Buffer.concat([extended, content, tarPadding(content.length), main]);
}
