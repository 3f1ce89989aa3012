import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file so that it is there whole or not at all, also after a power cut: a new file beside it is written, flushed and renamed
 * over it. `path` must not be a symbolic link that is to stay one. `mode` is set whatever the umask; `owner` as far as allowed.
 */
export async function writeAtomically(
  path: string,
  content: string,
  { mode = 0o600, owner }: { mode?: number; owner?: { uid: number; gid: number } } = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.chmod(mode);
      // Only root may give a file away; for everybody else the file was theirs already, or becomes so.
      if (owner) await file.chown(owner.uid, owner.gid).catch(() => undefined);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
