import { existsSync } from 'node:fs';
import { type DockerEngine } from '@kmd/compose-runner';
import { EngineError } from '@kmd/image-builder';
import { imageLabel } from '../images/build.js';
import { clusterPaths } from '../state/paths.js';
import { entriesOf, fieldsOf, textOf } from './answer.js';
import type { CleanupOptions, Leftover } from '../life/clean-up.js';
import { openEngine, requireEngine } from './engine.js';
import { clusterLabels } from './project.js';

/** What `cleanUp` does. */
export async function removeLeftovers(options: CleanupOptions): Promise<Leftover[]> {
  const { host } = await requireEngine(options.environment ?? process.env, options.signal);
  const engine = openEngine(host);
  try {
    const found = await findLeftovers(engine, options);
    if (options.dryRun) return found.map(({ leftover }) => leftover);
    const removed: Leftover[] = [];
    for (const { id, leftover } of found) {
      if (await remove(engine, leftover.kind, id, options.signal)) removed.push(leftover);
    }
    return removed;
  } finally {
    engine.close();
  }
}

interface Found {
  id: string;
  leftover: Leftover;
}

const lists = [
  { kind: 'container', path: '/containers/json', key: undefined },
  { kind: 'network', path: '/networks', key: undefined },
  { kind: 'volume', path: '/volumes', key: 'Volumes' },
] as const;

async function findLeftovers(engine: DockerEngine, options: CleanupOptions): Promise<Found[]> {
  const { signal } = options;
  const found: Found[] = [];
  for (const { kind, path, key } of lists) {
    const query = { all: true, filters: { label: [clusterLabels.home] } };
    const answer = await engine.connection.ask({ path, query, signal });
    for (const entry of entriesOf(key === undefined ? answer : fieldsOf(answer)[key])) {
      const labels = fieldsOf(entry['Labels']);
      const [home, cluster] = [textOf(labels[clusterLabels.home]), textOf(labels[clusterLabels.name])];
      if (!isOrphan(home, cluster)) continue;
      const names = entry['Names'];
      const name = Array.isArray(names) ? textOf(names[0]).replace(/^\//, '') : textOf(entry['Name']);
      found.push({ id: textOf(entry['Id']) || name, leftover: { kind, name, cluster } });
    }
  }
  const query = { all: false, filters: { label: [imageLabel] } };
  for (const entry of entriesOf(await engine.connection.ask({ path: '/images/json', query, signal }))) {
    const tags = (Array.isArray(entry['RepoTags']) ? entry['RepoTags'].map(textOf) : []).filter(
      (tag) => !tag.includes('<none>'),
    );
    if (tags.length > 0 && !options.images) continue;
    const id = textOf(entry['Id']);
    if (tags.length === 0) found.push({ id, leftover: { kind: 'image', name: id.slice(0, 19) } });
    for (const tag of tags) found.push({ id: tag, leftover: { kind: 'image', name: tag } });
  }
  return found;
}

/** A cluster of which no state folder knows. A label that kmd would not have written counts for nothing. */
function isOrphan(home: string, cluster: string): boolean {
  try {
    return home !== '' && !existsSync(clusterPaths(home, cluster).state);
  } catch {
    return false;
  }
}

/** False for an image that something still uses, and for what has gone by itself. */
async function remove(
  engine: DockerEngine,
  kind: Leftover['kind'],
  id: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    if (kind === 'container') await engine.remove(id, { force: true, volumes: true, ...(signal ? { signal } : {}) });
    else if (kind === 'network') await engine.removeNetwork(id, { signal });
    else if (kind === 'volume') await engine.removeVolume(id, { signal });
    else await engine.removeImage(id, { signal });
    return true;
  } catch (error) {
    if (error instanceof EngineError && ['engine-not-found', 'engine-conflict'].includes(error.code)) return false;
    throw error;
  }
}
