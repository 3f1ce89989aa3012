import { setTimeout as sleep } from 'node:timers/promises';
import {
  customResourceDefinitions,
  type CustomResourceDefinition,
  waitFor,
  WaitTimeoutError,
  type KubeClient,
  type KubeObject,
  type Resource,
} from '@kmd/kube-client';
import type { Kinds } from './kinds.js';
import { isRecord } from './object.js';

/** The kinds that an addon brings along with its CustomResourceDefinitions: no server knows them before they are applied. */
export function definedKinds(objects: readonly KubeObject[]): Resource[] {
  return objects.flatMap((object): Resource[] => {
    const spec: unknown = object.kind === customResourceDefinitions.kind && 'spec' in object ? object.spec : undefined;
    if (!isRecord(spec) || !isRecord(spec['names']) || !Array.isArray(spec['versions'])) return [];
    const { group, scope } = spec;
    const { kind, plural } = spec['names'];
    if (typeof group !== 'string' || typeof kind !== 'string' || typeof plural !== 'string') return [];
    return spec['versions'].flatMap((version): Resource[] =>
      isRecord(version) && typeof version['name'] === 'string'
        ? [{ group, version: version['name'], plural, kind, namespaced: scope === 'Namespaced' }]
        : [],
    );
  });
}

/** Waits until the server serves a custom kind whose definition was applied. */
export async function awaitKind(
  api: KubeClient,
  kinds: Kinds,
  { group, version, plural, kind }: Resource,
  { timeout, signal }: { timeout: number; signal: AbortSignal | undefined },
): Promise<void> {
  const deadline = Date.now() + timeout;
  const name = `${plural}.${group}`;
  const isEstablished = (definition: CustomResourceDefinition | undefined): boolean =>
    (definition?.status?.conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True');
  await waitFor(api, customResourceDefinitions, name, isEstablished, { timeout, signal });
  // Established is what the server will do; discovery says when it does.
  while ((await kinds.find(`${group}/${version}`, kind, signal)) === undefined) {
    if (Date.now() >= deadline)
      throw new WaitTimeoutError(`waited ${timeout / 1000} s for the API server to serve ${name} in vain`);
    await sleep(50, undefined, { signal });
  }
}
