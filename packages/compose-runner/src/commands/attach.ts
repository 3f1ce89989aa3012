import type { DockerEngine } from '../engine/docker-engine.js';
import { converse, type ConverseOptions } from '../logs/converse.js';
import { findContainer } from './inspect.js';

export interface AttachOptions extends ConverseOptions {
  /** Number of the replica; the lowest that runs by default. */
  readonly index?: number;
}

/**
 * Takes part in what a service's container does: its output from now on, and its input where it reads one (`stdin_open`). Ends when the
 * container does, and with the input: the engine lets go then, and the container runs on. The signal lets go, too.
 * @throws RunnerError when no container runs; EngineError; the signal's reason
 */
export async function attach(
  engine: DockerEngine,
  project: string,
  service: string,
  options: AttachOptions = {},
): Promise<void> {
  const { signal, index, stdin } = options;
  const container = await findContainer(engine, project, service, { signal, ...(index !== undefined && { index }) });
  const { tty } = await engine.inspect(container.id, { signal });
  await converse(await engine.attach(container.id, { stdin: stdin !== undefined, signal }), tty, options);
}
