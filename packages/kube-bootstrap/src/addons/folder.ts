import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { KubeObject } from '@kmd/kube-client';
import { messageOf } from '../thrown.js';
import { AddonError, type Addon, type Readiness } from './addon.js';
import { isRecord, rankOf } from './object.js';

export interface FolderOptions {
  /** Default: made of the folder's own. Small letters, digits and dashes, as names of Kubernetes' objects are. */
  name?: string | undefined;
}

/** Names that kmd's own addons have. */
const reserved = ['dns', 'ui'];

/**
 * Reads a folder of manifests (`.yaml`, `.yml`, `.json`, in the order of their names; several documents in a file, and lists) as an addon. It is ready when
 * the pods of its deployments, stateful sets, replica sets and replication controllers are. Throws `AddonError` with file, line and column.
 */
export async function readAddonFolder(directory: string, options: FolderOptions = {}): Promise<Addon> {
  const name = options.name ?? nameOf(directory);
  const refuse = (message: string, cause?: unknown): AddonError =>
    new AddonError('ADDON_FOLDER', name, `addon ${name}: ${message}`, { cause });
  if (!/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(name) || reserved.includes(name))
    throw refuse(
      `"${name}" cannot be its name: give it one of small letters, digits and "-", other than ${reserved.join(' and ')}`,
    );
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    const detail = messageOf(cause);
    throw refuse(`the folder ${directory} cannot be read (${detail}): name one that holds manifests`, cause);
  });
  const files = entries
    .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(directory, entry.name))
    .sort();
  const objects: KubeObject[] = [];
  for (const file of files) objects.push(...(await readManifests(file, refuse)));
  if (objects.length === 0) throw refuse(`the folder ${directory} holds no manifest (.yaml, .yml or .json)`);
  const sorted = objects.toSorted((a, b) => rankOf(a) - rankOf(b));
  return { name, objects: sorted, ready: sorted.flatMap(readinessOfObject), source: resolve(directory) };
}

const nameOf = (directory: string): string =>
  basename(resolve(directory))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

async function readManifests(
  file: string,
  refuse: (message: string, cause?: unknown) => AddonError,
): Promise<KubeObject[]> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const found: KubeObject[] = [];
  for (const document of yaml.parseAllDocuments(await readFile(file, 'utf8'), { lineCounter: lines })) {
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw refuse(`${file}:${line}:${col}: ${error.message.split('\n')[0] ?? ''}`, error);
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) continue;
    const { line, col } = lines.linePos(document.range[0]);
    const listed = isRecord(value) && value['kind'] === 'List' ? value['items'] : [value];
    for (const item of Array.isArray(listed) ? listed : []) {
      if (!isRecord(item) || typeof item['kind'] !== 'string' || typeof item['apiVersion'] !== 'string')
        throw refuse(`${file}:${line}:${col}: this is no Kubernetes object: it needs apiVersion and kind`);
      found.push(item);
    }
  }
  return found;
}

/** The pods that a workload keeps; nothing for any other object. */
function readinessOfObject(object: KubeObject): Readiness[] {
  if (!['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(object.kind ?? '')) return [];
  const spec: unknown = 'spec' in object ? object.spec : undefined;
  const selector = isRecord(spec) ? spec['selector'] : undefined;
  const labels = isRecord(selector) && isRecord(selector['matchLabels']) ? selector['matchLabels'] : selector;
  const replicas = isRecord(spec) && typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
  if (!isRecord(labels) || replicas === 0) return [];
  const labelSelector = Object.entries(labels)
    .filter(([, value]) => typeof value === 'string')
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
  return labelSelector === '' ? [] : [{ namespace: object.metadata?.namespace ?? 'default', labelSelector, replicas }];
}
