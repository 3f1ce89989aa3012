import type { Duplex } from 'node:stream';
import { readFrames } from './frames.js';

export interface ConverseOptions {
  readonly signal?: AbortSignal | undefined;
  /** What the other side reads; nothing by default. */
  readonly stdin?: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined;
  readonly onOutput?: ((from: 'stdout' | 'stderr', bytes: Uint8Array) => void) | undefined;
}

/**
 * Hands input to a stream of exec or attach, and its output on, until the other side is done. The stream is closed then.
 * @throws the signal's reason
 */
export async function converse(
  stream: Duplex,
  tty: boolean,
  { signal, stdin, onOutput }: ConverseOptions,
): Promise<void> {
  const abort = (): void => void stream.destroy(signal?.reason instanceof Error ? signal.reason : undefined);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    const writing = (async () => {
      for await (const bytes of stdin ?? [])
        if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve));
      stream.end();
    })();
    writing.catch(() => undefined); // a command that ends before it has read everything closes its side
    for await (const { from, bytes } of readFrames(stream, tty)) onOutput?.(from, bytes);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    stream.destroy();
  }
  signal?.throwIfAborted();
}
