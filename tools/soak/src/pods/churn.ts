import { setTimeout as delay } from 'node:timers/promises';
import { deployments, isAlreadyExists, listAll, pods, type KubeClient } from '@kmd/kube-client';
import { pick, seeded } from '../random.js';

export const NAMESPACE = 'default';
/** Between two changes, milliseconds on average. */
const GAP = 400;
const MOST = 8;

/** What people do to a cluster: deployments that are scaled, pods that are deleted. Knows how many pods of each deployment there ought to be. */
export class Churn {
  readonly wanted = new Map([
    ['web', 6],
    ['queue', 4],
    ['batch', 2],
  ]);
  readonly #kube: KubeClient;
  readonly #random: () => number;

  constructor(kube: KubeClient, seed: number) {
    this.#kube = kube;
    this.#random = seeded(seed);
  }

  /** Makes the deployments. Tries until the API server takes them or the signal aborts. */
  async begin(signal: AbortSignal): Promise<void> {
    for (const [name, replicas] of this.wanted)
      await insist(signal, async () => {
        const labels = { app: name };
        const containers = [{ name, image: name, ports: [{ containerPort: 80 }] }];
        await this.#kube
          .create(deployments, {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name, namespace: NAMESPACE },
            spec: {
              replicas,
              selector: { matchLabels: labels },
              template: { metadata: { labels }, spec: { containers, terminationGracePeriodSeconds: 1 } },
            },
          })
          .catch((error: unknown) => {
            if (!isAlreadyExists(error)) throw error;
          });
      });
  }

  /** Goes on until the signal aborts; what the API server does not take is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(this.#random() * 2 * GAP, undefined, { signal }).catch(() => undefined);
      await (this.#random() < 0.5 ? this.#scale(signal) : this.#deletePod()).catch(() => undefined);
    }
  }

  async #scale(signal: AbortSignal): Promise<void> {
    const name = pick([...this.wanted.keys()], this.#random()) ?? '';
    const replicas = Math.floor(this.#random() * (MOST + 1));
    await insist(signal, async () => {
      await this.#kube.patch(
        deployments,
        name,
        { spec: { replicas } },
        { namespace: NAMESPACE, type: 'merge', signal },
      );
      this.wanted.set(name, replicas);
    });
  }

  async #deletePod(): Promise<void> {
    const [choice, grace] = [this.#random(), this.#random() < 0.5 ? 0 : 1];
    const { items } = await listAll(this.#kube, pods, { namespace: NAMESPACE });
    const name = pick(items, choice)?.metadata?.name;
    if (name !== undefined) await this.#kube.delete(pods, name, { namespace: NAMESPACE, gracePeriodSeconds: grace });
  }
}

async function insist(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted)
    try {
      return await work();
    } catch {
      // The API server is dead or asleep: both pass.
      await delay(200, undefined, { signal }).catch(() => undefined);
    }
}
