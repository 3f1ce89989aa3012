import { parseQuantity, printCpu, type Container, type Pod } from '@kmd/kube-client';

/** What a container without limits counts as (spec B3: `--default-container-cpu-limit`, `-mem-limit`). */
export interface ContainerDefaults {
  /** Cores. */
  readonly cpus: number;
  /** Mebibytes. */
  readonly mem: number;
}

export const containerDefaults: ContainerDefaults = { cpus: 0.25, mem: 64 };

/** The smallest share a container can have (spec B20). */
const minimum: ContainerDefaults = { cpus: 0.01, mem: 32 };

/** Cores and mebibytes. */
export interface Demand {
  readonly cpus: number;
  readonly mem: number;
}

const MEBIBYTE = 2 ** 20;
/** Mesos counts in thousandths. */
const round = (value: number): number => Math.ceil(value * 1000 - 1e-6) / 1000;

function limitOf(container: Container, name: 'cpu' | 'memory'): number | undefined {
  const text = container.resources?.limits?.[name] ?? container.resources?.requests?.[name];
  return text === undefined ? undefined : parseQuantity(text);
}

function demandOf(container: Container, defaults: ContainerDefaults): Demand {
  const cpus = limitOf(container, 'cpu') ?? defaults.cpus;
  const memory = limitOf(container, 'memory');
  const mem = memory === undefined ? defaults.mem : memory / MEBIBYTE;
  return { cpus: Math.max(round(cpus), minimum.cpus), mem: Math.max(round(mem), minimum.mem) };
}

const sum = (a: Demand, b: Demand): Demand => ({ cpus: round(a.cpus + b.cpus), mem: round(a.mem + b.mem) });
const max = (a: Demand, b: Demand): Demand => ({ cpus: Math.max(a.cpus, b.cpus), mem: Math.max(a.mem, b.mem) });

/** A container that starts before the others and runs beside them (`restartPolicy: Always` on an init container). */
const isSidecar = (container: Container): boolean =>
  'restartPolicy' in container && container.restartPolicy === 'Always';

/**
 * What a pod takes from an offer: the sum of its containers' limits. A container without limits counts as the default, with a
 * request only as its request, and at least 0.01 cpu and 32 MB (spec B20). Init containers, which the original did not count,
 * raise the sum to the largest moment of the pod's start, as Kubernetes reckons: each runs with the sidecars started before it.
 * Throws `QuantityError`.
 */
export function measurePod(pod: Pod, defaults: ContainerDefaults = containerDefaults): Demand {
  let sidecars: Demand = { cpus: 0, mem: 0 };
  let start: Demand = { cpus: 0, mem: 0 };
  for (const container of pod.spec?.initContainers ?? []) {
    const demand = demandOf(container, defaults);
    if (isSidecar(container)) {
      sidecars = sum(sidecars, demand);
      start = max(start, sidecars);
    } else start = max(start, sum(sidecars, demand));
  }
  const running = (pod.spec?.containers ?? []).map((container) => demandOf(container, defaults)).reduce(sum, sidecars);
  return max(start, running);
}

/** The container with the limits and requests written into it that {@link measurePod} counts. */
export function limitContainer(container: Container, defaults: ContainerDefaults = containerDefaults): Container {
  const { cpus, mem } = demandOf(container, defaults);
  const enforced = { cpu: printCpu(cpus), memory: `${Math.ceil(mem)}Mi` };
  const { limits, requests } = container.resources ?? {};
  return {
    ...container,
    resources: {
      ...container.resources,
      limits: { ...limits, ...enforced },
      requests: { ...enforced, ...requests },
    },
  };
}
