import type { JsonObject } from '../json/tree.js';
import type { Authorizer } from '../auth/authorize.js';
import type { ServiceAccountTokens } from '../auth/service-account-tokens.js';
import type { Kinds } from '../crd/kinds.js';
import type { Store } from '../storage/store.js';
import type { ServiceNetwork } from '../services/network.js';

/** Who makes a request, as `kubectl auth whoami` shows it. */
export interface User {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A client certificate and its key, PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What every request works on. Time, ids and randomness come in here, so that tests can hold them. */
export interface Backend {
  readonly store: Store;
  readonly kinds: Kinds;
  readonly network: ServiceNetwork;
  readonly tokens: ServiceAccountTokens;
  readonly authorizer: Authorizer;
  /** By what this server shows kubelets who it is. Without it they are asked over plain HTTP. */
  readonly kubeletClient?: ClientCertificate | undefined;
  now(): Date;
  uid(): string;
  random(): number;
}

/** How a write asks to be done. */
export interface WriteRequest {
  readonly dryRun?: boolean;
  /** The manager that `managedFields` names; without one nothing is recorded. */
  readonly manager?: string;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  /** Fields that the body names more than once. */
  readonly duplicates?: readonly string[];
  /** Collects what the answer's Warning headers say. */
  readonly warnings?: string[];
  readonly user?: User;
}

/** `2026-11-22T09:28:16Z`: times in objects have whole seconds. */
export const stamp = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;

export const keyOf = (namespace: string | undefined, name: string): string =>
  namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;

export type { JsonObject };
