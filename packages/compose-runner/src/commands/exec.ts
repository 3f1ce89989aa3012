import type { DockerEngine, ExecSpec } from '../engine/docker-engine.js';
import { converse, type ConverseOptions } from '../logs/converse.js';
import { findContainer } from './inspect.js';

export interface ExecOptions extends Omit<ExecSpec, 'command' | 'stdin'>, ConverseOptions {
  /** Number of the replica; the lowest that runs by default. */
  readonly index?: number;
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
  await converse(stream, spec.tty === true, { signal, stdin, onOutput });
  return exitCode();
}
