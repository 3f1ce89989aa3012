import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askEngine, type EngineCredentials, type EngineVersion } from './ask-engine.js';
import { DockerConfigError } from './docker-config/config-file.js';
import { readContext, type DockerContext } from './docker-config/context.js';
import { readCredentials } from './docker-config/tls-files.js';
import { EngineHostError, parseEngineHost, printEngineHost, type EngineHost } from './engine-host.js';
import type { Environment } from './environment.js';

/** What looking for an engine in one place gave. */
export interface EngineProbe extends EngineVersion {
  /** The strategy's name, such as `DOCKER_HOST`. */
  readonly name: string;
  /** Where it looked, as `DOCKER_HOST` would say it. */
  readonly host: string;
  readonly answers: boolean;
  /** Why nothing answers, for a human. */
  readonly reason?: string;
}

export interface FindEngineOptions {
  /** `DOCKER_HOST`, `DOCKER_CONTEXT`, `DOCKER_CONFIG`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`, `XDG_RUNTIME_DIR` and `HOME` are looked at. */
  readonly environment: Environment;
  readonly signal?: AbortSignal;
  /** Milliseconds for one place to answer in; by default 1500, and 15,000 where it was stated. A socket that does not exist takes none of it. */
  readonly timeout?: number;
  /** User id, for the places of a user's own engine; of this process by default. */
  readonly uid?: number;
  /** Whether there is a file or socket, by default on the disk. */
  readonly fileExists?: (path: string) => Promise<boolean>;
  readonly readFile?: (path: string) => Promise<string>;
  readonly strategies?: readonly EngineStrategy[];
}

/** A place in which an engine may be found. */
export interface EngineStrategy {
  readonly name: string;
  /** Whether what it gives was stated by someone who means no other engine. */
  readonly exclusive?: boolean;
  /** Where to look; none when the strategy has nothing to say here. @throws EngineHostError */
  hosts(context: StrategyContext): readonly EngineHost[];
}

export interface StrategyContext {
  readonly environment: Environment;
  readonly uid: number | undefined;
  /** The one of `docker context` that is in use. */
  readonly context: DockerContext | undefined;
}

function socket(path: string): EngineHost {
  return { kind: 'socket', path };
}

function usesTls(environment: StrategyContext['environment']): boolean {
  const value = environment['DOCKER_TLS_VERIFY'];
  return value !== undefined && value !== '';
}

/** Folder of the user's sockets: `XDG_RUNTIME_DIR`, or where it is by convention. */
function runtimeFolder({ environment, uid }: StrategyContext): string | undefined {
  const stated = environment['XDG_RUNTIME_DIR'];
  if (stated !== undefined && stated !== '') return stated;
  return uid === undefined ? undefined : `/run/user/${uid}`;
}

/** Where engines are looked for, in this order. */
export const engineStrategies: readonly EngineStrategy[] = [
  {
    name: 'DOCKER_HOST',
    exclusive: true,
    hosts({ environment }) {
      const host = environment['DOCKER_HOST'];
      return host === undefined || host === '' ? [] : [parseEngineHost(host, usesTls(environment))];
    },
  },
  {
    name: 'docker context',
    exclusive: true,
    hosts: ({ context }) => (context === undefined ? [] : [context.host]),
  },
  {
    name: 'docker socket',
    hosts: () => [socket('/var/run/docker.sock')],
  },
  {
    name: 'rootless docker socket',
    hosts(context) {
      const folder = runtimeFolder(context);
      const home = context.environment['HOME'];
      return [
        ...(folder === undefined ? [] : [socket(join(folder, 'docker.sock'))]),
        ...(home === undefined || home === '' ? [] : [socket(join(home, '.docker/run/docker.sock'))]),
      ];
    },
  },
  {
    name: 'podman socket',
    hosts(context) {
      const folder = runtimeFolder(context);
      return [
        ...(folder === undefined ? [] : [socket(join(folder, 'podman/podman.sock'))]),
        socket('/run/podman/podman.sock'),
      ];
    },
  },
];

export const existsOnDisk = (path: string): Promise<boolean> => Promise.resolve(existsSync(path));

