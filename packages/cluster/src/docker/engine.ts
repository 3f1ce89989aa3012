import {
  connectDockerEngine,
  createLogins,
  type DockerEngine,
  type EngineProbe,
  findEngine,
  parseEngineHost,
} from '@kmd/compose-runner';
import type { Environment } from '../environment.js';
import { ClusterError } from '../errors.js';

/** The engine that answers. Throws `RuntimeUnavailable` where none does, or the one that does cannot see this machine's files. */
export async function requireEngine(environment: Environment, signal?: AbortSignal): Promise<{ host: string }> {
  const probes = await findEngine({ environment, ...(signal ? { signal } : {}) });
  return checkEngine(probes, { elseEmbedded: false });
}

/**
 * The engine of the probes that the docker runtime can use. Throws `RuntimeUnavailable`, saying what to do.
 * @param options.elseEmbedded whether the embedded runtime would do as well: for `up` it does
 */
export function checkEngine(probes: readonly EngineProbe[], { elseEmbedded = true } = {}): { host: string } {
  const otherwise = elseEmbedded ? ', or give --runtime embedded' : '';
  const found = probes.find(({ answers }) => answers);
  if (!found) {
    const tried = probes.map(({ host, reason }) => `${host}: ${reason ?? 'no answer'}`).join('; ');
    const denied = probes.some(({ reason }) => reason?.includes('permission denied'));
    const advice = denied
      ? 'join the group docker (sudo usermod -aG docker $USER, then log in again)'
      : 'start one or name it in DOCKER_HOST';
    throw new ClusterError('RuntimeUnavailable', `no Docker Engine answers (${tried}): ${advice}${otherwise}`);
  }
  const host = parseEngineHost(found.host);
  if (host.kind === 'ssh' || (host.kind === 'tcp' && !['localhost', '127.0.0.1', '::1'].includes(host.hostname))) {
    throw new ClusterError(
      'RuntimeUnavailable',
      `the engine at ${found.host} is another machine, where the cluster's keys and ports would be out of reach: run kmd there${otherwise}`,
    );
  }
  if (host.kind === 'tcp' && host.tls) {
    throw new ClusterError(
      'RuntimeUnavailable',
      `the engine at ${found.host} wants TLS, which the docker runtime does not speak yet: name its socket in DOCKER_HOST`,
    );
  }
  return { host: found.host };
}

/**
 * An open way to the engine that a record names. Close it.
 * @param environment where `docker login` left the credentials of registries is looked up in it; without it none are used
 */
export function openEngine(host: string, environment?: Environment): DockerEngine {
  return connectDockerEngine(parseEngineHost(host), environment && { findLogin: createLogins({ environment }) });
}
