import {
  isAlreadyExists,
  isNotFound,
  nodes,
  pods,
  type KubeApi,
  type Logger,
  type Pod,
  type PodStatus,
} from '@kmd/kube-client';
import { MIRROR } from '../annotation.js';
import { readStaticPods } from '../static-pod.js';
import type { PodAddresses } from './addresses.js';
import type { PodRun, PodRuntime } from './pod/runtime.js';
import { StatusWriter } from './status-writer.js';

export interface StaticPodsOptions {
  readonly kube: KubeApi;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly runtime: PodRuntime;
  readonly hostname: string;
  readonly ip: string;
  readonly addresses: PodAddresses;
}

interface StaticRun {
  readonly pod: Pod;
  run?: PodRun;
  writer?: StatusWriter;
  status?: PodStatus;
}

/**
 * Runs the pods that every node of this framework has, and publishes each as a mirror pod `<name>-<node>`, as a kubelet does with its
 * static pods (spec B19). They are no tasks: they come with the executor and go with it.
 */
export class StaticPods {
  readonly #options: StaticPodsOptions;
  readonly #runs = new Map<string, StaticRun>();

  constructor(options: StaticPodsOptions) {
    this.#options = options;
  }

  /** `data`: as the executor's info carries them. */
  async start(data: string | undefined): Promise<void> {
    const { hostname, ip, addresses, runtime } = this.#options;
    if (data === undefined) return;
    const owner = await this.#node();
    for (const pod of readStaticPods(data)) {
      const { name = '', namespace = 'default' } = pod.metadata ?? {};
      const mirror: Pod = {
        ...pod,
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...pod.metadata,
          name: `${name}-${hostname}`,
          namespace,
          ...(owner ? { ownerReferences: [owner] } : {}),
        },
        spec: { containers: [], ...pod.spec, nodeName: hostname },
      };
      const entry: StaticRun = { pod: mirror };
      this.#runs.set(`${namespace}/${name}-${hostname}`, entry);
      const podIP = pod.spec?.hostNetwork === true ? ip : addresses.take();
      entry.run = runtime.start(mirror, {
        hostIP: ip,
        podIP,
        nodeName: hostname,
        report: (status) => {
          entry.status = status;
          entry.writer?.write(status);
        },
      });
      await this.#publish(entry);
    }
  }

  find(namespace: string, name: string): { pod: Pod; run: PodRun | undefined } | undefined {
    const found = this.#runs.get(`${namespace}/${name}`);
    return found && { pod: found.pod, run: found.run };
  }

  list(): Pod[] {
    return [...this.#runs.values()].map(({ pod, status }) => ({ ...pod, ...(status ? { status } : {}) }));
  }

  /** Whether a pod of the API server stands for one of these, or for one of an executor before this. */
  static isMirror = (pod: Pod): boolean => pod.metadata?.annotations?.[MIRROR] !== undefined;

  /** Somebody deletes a mirror pod: the pod itself goes on, so it is published anew. */
  see({ metadata = {} }: Pod): void {
    if (metadata.deletionTimestamp === undefined) return;
    void this.#delete(metadata.namespace ?? '', metadata.name ?? '');
  }

  vanished({ metadata = {} }: Pod): void {
    const entry = this.#runs.get(`${metadata.namespace}/${metadata.name}`);
    if (entry) void this.#publish(entry);
  }

  async close(): Promise<void> {
    const all = [...this.#runs.values()];
    this.#runs.clear();
    await Promise.all(
      all.map(async ({ pod, run, writer }) => {
        writer?.close();
        await run?.stop(pod.spec?.terminationGracePeriodSeconds ?? 30);
        await this.#delete(pod.metadata?.namespace ?? '', pod.metadata?.name ?? '');
      }),
    );
  }

  async #publish(entry: StaticRun): Promise<void> {
    const { kube, logger, signal } = this.#options;
    const { namespace = '', name = '' } = entry.pod.metadata ?? {};
    entry.writer?.close();
    try {
      const made = await kube.create(pods, entry.pod, { namespace, signal }).catch(async (error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
        // An executor before this one left it: its status is ours to write from now on.
        return kube.get(pods, name, { namespace, signal });
      });
      const identity = { namespace, name, uid: made.metadata?.uid ?? '' };
      entry.writer = new StatusWriter({ kube, logger, signal }, identity, {
        written: () => undefined,
        gone: () => undefined,
      });
      if (entry.status) entry.writer.write(entry.status);
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error, pod: `${namespace}/${name}` }, 'no mirror of a static pod');
    }
  }

  async #delete(namespace: string, name: string): Promise<void> {
    try {
      await this.#options.kube.delete(pods, name, { namespace, gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isNotFound(error))
        this.#options.logger.debug({ err: error, pod: `${namespace}/${name}` }, 'mirror pod stays');
    }
  }

  /** The mirror is owned by its node, so that it goes with it; admission of a real API server asks for that. */
  async #node(): Promise<
    { apiVersion: string; kind: string; name: string; uid: string; controller: boolean } | undefined
  > {
    const { kube, hostname, signal } = this.#options;
    try {
      const { metadata } = await kube.get(nodes, hostname, { signal });
      const uid = metadata?.uid;
      return uid === undefined ? undefined : { apiVersion: 'v1', kind: 'Node', name: hostname, uid, controller: true };
    } catch {
      return undefined;
    }
  }
}
