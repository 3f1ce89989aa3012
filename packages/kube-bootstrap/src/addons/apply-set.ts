import { createHash } from 'node:crypto';
import type { ConfigMap } from '@kmd/kube-client';
import type { Readiness } from './addon.js';
import type { GroupKind } from './kinds.js';

/*
 * What an addon put into a cluster is remembered in the cluster itself, as an ApplySet (KEP 3659, the "ApplySet specification"): its members carry a label
 * with the set's id, and a parent object, here a ConfigMap, says which kinds in which namespaces to look at. kubectl and others that know ApplySets leave
 * sets of another tool alone.
 */

/** By this name kmd owns the fields that it applies. */
export const FIELD_MANAGER = 'kmd';
/** Namespace of the parents. */
export const PARENT_NAMESPACE = 'kube-system';
export const ID_LABEL = 'applyset.kubernetes.io/id';
/** On members: the id of their set. */
export const PART_OF_LABEL = 'applyset.kubernetes.io/part-of';

const TOOLING = 'applyset.kubernetes.io/tooling';
const GROUP_KINDS = 'applyset.kubernetes.io/contains-group-kinds';
const NAMESPACES = 'applyset.kubernetes.io/additional-namespaces';
const TOOL = 'kmd/v1';

/** What is known of an addon that is in a cluster. */
export interface Inventory {
  addon: string;
  kinds: readonly GroupKind[];
  /** Namespaces with members. */
  namespaces: readonly string[];
  ready: readonly Readiness[];
  /** Where it was read from, for whoever wants to change it; absent for an addon of kmd's own. */
  source?: string | undefined;
}

export const parentName = (addon: string): string => `kmd-addon-${addon}`;

/** By the specification: of the parent's name, namespace, kind and group. */
export function applySetId(addon: string): string {
  const parent = [parentName(addon), PARENT_NAMESPACE, 'ConfigMap', ''].join('.');
  return `applyset-${createHash('sha256').update(parent).digest('base64url')}-v1`;
}

export function printParent({ addon, kinds, namespaces, ready, source }: Inventory): ConfigMap {
  const names = kinds.map(({ group, kind }) => (group === '' ? kind : `${kind}.${group}`));
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: parentName(addon),
      namespace: PARENT_NAMESPACE,
      labels: { [ID_LABEL]: applySetId(addon) },
      annotations: {
        [TOOLING]: TOOL,
        [GROUP_KINDS]: [...new Set(names)].sort().join(','),
        [NAMESPACES]: [...new Set(namespaces)]
          .filter((name) => name !== PARENT_NAMESPACE)
          .sort()
          .join(','),
      },
    },
    data: { addon, ready: JSON.stringify(ready), ...(source === undefined ? {} : { source }) },
  };
}

/** Undefined for what is no parent of an addon's set. */
export function parseParent({ metadata, data = {} }: ConfigMap): Inventory | undefined {
  const { annotations = {}, labels = {} } = metadata ?? {};
  const { addon, source } = data;
  if (annotations[TOOLING] !== TOOL || addon === undefined || labels[ID_LABEL] !== applySetId(addon)) return undefined;
  const words = (text = ''): string[] => text.split(',').filter((word) => word !== '');
  return {
    addon,
    kinds: words(annotations[GROUP_KINDS]).map((name) => {
      const [kind = '', ...group] = name.split('.');
      return { kind, group: group.join('.') };
    }),
    namespaces: words(annotations[NAMESPACES]),
    ready: parseReadiness(data['ready']),
    source,
  };
}

function parseReadiness(text: string | undefined): Readiness[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    // Somebody changed it by hand: then nothing is known.
    return [];
  }
  return Array.isArray(value) ? value.filter(isReadiness) : [];
}

const isReadiness = (value: unknown): value is Readiness =>
  typeof value === 'object' &&
  value !== null &&
  'namespace' in value &&
  typeof value.namespace === 'string' &&
  'labelSelector' in value &&
  typeof value.labelSelector === 'string' &&
  'replicas' in value &&
  typeof value.replicas === 'number';
