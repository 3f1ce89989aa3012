import { type JsonObject, clone, drop, ensureObject } from '../json/tree.js';
import { templateGeneration } from './defaults/workload.js';
import type { Kind } from './kind.js';
import { zeroOf } from './zero.js';

const withReplicas = (object: JsonObject): void => void (ensureObject(object, 'spec')['replicas'] = 0);

/** What the real server's internal form of a kind holds by value, and its versions point to: of an object that says nothing it is written as zero. */
const held: Readonly<Record<string, (object: JsonObject) => void>> = {
  'deployments.apps': withReplicas,
  'replicasets.apps': withReplicas,
  'statefulsets.apps': withReplicas,
  'daemonsets.apps': (object) => {
    ensureObject(object, 'metadata')['annotations'] = { [templateGeneration]: '0' };
  },
};

/** The object of a kind, as it is served, of which nothing is known: a bookmark carries one. */
export function emptyOf(kind: Kind): JsonObject {
  const empty = clone(zeroOf(kind));
  held[kind.store]?.(empty);
  for (const field of ['kind', 'apiVersion']) drop(empty, field);
  return empty;
}
