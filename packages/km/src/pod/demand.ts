import { parseQuantity, printCpu, type Container, type Pod } from '@kmd/kube-client';
import { mesosResource } from './resource-name.js';

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

/** Amounts of Mesos' scalars: cores, mebibytes (of `disk`, too), and whatever else agents have, by name. */
export interface Demand {
  readonly cpus: number;
  readonly mem: number;
  readonly [resource: string]: number;
}

/** Mesos counts in thousandths. */
const round = (value: number): number => Math.ceil(value * 1000 - 1e-6) / 1000;

/** What a container is counted with: limits, and requests where there are none. Without either the default; storage and others only when asked for. */
function demandOf({ resources = {} }: Container, defaults: ContainerDefaults): Demand {
  const asked: Record<string, number> = {};
  for (const [kube, quantity] of Object.entries({ ...resources.requests, ...resources.limits })) {
    const { name, unit } = mesosResource(kube);
    asked[name] = round(parseQuantity(quantity) / unit);
  }
  const { cpus = defaults.cpus, mem = defaults.mem, ...others } = asked;
  return { cpus: Math.max(round(cpus), minimum.cpus), mem: Math.max(round(mem), minimum.mem), ...others };
}

function combine(a: Demand, b: Demand, reckon: (x: number, y: number) => number): Demand {
  const both: Record<string, number> = {};
  for (const name of Object.keys({ ...a, ...b })) both[name] = round(reckon(a[name] ?? 0, b[name] ?? 0));
  return { ...both, cpus: both['cpus'] ?? 0, mem: both['mem'] ?? 0 };
}

export const nothing: Demand = { cpus: 0, mem: 0 };
export const addDemands = (a: Demand, b: Demand): Demand => combine(a, b, (x, y) => x + y);
const largerOf = (a: Demand, b: Demand): Demand => combine(a, b, Math.max);

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
  let sidecars = nothing;
  let start = nothing;
  for (const container of pod.spec?.initContainers ?? []) {
    const demand = demandOf(container, defaults);
    if (isSidecar(container)) {
      sidecars = addDemands(sidecars, demand);
      start = largerOf(start, sidecars);
    } else start = largerOf(start, addDemands(sidecars, demand));
  }
  const running = (pod.spec?.containers ?? [])
    .map((container) => demandOf(container, defaults))
    .reduce(addDemands, sidecars);
  return largerOf(start, running);
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
