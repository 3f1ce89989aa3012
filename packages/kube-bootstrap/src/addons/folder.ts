import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { KubeObject } from '@kmd/kube-client';
import { AddonError, type Addon, type Readiness } from './addon.js';

export interface FolderOptions {
  /** The folder's own name by default. */
  name?: string | undefined;
}

/** What others need comes before them, as kubectl's users order their files; the rest as it was written. */
const order = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'ClusterRole',
  'Role',
  'ClusterRoleBinding',
  'RoleBinding',
  'Secret',
  'ConfigMap',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
];
const rank = ({ kind = '' }: KubeObject): number => (order.includes(kind) ? order.indexOf(kind) : order.length);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a folder of manifests (`.yaml`, `.yml`, `.json`, in the order of their names; several documents in a file, and lists) as an addon. It is ready when
 * the pods of its deployments, stateful sets, replica sets and replication controllers are. Throws `AddonError` with file, line and column.
 */
export async function readAddonFolder(directory: string, options: FolderOptions = {}): Promise<Addon> {
  const name = options.name ?? basename(resolve(directory));
  const refuse = (message: string, cause?: unknown): AddonError =>
    new AddonError('ADDON_FOLDER', name, `addon ${name}: ${message}`, { cause });
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw refuse(`the folder ${directory} cannot be read (${detail}): name one that holds manifests`, cause);
  });
  const files = entries
    .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(directory, entry.name))
    .sort();
  const objects: KubeObject[] = [];
  for (const file of files) objects.push(...(await readManifests(file, refuse)));
  if (objects.length === 0) throw refuse(`the folder ${directory} holds no manifest (.yaml, .yml or .json)`);
  const sorted = objects.toSorted((a, b) => rank(a) - rank(b));
  return { name, objects: sorted, ready: sorted.flatMap(readinessOfObject) };
}

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
