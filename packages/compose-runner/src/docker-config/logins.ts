import type { FindLogin, RegistryAuth, RegistryLogin } from '@kmd/image-builder';
import { objectOf, textOf } from '../engine/answer.js';
import { parseConfig, readDockerConfig, type DockerConfigOptions } from './config-file.js';

/** A registry as the keys of `auths` name it: `https://registry.example.com/v1/` is that of `registry.example.com`. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

function readAuth(value: unknown, registry: string): RegistryAuth | undefined {
  const found = objectOf(value);
  const [username = '', ...rest] = Buffer.from(textOf(found['auth']), 'base64').toString('utf8').split(':');
  const identitytoken = textOf(found['identitytoken']);
  if (username === '' && identitytoken === '') return undefined;
  return {
    ...(username !== '' && { username, password: rest.join(':').replaceAll('\0', '') }),
    ...(identitytoken !== '' && { identitytoken }),
    serveraddress: registry,
  };
}

/** What one of docker's credential helpers keeps (docker-credential-helpers, `get`): the registry on its input, JSON on its output. */
async function askHelper(
  helper: string,
  registry: string,
  { environment, signal }: { environment: DockerConfigOptions['environment']; signal: AbortSignal | undefined },
): Promise<RegistryLogin> {
  const { execFile } = process.getBuiltinModule('node:child_process');
  const program = `docker-credential-${helper}`;
  const { promise, resolve } = Promise.withResolvers<RegistryLogin>();
  const child = execFile(program, ['get'], { env: { ...environment }, signal }, (error, output) => {
    if (error === null) {
      const found = parseConfig(output, `the answer of ${program}`);
      const username = textOf(found['Username']);
      const secret = textOf(found['Secret']);
      // How helpers mark a token that stands for a password.
      const auth = username === '<token>' ? { identitytoken: secret } : { username, password: secret };
      resolve({ auth: { ...auth, serveraddress: registry } });
    } else if (/credentials not found/i.test(output)) resolve({});
    else {
      const why =
        'code' in error && error.code === 'ENOENT' ? 'there is no such program' : output.trim() || error.message;
      resolve({ problem: `${program}, which keeps the credentials of ${registry}, failed: ${why}` });
    }
  });
  child.stdin?.on('error', () => undefined); // one that ends before it has read has said why
  child.stdin?.end(registry);
  return promise;
}

/**
 * Finds credentials where `docker login` left them: in a helper of the registry's own, in the store, or in `config.json`. The file is read when the
 * first registry is asked for.
 */
export function createLogins(options: DockerConfigOptions): FindLogin {
  let config: ReturnType<typeof readDockerConfig> | undefined;
  return async (registry, signal) => {
    const { auths, credsStore, credHelpers } = await (config ??= readDockerConfig(options));
    const helper = textOf(credHelpers[registry]) || credsStore;
    const stated = auths[registry] ?? Object.entries(auths).find(([key]) => hostOf(key) === hostOf(registry))?.[1];
    const auth = readAuth(stated, registry);
    if (helper === '') return auth === undefined ? {} : { auth };
    const kept = await askHelper(helper, registry, { environment: options.environment, signal });
    signal?.throwIfAborted();
    return kept.auth === undefined && auth !== undefined ? { auth } : kept;
  };
}
