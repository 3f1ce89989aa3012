import type { KubeObject } from '@kmd/kube-client';

/** What runs in a cluster for the cluster's own sake: objects to apply, and the pods by which one sees that it works. */
export interface Addon {
  /** Short, for status lines and messages: `dns`. */
  readonly name: string;
  /** In the order in which they are applied. */
  readonly objects: readonly KubeObject[];
  /** All of them have to be so; with none it is ready once its objects are applied. */
  readonly ready: Readiness | readonly Readiness[];
  /** The folder that it was read from; absent for an addon of kmd's own. */
  readonly source?: string | undefined;
}

/** Pods by which one sees that something works. */
export interface Readiness {
  readonly namespace: string;
  readonly labelSelector: string;
  /** Pods that have to be running and ready, at least. */
  readonly replicas: number;
}

const isMany = (ready: Addon['ready']): ready is readonly Readiness[] => Array.isArray(ready);

/** What an addon's readiness consists of. */
export const readinessOf = ({ ready }: Pick<Addon, 'ready'>): readonly Readiness[] => (isMany(ready) ? ready : [ready]);

export type AddonErrorCode =
  'ADDON_FOLDER' | 'ADDON_REFUSED' | 'ADDON_UNKNOWN_KIND' | 'ADDON_NOT_READY' | 'ADDON_NOT_REMOVED';

/** What went wrong with an addon, and which. */
export class AddonError extends Error {
  override readonly name = 'AddonError';
  readonly code: AddonErrorCode;
  readonly addon: string;

  constructor(code: AddonErrorCode, addon: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.addon = addon;
  }
}
