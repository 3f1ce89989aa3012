import type { JsonObject } from '../json/tree.js';
import type { Column } from './columns/column.js';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A subresource as discovery lists it: which verbs, and which kind it speaks when that is not the owner's. */
export interface Subresource {
  readonly name: string;
  readonly verbs: readonly string[];
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

/** What a custom resource definition says of its kind. */
export interface CustomKind {
  /** Name of the definition of its fields. */
  readonly definition: string;
  readonly schema: JsonObject;
  readonly columns: readonly Column[];
}

/** One row of the table of served kinds. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Where objects are kept: kinds that are views of the same objects (`events`) share it. */
  readonly store: string;
  /** Group and version of the objects in the store. */
  readonly storedAs: string;
  /** `metadata.generation` counts the changes of the desired state. */
  readonly counted: boolean;
  readonly custom?: CustomKind;
}

export const groupVersion = (kind: Pick<Kind, 'group' | 'version'>): string =>
  kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
