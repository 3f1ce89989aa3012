import type { KubeObject } from '@kmd/kube-client';

/** What runs in a cluster for the cluster's own sake: objects to apply, and the pods by which one sees that it works. */
export interface Addon {
  /** Short, for status lines and messages: `dns`. */
  readonly name: string;
  /** In the order in which they are applied. */
  readonly objects: readonly KubeObject[];
  readonly ready: {
    readonly namespace: string;
    readonly labelSelector: string;
    /** Pods that have to be running and ready, at least. */
    readonly replicas: number;
  };
}

export type AddonErrorCode = 'ADDON_REFUSED' | 'ADDON_UNKNOWN_KIND' | 'ADDON_NOT_READY';

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
