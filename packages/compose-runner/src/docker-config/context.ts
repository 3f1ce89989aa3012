import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { EngineCredentials } from '../ask-engine.js';
import { objectOf, textOf } from '../engine/answer.js';
import { parseEngineHost, type EngineHost } from '../engine-host.js';
import {
  DockerConfigError,
  parseConfig,
  readConfigText,
  readDockerConfig,
  type DockerConfigOptions,
} from './config-file.js';
import { readCredentials } from './tls-files.js';

/** An engine that `docker context` knows by a name. */
export interface DockerContext {
  readonly name: string;
  readonly host: EngineHost;
  readonly credentials: EngineCredentials;
}

/**
 * The context that is in use: `DOCKER_CONTEXT`, or what `docker context use` wrote down; none when `DOCKER_HOST` is set, which goes before both, nor for
 * the one called `default`.
 * @throws DockerConfigError for a context that is not there; EngineHostError for one whose host cannot be used
 */
export async function readContext(options: DockerConfigOptions): Promise<DockerContext | undefined> {
  const { DOCKER_HOST: host, DOCKER_CONTEXT: stated } = options.environment;
  if (host) return undefined;
  const { folder, currentContext } = await readDockerConfig(options);
  const name = stated || currentContext;
  if (name === '' || name === 'default') return undefined;
  const by = stated ? 'DOCKER_CONTEXT' : '`docker context use`';
  const id = createHash('sha256').update(name).digest('hex');
  const path = join(folder ?? '', 'contexts/meta', id, 'meta.json');
  const text = folder === undefined ? undefined : await readConfigText(path, options);
  if (folder === undefined || text === undefined) {
    throw new DockerConfigError(
      `docker context ${JSON.stringify(name)}, which ${by} names, is not there; \`docker context use default\` or DOCKER_HOST name another engine`,
    );
  }
  const endpoint = objectOf(objectOf(parseConfig(text, path)['Endpoints'])['docker']);
  const credentials = await readCredentials(join(folder, 'contexts/tls', id, 'docker'), options);
  const insecure = endpoint['SkipTLSVerify'] === true;
  const tls = insecure || Object.keys(credentials).length > 0;
  return {
    name,
    host: parseEngineHost(textOf(endpoint['Host']), tls),
    credentials: { ...credentials, ...(insecure && { rejectUnauthorized: false }) },
  };
}
