import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Pod } from '@kmd/kube-client';
import { MIRROR, STATIC_HASH, STATIC_SOURCE } from './annotation.js';
import { addDemands, limitContainer, measurePod, nothing, type ContainerDefaults, type Demand } from './pod/demand.js';

/** A static pod that cannot be run (`code` is `InvalidStaticPod`). */
export class StaticPodError extends Error {
  override readonly name = 'StaticPodError';
  readonly code = 'InvalidStaticPod';
}

/** What executors are given of the static pods. */
export interface StaticPodSet {
  /** Bytes for `ExecutorInfo.data`, base64: a gzipped PodList, as the original's. */
  readonly data: string;
  /** Tells one set from another. */
  readonly hash: string;
  /** What they take together, on top of the executor's own share. */
  readonly demand: Demand;
}

/**
 * Prepares static pods for the executors: default limits written in, annotated as mirrors. Undefined for none. Throws `StaticPodError` for one
 * without a name or containers, `QuantityError` for amounts that are none.
 */
export function packStaticPods(pods: readonly Pod[], defaults?: ContainerDefaults): StaticPodSet | undefined {
  if (pods.length === 0) return undefined;
  let demand = nothing;
  const items = pods.map((pod, index): Pod => {
    const name = pod.metadata?.name;
    if (!name || !pod.spec?.containers.length)
      throw new StaticPodError(
        `static pod ${index + 1} (${name ?? 'without a name'}) needs metadata.name and spec.containers`,
      );
    demand = addDemands(demand, measurePod(pod, defaults));
    const containers = pod.spec.containers.map((container) => limitContainer(container, defaults));
    const hash = createHash('md5').update(JSON.stringify(pod)).digest('hex');
    const annotations = { ...pod.metadata?.annotations, [MIRROR]: hash, [STATIC_HASH]: hash, [STATIC_SOURCE]: 'file' };
    return { ...pod, metadata: { ...pod.metadata, annotations }, spec: { ...pod.spec, containers } };
  });
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'PodList', items });
  return {
    data: gzipSync(text).toString('base64'),
    hash: createHash('md5').update(text).digest('hex'),
    demand,
  };
}

/** The pods in what {@link packStaticPods} made. */
export function readStaticPods(data: string): readonly Pod[] {
  const list: unknown = JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString('utf8'));
  return typeof list === 'object' && list !== null && 'items' in list && Array.isArray(list.items) ? list.items : [];
}
