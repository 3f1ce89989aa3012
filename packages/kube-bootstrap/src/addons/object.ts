import type { KubeObject } from '@kmd/kube-client';

/** An object as messages name it: `Deployment kube-system/coredns`. */
export function describeObject({ kind, metadata }: KubeObject): string {
  const { name, namespace } = metadata ?? {};
  return `${kind ?? 'object'} ${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`;
}

/** Group of an object's `apiVersion`; empty for the core group. */
export const groupOf = ({ apiVersion = '' }: KubeObject): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** What others need comes before them, as kubectl's users order their files. */
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

/** Objects of a lower rank are applied before, and removed after, those of a higher one. */
export const rankOf = ({ kind = '' }: { kind?: string }): number =>
  order.includes(kind) ? order.indexOf(kind) : order.length;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
