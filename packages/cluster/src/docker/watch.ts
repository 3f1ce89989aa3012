import { type DockerEngine, logs } from '@kmd/compose-runner';
import { ClusterError } from '../errors.js';

/** Lines of a container that an error shows. */
const tail = 15;

/**
 * Watches over a project's containers: the signal is aborted, with a `StartFailed` that has the container's last lines, when one of them ends.
 * Resolves when the engine listens.
 */
export async function watchContainers(
  engine: DockerEngine,
  project: string,
): Promise<{ failed: AbortSignal; close(): void }> {
  const stop = new AbortController();
  const failed = new AbortController();
  const events = await engine.events([`com.docker.compose.project=${project}`], { signal: stop.signal });
  void (async () => {
    try {
      for await (const { action, attributes } of events) {
        if (action !== 'die') continue;
        const service = attributes['com.docker.compose.service'] ?? '';
        const code = attributes['exitCode'] ?? 'unknown';
        failed.abort(
          new ClusterError(
            'StartFailed',
            `service ${service} has ended with exit code ${code}${await lastLines(engine, project, service)}`,
          ),
        );
        return;
      }
    } catch (error) {
      if (!stop.signal.aborted)
        failed.abort(new ClusterError('StartFailed', 'the Docker Engine went away', { cause: error }));
    }
  })();
  return { failed: failed.signal, close: () => stop.abort() };
}

/** What a service printed last, as the end of a message; nothing where it cannot be had. */
async function lastLines(engine: DockerEngine, project: string, service: string): Promise<string> {
  const lines: string[] = [];
  try {
    for await (const { text } of logs(engine, project, { services: [service], tail })) lines.push(text);
  } catch {
    return '';
  }
  return lines.length === 0 ? '' : `; its last lines:\n${lines.map((line) => `    ${line}`).join('\n')}`;
}
