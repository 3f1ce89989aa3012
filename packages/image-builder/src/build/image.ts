import type { EngineConnection } from '../engine/connection.js';
import { EngineError } from '../engine/engine-error.js';
import { splitReference } from '../pull/pull.js';

/** An image that is on the engine. */
export interface LocalImage {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Paths that the image declares as volumes. */
  readonly volumes: readonly string[];
  /** Whether it has instructions for the builds upon it (ONBUILD). */
  readonly hasTriggers?: boolean;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}

/** Looks an image up by name, id or the beginning of one. @returns nothing when it is not there @throws EngineError */
export async function findImage(
  engine: EngineConnection,
  name: string,
  signal?: AbortSignal,
): Promise<LocalImage | undefined> {
  try {
    const found = await engine.ask({ path: `/images/${name}/json`, signal });
    if (!isObject(found) || typeof found['Id'] !== 'string') return undefined;
    const config = isObject(found['Config']) ? found['Config'] : {};
    return {
      id: found['Id'],
      labels: textsOf(config['Labels']),
      volumes: isObject(config['Volumes']) ? Object.keys(config['Volumes']) : [],
      hasTriggers: Array.isArray(config['OnBuild']) && config['OnBuild'].length > 0,
    };
  } catch (error) {
    if (error instanceof EngineError && error.code === 'engine-not-found') return undefined;
    throw error;
  }
}

/** The newest image with a label, `KEY=VALUE`. */
export async function findImageByLabel(
  engine: EngineConnection,
  label: string,
  signal?: AbortSignal,
): Promise<LocalImage | undefined> {
  const found = await engine.ask({ path: '/images/json', query: { filters: { label: [label] } }, signal });
  const first: unknown = Array.isArray(found) ? found[0] : undefined;
  return isObject(first) && typeof first['Id'] === 'string' ? findImage(engine, first['Id'], signal) : undefined;
}

/** Gives an image another name. */
export async function tagImage(
  engine: EngineConnection,
  id: string,
  reference: string,
  signal?: AbortSignal,
): Promise<void> {
  const { name, tag } = splitReference(reference);
  await engine.ask({ method: 'POST', path: `/images/${id}/tag`, query: { repo: name, tag }, signal });
}
