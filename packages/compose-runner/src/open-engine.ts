import { parseEngineHost } from './engine-host.js';
import type { DockerEngine } from './engine/docker-engine.js';
import { connectDockerEngine } from './engine/http-engine.js';
import { findEngine, readCredentials, type FindEngineOptions } from './find-engine.js';
import { RunnerError } from './runner-error.js';

/**
 * The engine that answers, with the credentials of `DOCKER_CERT_PATH` where it speaks TLS. It is to be closed in the end.
 * @throws RunnerError `engine-missing`, which tells where it looked
 * @example
 * const engine = await openEngine({ environment: process.env });
 */
export async function openEngine(options: FindEngineOptions): Promise<DockerEngine> {
  const probes = await findEngine(options);
  const found = probes.find((probe) => probe.answers);
  if (found === undefined) {
    const tried = probes.map(({ host, reason = 'no answer' }) => `${host}: ${reason}`).join('; ');
    throw new RunnerError(
      'engine-missing',
      `no Docker Engine answers (${tried}); start one, or name another in DOCKER_HOST`,
    );
  }
  const host = parseEngineHost(found.host);
  return connectDockerEngine(host, host.kind === 'tcp' && host.tls ? await readCredentials(options) : undefined);
}
