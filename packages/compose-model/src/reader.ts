import { basename, isAbsolute, relative } from 'node:path';
import type { Findings } from './diagnostics/compose-error.js';
import type { Place, Source } from './tree/place.js';
import type { Path } from './tree/path.js';

/** Reads a file as text. It rejects with an error whose `code` is `ENOENT` when there is none. */
export type ReadFile = (path: string) => Promise<string>;

/** An import of `node:fs` loads its promises and streams as well: a third of the time of reading a small project. */
const disk = () => process.getBuiltinModule('node:fs');

/** Files of the disk. They must be UTF-8; UTF-16 is told by its mark, which a YAML file may carry. */
export const readDisk: ReadFile = async (path) => {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    disk().readFile(path, (error, content) => {
      if (error === null) resolve(content);
      else reject(error);
    });
  });
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
};

/** The real name of a path; a path that does not exist is its own. */
export async function realPathOnDisk(path: string): Promise<string> {
  return new Promise((resolve) => {
    disk().realpath(path, (error, real) => resolve(error === null ? real : path));
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

/** A file's name in messages: relative to the working folder when it lies inside. */
export function displayName(path: string, workingDir: string): string {
  if (!isAbsolute(path)) return path;
  const inside = relative(workingDir, path);
  return inside === '' ? basename(path) : inside.startsWith('..') || isAbsolute(inside) ? path : inside;
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
  readFile: ReadFile,
  findings: Findings,
  asker?: Asker,
): Promise<Source> {
  try {
    return { name, path, text: (await readFile(path)).replace(/^\ufeff/, '') };
  } catch (error) {
    const text = `open ${path}: ${reasonOf(error)}`;
    return findings.fail({ code: 'io', text, path: asker?.path ?? [], sentence: true, at: asker?.at });
  }
}
