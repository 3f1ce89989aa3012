import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectOf, textOf } from '../engine/answer.js';
import type { Environment } from '../environment.js';

/** Where Docker's client keeps what it was told, and how that is read. */
export interface DockerConfigOptions {
  /** `DOCKER_CONFIG` and `HOME` are looked at. */
  readonly environment: Environment;
  readonly readFile?: ((path: string) => Promise<string>) | undefined;
}

/** What this package takes from Docker's `config.json`. */
export interface DockerConfig {
  /** Where it is; absent when there is no place for one. */
  readonly folder?: string;
  /** `docker context use`. */
  readonly currentContext: string;
  /** By registry; values as they stand in the file. */
  readonly auths: Readonly<Record<string, unknown>>;
  /** Name of the helper that keeps credentials, empty for none. */
  readonly credsStore: string;
  /** Names of helpers by registry. */
  readonly credHelpers: Readonly<Record<string, unknown>>;
}

/** A file of Docker's configuration that cannot be understood. */
export class DockerConfigError extends Error {
  override readonly name = 'DockerConfigError';
  readonly code = 'docker-config';
}

/** A text of the folder; nothing when there is no such file. @throws DockerConfigError */
export async function readConfigText(path: string, { readFile }: DockerConfigOptions): Promise<string | undefined> {
  try {
    return readFile === undefined ? readFileSync(path, 'utf8') : await readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DockerConfigError(`${path} cannot be read (${why}); DOCKER_CONFIG names another folder`, { cause });
  }
}

export function parseConfig(text: string, path: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(text));
  } catch (cause) {
    throw new DockerConfigError(`${path} is not JSON; mend it, or name another folder in DOCKER_CONFIG`, { cause });
  }
}

/** Docker's configuration; an empty one when there is none. @throws DockerConfigError */
export async function readDockerConfig(options: DockerConfigOptions): Promise<DockerConfig> {
  const { DOCKER_CONFIG: stated, HOME: home } = options.environment;
  const folder = stated || (home ? join(home, '.docker') : undefined);
  const path = folder === undefined ? undefined : join(folder, 'config.json');
  const text = path === undefined ? undefined : await readConfigText(path, options);
  const found = path === undefined || text === undefined ? {} : parseConfig(text, path);
  return {
    ...(folder !== undefined && { folder }),
    currentContext: textOf(found['currentContext']),
    auths: objectOf(found['auths']),
    credsStore: textOf(found['credsStore']),
    credHelpers: objectOf(found['credHelpers']),
  };
}
