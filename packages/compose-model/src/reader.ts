import { readFile, readFileSync, realpath } from 'node:fs';
import { basename, isAbsolute, relative } from 'node:path';
import type { Findings } from './diagnostics/compose-error.js';
import type { Place, Source } from './tree/place.js';
import type { Path } from './tree/path.js';

/** Reads a file as text. It rejects with an error whose `code` is `ENOENT` when there is none. */
export type ReadFile = (path: string) => Promise<string>;

/** UTF-8, or UTF-16 as told by its mark, which a YAML file may carry. */
function decode(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}

/** Files of the disk, in UTF-8 or UTF-16. */
export const readDisk: ReadFile = async (path) => {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    readFile(path, (error, content) => {
      if (error === null) resolve(content);
      else reject(error);
    });
  });
  return decode(bytes);
};

/**
 * Files of the disk, each read while the program waits: faster for a program that has nothing else to do, and none for a server.
 */
export const readDiskAtOnce: ReadFile = async (path) => decode(readFileSync(path));

/** The real name of a path; a path that does not exist is its own. */
export async function realPathOnDisk(path: string): Promise<string> {
  return new Promise((resolve) => {
    realpath(path, (error, real) => resolve(error === null ? real : path));
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  if (isMissing(error)) return 'no such file or directory';
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  return code === 'EACCES' ? 'permission denied' : code === 'EISDIR' ? 'is a directory' : error.message;
}

/** A file's name in messages: relative to a folder, unless its absolute name is shorter. */
export function displayName(path: string, folder: string): string {
  if (!isAbsolute(path)) return path;
  const from = relative(folder, path);
  return from === '' ? basename(path) : from.length < path.length ? from : path;
}

/** Who asked for a file, for the message when it cannot be read. */
export interface Asker {
  readonly path: Path;
  readonly at: Place;
}

/** Reads a Compose file. A file that cannot be read ends the loading. */
export async function readSource(
  path: string,
  name: string,
  read: ReadFile,
  findings: Findings,
  asker?: Asker,
): Promise<Source> {
  try {
    return { name, path, text: (await read(path)).replace(/^\ufeff/, '') };
  } catch (error) {
    const text = `open ${path}: ${reasonOf(error)}`;
    return findings.fail({ code: 'io', text, path: asker?.path ?? [], sentence: true, at: asker?.at });
  }
}
