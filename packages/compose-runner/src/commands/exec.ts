import type { DockerEngine, ExecSpec } from '../engine/docker-engine.js';
import { readFrames } from '../logs/frames.js';
import { findContainer } from './inspect.js';

export interface ExecOptions extends Omit<ExecSpec, 'command' | 'stdin'> {
  readonly signal?: AbortSignal;
  /** Number of the replica; the lowest that runs by default. */
  readonly index?: number;
  /** What the command reads; nothing by default. */
  readonly stdin?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly onOutput?: (from: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

/**
 * Runs a command in a service's container and waits for its end.
 * @returns the command's exit code
 * @throws RunnerError when no container runs; EngineError when the command is not found or may not be run
 * @example
 * const code = await exec(engine, 'demo', 'db', ['ls', '/data'], { onOutput: (_from, bytes) => process.stdout.write(bytes) });
 */
export async function exec(
  engine: DockerEngine,
  project: string,
  service: string,
  command: readonly string[],
  options: ExecOptions = {},
): Promise<number> {
  const { signal, index, stdin, onOutput, ...spec } = options;
  const container = await findContainer(engine, project, service, { signal, ...(index !== undefined && { index }) });
  const { stream, exitCode } = await engine.exec(
    container.id,
    { ...spec, command, stdin: stdin !== undefined },
    { signal },
  );
  const abort = (): void => void stream.destroy(signal?.reason instanceof Error ? signal.reason : undefined);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const writing = (async () => {
      for await (const bytes of stdin ?? [])
        if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve));
      stream.end();
    })();
    writing.catch(() => undefined); // a command that ends before it has read everything closes its side
    for await (const { from, bytes } of readFrames(stream, spec.tty === true)) onOutput?.(from, bytes);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    stream.destroy();
  }
  signal?.throwIfAborted();
  return exitCode();
}
