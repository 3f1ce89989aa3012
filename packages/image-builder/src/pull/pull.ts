import type { ImageEvent } from '../build/event.js';
import { readProgress } from '../output/progress.js';
import type { EngineConnection } from '../engine/connection.js';
import { EngineError } from '../engine/engine-error.js';
import { registryOf, type RegistryAuth, type RegistryLogin } from '../registry/registry-auth.js';
import { readJsonLines } from '../engine/json-lines.js';

/** An image that cannot be had. */
export class PullError extends Error {
  override readonly name = 'PullError';
  readonly code = 'pull-failed';
  readonly image: string;

  constructor(image: string, why: string, options?: ErrorOptions) {
    super(`image ${image} cannot be pulled: ${why}`, options);
    this.image = image;
  }
}

export interface PullOptions {
  /** Such as `linux/arm64`; the engine's own by default. */
  readonly platform?: string | undefined;
  /** Credentials of the registry; those that the connection finds by default. */
  readonly auth?: RegistryAuth;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((event: ImageEvent) => void) | undefined;
}

/**
 * Splits a reference into what `/images/create` calls image and tag. A digest counts as a tag; no tag is `latest`: without one the
 * engine would pull every tag there is.
 */
export function splitReference(reference: string): { name: string; tag: string } {
  const at = reference.indexOf('@');
  if (at >= 0) return { name: reference.slice(0, at), tag: reference.slice(at + 1) };
  const colon = reference.lastIndexOf(':');
  // A colon before a slash belongs to the registry's port.
  if (colon < 0 || reference.indexOf('/', colon) >= 0) return { name: reference, tag: 'latest' };
  return { name: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/**
 * Pulls an image.
 * @throws PullError when the registry or the engine refuses, or the answer breaks off; EngineError when no engine answers; the signal's reason
 */
export async function pullImage(engine: EngineConnection, image: string, options: PullOptions = {}): Promise<void> {
  const { signal, onProgress, platform } = options;
  const login: RegistryLogin =
    options.auth !== undefined ? { auth: options.auth } : ((await engine.findLogin?.(registryOf(image), signal)) ?? {});
  const failed = (why: string, cause?: unknown): PullError =>
    new PullError(image, login.problem === undefined ? why : `${why} (${login.problem})`, { cause });
  const { name, tag } = splitReference(image);
  try {
    const stream = await engine.open({
      method: 'POST',
      path: '/images/create',
      query: { fromImage: name, tag, platform },
      headers: { 'x-registry-auth': Buffer.from(JSON.stringify(login.auth ?? {})).toString('base64url') },
      signal,
    });
    let last = '';
    for await (const message of readJsonLines(stream)) {
      const progress = readProgress(message);
      if (progress?.kind === 'error') throw failed(progress.message);
      if (progress?.kind !== 'event') continue;
      if (progress.event.type === 'status') last = progress.event.text;
      onProgress?.(progress.event);
    }
    if (!/^Status: /.test(last)) throw failed('the engine broke off in the middle');
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PullError) throw error;
    if (error instanceof EngineError && error.code === 'engine-unreachable') throw error;
    throw failed(error instanceof Error ? error.message.replace(/^POST \S+ /, '') : String(error), error);
  }
}
