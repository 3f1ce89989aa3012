import { parseEngineHost, type EngineHost } from './engine-host.js';
import type { DockerEngine } from './engine/docker-engine.js';
import { connectDockerEngine } from './engine/http-engine.js';
import { readContext, type DockerContext } from './docker-config/context.js';
import { createLogins } from './docker-config/logins.js';
import { credentialsFor, engineHosts, existsOnDisk, findEngine, type FindEngineOptions } from './find-engine.js';
import { RunnerError } from './runner-error.js';

/**
 * The engine that answers, with the credentials of its context or of `DOCKER_CERT_PATH` where it speaks TLS, and those of registries where
 * `docker login` left them. It is to be closed in the end.
 * @throws RunnerError `engine-missing`, which tells where it looked
 * @example
 * const engine = await openEngine({ environment: process.env });
 */
export async function openEngine(options: FindEngineOptions): Promise<DockerEngine> {
  const { environment } = options;
  const findLogin = createLogins(options);
  const connect = async (host: EngineHost, context: DockerContext | undefined): Promise<DockerEngine> =>
    connectDockerEngine(host, { tls: await credentialsFor(host, options, context), environment, findLogin });
  // Most often the first place has one. It is asked nothing beyond what a connection asks anyway.
  const likely = await firstPlace(options);
  if (likely !== undefined) {
    const engine = await connect(likely.host, likely.context);
    try {
      await answerOf(engine, options);
      return engine;
    } catch {
      engine.close();
      options.signal?.throwIfAborted();
    }
  }
  const probes = await findEngine(options);
  const found = probes.find((probe) => probe.answers);
  if (found !== undefined) return connect(parseEngineHost(found.host), await readContext(options));
  const tried = probes.map(({ host, reason = 'no answer' }) => `${host}: ${reason}`).join('; ');
  throw new RunnerError(
    'engine-missing',
    `no Docker Engine answers (${tried}); start one, or name another in DOCKER_HOST`,
  );
}

/** How long an engine may take to answer before other places are asked, in milliseconds: a busy machine may be slow. */
const patience = 10_000;

async function answerOf(engine: DockerEngine, { signal, timeout = patience }: FindEngineOptions): Promise<void> {
  const limit = AbortSignal.timeout(timeout);
  const ending = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  ending.throwIfAborted();
  await Promise.race([
    engine.apiVersion(),
    new Promise((_resolve, reject) => ending.addEventListener('abort', () => reject(ending.reason), { once: true })),
  ]);
}

/** The first place where there may be an engine: a socket that is there, or an address. */
async function firstPlace(
  options: FindEngineOptions,
): Promise<{ readonly host: EngineHost; readonly context: DockerContext | undefined } | undefined> {
  const exists = options.fileExists ?? existsOnDisk;
  try {
    const context = await readContext(options);
    for (const { host } of engineHosts(options, context)) {
      if (host.kind !== 'socket' || (await exists(host.path))) return { host, context };
    }
  } catch {
    // A host that cannot be read: the search says so.
  }
  return undefined;
}