function reasonOf(error: unknown, timedOut: boolean, timeout: number): string {
  if (timedOut) return `no answer within ${timeout} ms`;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  if (code === 'EACCES') return 'permission denied; is this user in the group that owns the socket?';
  return error.message;
}

/** What TLS takes: the context's own files, or those of `DOCKER_CERT_PATH` or the home folder. */
export async function credentialsFor(
  host: EngineHost,
  options: FindEngineOptions,
  context: DockerContext | undefined,
): Promise<EngineCredentials | undefined> {
  if (host.kind !== 'tcp' || !host.tls) return undefined;
  if (context !== undefined) return context.credentials;
  const { DOCKER_CERT_PATH: stated, HOME: home } = options.environment;
  const folder = stated || (home ? join(home, '.docker') : undefined);
  return folder === undefined ? {} : readCredentials(folder, options);
}

/** Milliseconds. What somebody states is there: it may be slow, on a busy machine or at the other end of ssh, which shakes hands several times. */
const patience = { found: 1500, stated: 15_000 };

async function probe(
  { name, host, stated }: EnginePlace,
  options: FindEngineOptions,
  context: DockerContext | undefined,
): Promise<EngineProbe> {
  const printed = printEngineHost(host);
  const exists = options.fileExists ?? existsOnDisk;
  if (host.kind === 'socket' && !(await exists(host.path))) {
    return { name, host: printed, answers: false, reason: 'there is no such socket' };
  }
  const timeout = options.timeout ?? (stated ? patience.stated : patience.found);
  const limit = AbortSignal.timeout(timeout);
  const signal = options.signal === undefined ? limit : AbortSignal.any([options.signal, limit]);
  try {
    const credentials = await credentialsFor(host, options, context);
    const { environment } = options;
    return { name, host: printed, answers: true, ...(await askEngine(host, { signal, credentials, environment })) };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { name, host: printed, answers: false, reason: reasonOf(error, limit.aborted, timeout) };
  }
}

/**
 * Looks for an engine, place by place, and stops at the first that answers. When `DOCKER_HOST` is set, or a context of `docker context` is in use, only
 * that is asked: whoever set it does not mean another engine.
 * @returns what each place that was asked said, in order; the last one answers when any does
 * @throws the signal's reason when it is aborted; a place that does not answer is not an error
 *
 * @example
 * const probes = await findEngine({ environment: process.env });
 * const engine = probes.find((probe) => probe.answers);
 */
export async function findEngine(options: FindEngineOptions): Promise<readonly EngineProbe[]> {
  options.signal?.throwIfAborted();
  const probes: EngineProbe[] = [];
  let stated = options.environment['DOCKER_HOST'] ?? '';
  let name = 'DOCKER_HOST';
  try {
    if (stated === '') [name, stated] = ['docker context', options.environment['DOCKER_CONTEXT'] ?? ''];
    const context = await readContext(options);
    for (const place of engineHosts(options, context)) {
      const found = await probe(place, options, context);
      probes.push(found);
      if (found.answers) break;
    }
  } catch (error) {
    if (!(error instanceof EngineHostError) && !(error instanceof DockerConfigError)) throw error;
    probes.push({ name, host: stated, answers: false, reason: error.message });
  }
  return probes;
}

/** A place in which an engine may be, and by which strategy. */
export interface EnginePlace {
  readonly name: string;
  readonly host: EngineHost;
  /** Whether it was stated by someone who means no other engine. */
  readonly stated: boolean;
}

/** The places in which an engine may be, each once, in the order in which they are asked. @throws EngineHostError */
export function* engineHosts(options: FindEngineOptions, context: DockerContext | undefined): Generator<EnginePlace> {
  const uid = options.uid ?? process.getuid?.();
  const seen = new Set<string>();
  for (const { name, hosts, exclusive = false } of options.strategies ?? engineStrategies) {
    const found = hosts({ environment: options.environment, uid, context });
    for (const host of found) {
      const printed = printEngineHost(host);
      if (!seen.has(printed)) yield { name, host, stated: exclusive };
      seen.add(printed);
    }
    if (exclusive && found.length > 0) return;
  }
}
