import type { KubeApi, KubeObject, Resource } from './api.js';
import { KubeError } from './errors.js';
import { createInformer } from './informer.js';
import type { Logger } from './logger.js';
import { waitForOutcome } from './outcome.js';

export interface WaitOptions {
  namespace?: string | undefined;
  /** Milliseconds; absent: as long as it takes. */
  timeout?: number | undefined;
  signal?: AbortSignal | undefined;
  logger?: Logger | undefined;
}

export interface Selector {
  /** Absent: every object of the kind. */
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** What was waited for did not come about in time. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  readonly code = 'WAIT_TIMEOUT';
}

/** Asking again does not help against these: the credentials or the kind itself are refused. */
const fatal = (error: unknown): boolean =>
  error instanceof KubeError && [400, 401, 403, 404, 405].includes(error.status);

/**
 * Waits, by watching, until `predicate` holds for the object named `name` (undefined while there is none) and resolves to it.
 * Rejects with `WaitTimeoutError`, the signal's reason, a `KubeError` that trying again cannot cure, or what `predicate` throws.
 */
export function waitFor<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  name: string,
  predicate: (object: T | undefined) => boolean,
  options?: WaitOptions,
): Promise<T | undefined>;
/** The same for all objects that a selector matches, as a list. */
export function waitFor<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  selector: Selector,
  predicate: (objects: T[]) => boolean,
  options?: WaitOptions,
): Promise<T[]>;
export function waitFor<T extends KubeObject>(
  api: KubeApi,
  resource: Resource<T>,
  target: string | Selector,
  predicate: ((object: T | undefined) => boolean) & ((objects: T[]) => boolean),
  options: WaitOptions = {},
): Promise<T | T[] | undefined> {
  return typeof target === 'string'
    ? waitUntil(
        api,
        resource,
        { fieldSelector: `metadata.name=${target}` },
        `${resource.kind} ${target}`,
        options,
        (all) => {
          const object = all.find(({ metadata }) => metadata?.name === target);
          return predicate(object) ? { value: object } : undefined;
        },
      )
    : waitUntil(api, resource, target, resource.plural, options, (all) =>
        predicate(all) ? { value: all } : undefined,
      );
}

async function waitUntil<T extends KubeObject, R>(
  api: KubeApi,
  resource: Resource<T>,
  selector: Selector,
  what: string,
  { namespace, timeout, signal, logger }: WaitOptions,
  check: (objects: T[]) => { value: R } | undefined,
): Promise<R> {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const late = (): Error => new WaitTimeoutError(`waited ${(timeout ?? 0) / 1000} s for ${what}${where} in vain`);
  return waitForOutcome<R>({ signal, timeout, late }, ({ resolve, reject, over }) => {
    const informer = createInformer(api, resource, {
      ...selector,
      namespace,
      logger,
      onError: (error) => {
        if (fatal(error)) reject(error);
      },
    });
    const look = (): void => {
      try {
        const found = check(informer.list());
        if (found) resolve(found.value);
      } catch (error) {
        reject(error);
      }
    };
    informer.run(over).catch(reject);
    informer.synced.then(
      () => {
        // Only from here on: before, the copy is not whole.
        informer.subscribe({ added: look, updated: look, deleted: look });
        look();
      },
      () => undefined,
    );
  });
}
