import { createHash } from 'node:crypto';
import { loadEntries, readLarge } from './content.js';
import type { BuildContext } from './context.js';

/**
 * The digest of all that is in a context: names, kinds, permissions, link targets and contents, and no times. Two contexts with the same
 * digest build the same image.
 * @returns 64 hexadecimal digits of SHA-256
 * @throws ContextError; the signal's reason
 */
export async function digestContext(
  context: BuildContext,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const hash = createHash('sha256');
  for await (const { entry, bytes } of loadEntries(context.entries())) {
    signal?.throwIfAborted();
    const { path, kind, mode, size, target = '' } = entry;
    // The lengths keep one entry's end from being read as another's beginning.
    hash.update(`${JSON.stringify([path, kind, mode, size, target])}\n`);
    if (bytes !== undefined) hash.update(bytes);
    else if (kind === 'file') for await (const chunk of readLarge(entry)) hash.update(chunk);
  }
  return hash.digest('hex');
}
