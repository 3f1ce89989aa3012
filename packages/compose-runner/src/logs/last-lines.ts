import type { DockerEngine } from '../engine/docker-engine.js';
import { readFrames, readLines } from './frames.js';

/** The last lines that a container printed, for an error; none when they cannot be had, since the error is what matters. */
export async function lastLines(engine: DockerEngine, container: string, count: number): Promise<string[]> {
  try {
    const { tty } = await engine.inspect(container);
    const lines: string[] = [];
    for await (const { text } of readLines(readFrames(await engine.logs(container, { tail: count }), tty)))
      lines.push(text);
    return lines;
  } catch {
    return [];
  }
}
