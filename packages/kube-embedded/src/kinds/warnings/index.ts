import type { JsonObject } from '../../json/tree.js';
import type { Kind } from '../kind.js';
import { clusterWarners } from './cluster.js';
import { networkWarners } from './network.js';
import type { Warner } from './warner.js';
import { workloadWarners } from './workload.js';

const warners: Readonly<Record<string, Warner>> = { ...workloadWarners, ...networkWarners, ...clusterWarners };

/** Warnings of a new object that is taken. */
export const warningsOfNew = (kind: Kind, object: JsonObject): readonly string[] =>
  warners[kind.store]?.created?.(object) ?? [];

/** Warnings of a change that is taken, of an object or by way of a subresource. */
export function warningsOfChange(
  kind: Kind,
  subresource: string,
  object: JsonObject,
  old: JsonObject,
): readonly string[] {
  const warner = warners[kind.store];
  if (subresource === 'status') return warner?.status?.(object) ?? [];
  return subresource === '' ? (warner?.updated?.(object, old) ?? []) : [];
}
