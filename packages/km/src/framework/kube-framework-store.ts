import { configMaps, isAlreadyExists, isNotFound, type ConfigMap, type KubeApi } from '@kmd/kube-client';
import type { FrameworkStore } from '@kmd/mesos-client';

export interface KubeFrameworkStoreOptions {
  readonly kube: KubeApi;
  /** The framework's name: one ConfigMap for each. */
  readonly frameworkName?: string | undefined;
  /** Default `kube-system`. */
  readonly namespace?: string | undefined;
}

const KEY = 'frameworkId';

/** A name that Kubernetes takes, from one that Mesos took. */
export const objectName = (prefix: string, frameworkName: string): string =>
  `${prefix}-${frameworkName.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')}`.replace(/-+$/, '').slice(0, 253);

/** Keeps the framework's id in a ConfigMap, beside the pods whose tasks belong to it, where every instance of the scheduler finds it. */
export class KubeFrameworkStore implements FrameworkStore {
  readonly #kube: KubeApi;
  readonly #name: string;
  readonly #namespace: string;

  constructor({ kube, frameworkName = 'Kubernetes', namespace = 'kube-system' }: KubeFrameworkStoreOptions) {
    this.#kube = kube;
    this.#name = objectName('km-framework', frameworkName);
    this.#namespace = namespace;
  }

  /** Throws `KubeError`: a scheduler that does not know whether it has an id must not register as a new framework. */
  async load(): Promise<string | undefined> {
    try {
      const { data } = await this.#kube.get(configMaps, this.#name, { namespace: this.#namespace });
      return data?.[KEY] || undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async save(frameworkId: string): Promise<void> {
    const namespace = this.#namespace;
    const object: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: this.#name, namespace, labels: { 'app.kubernetes.io/name': 'km' } },
      data: { [KEY]: frameworkId },
    };
    try {
      await this.#kube.create(configMaps, object, { namespace });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      await this.#kube.patch(configMaps, this.#name, { data: object.data }, { namespace, type: 'merge' });
    }
  }

  async clear(): Promise<void> {
    try {
      await this.#kube.delete(configMaps, this.#name, { namespace: this.#namespace });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
