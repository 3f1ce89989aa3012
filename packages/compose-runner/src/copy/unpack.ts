import { createWriteStream } from 'node:fs';
import { chmod, link, lstat, mkdir, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readTar, TarError, type TarEntry } from '@kmd/image-builder';

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** The steps from the first entry of an archive to another. @throws TarError for what lies elsewhere */
function stepsFrom(first: string, name: string): string[] {
  const steps = (name === first ? '' : name.slice(first.length + 1))
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  const isInside = name === first || first === '' || name.startsWith(`${first}/`);
  if (!isInside || steps.includes('..')) throw new TarError(`${name} does not lie in ${first}`);
  return steps;
}

/** Makes the place of an entry free, and refuses one that lies behind a link: an archive may hold the link, too. */
async function clear(root: string, steps: readonly string[], entry: TarEntry['header']): Promise<string> {
  for (let count = 0; count < steps.length; count += 1) {
    const above = join(root, ...steps.slice(0, count));
    if (!(await isFolder(above))) throw new TarError(`${entry.name} lies in ${above}, which is no folder`);
  }
  const path = join(root, ...steps);
  if (entry.kind !== 'folder' || !(await isFolder(path))) await rm(path, { force: true });
  return path;
}

/**
 * Unpacks an archive of one thing as engines send them: a file, a link, or a folder with all that is in it. Modes and times are kept, owners not.
 * @param placeOf tells where the first entry goes, which names all others
 * @throws TarError for an archive that names what lies elsewhere
 */
export async function unpack(
  stream: Readable,
  { signal }: { readonly signal: AbortSignal | undefined },
  placeOf: (first: TarEntry['header']) => string,
): Promise<void> {
  let first: TarEntry['header'] | undefined;
  let root = '';
  /** Folders are given their modes in the end: one may be unwritable. */
  const folders: { path: string; header: TarEntry['header'] }[] = [];
  for await (const { header, content } of readTar(stream)) {
    signal?.throwIfAborted();
    if (first === undefined) {
      first = header;
      root = placeOf(header);
      await mkdir(dirname(root), { recursive: true });
    }
    const path = await clear(root, stepsFrom(first.name, header.name), header);
    const { kind, mode, target = '', mtime = 0 } = header;
    if (kind === 'folder') {
      await mkdir(path, { recursive: true });
      folders.unshift({ path, header });
    } else if (kind === 'link') await symlink(target, path);
    else if (kind === 'hard link') await link(join(root, ...stepsFrom(first.name, target)), path);
    else if (kind === 'file') {
      await pipeline(Readable.from(content), createWriteStream(path, { flags: 'wx' }), { signal });
      await chmod(path, mode);
      await utimes(path, mtime, mtime);
    }
  }
  for (const { path, header } of folders) {
    await chmod(path, header.mode & 0o777);
    await utimes(path, header.mtime ?? 0, header.mtime ?? 0);
  }
}
