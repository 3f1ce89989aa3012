import type { Node, Pod } from '@kmd/kube-client';
import type { Resource } from '@kmd/mesos-client';
import type { Lack } from './lack.js';
import { containerDefaults, measurePod, type ContainerDefaults, type Demand } from '../pod/demand.js';
import { forbidsNode } from '../pod/placement.js';
import {
  portWishes,
  repeatedPort,
  strategyOf,
  type MappedPort,
  type PortStrategy,
  type PortWish,
} from '../pod/ports.js';
import { rolesOf, type Roles } from '../pod/roles.js';
import { Stock } from './stock.js';

/** Everything about a pod that its fit depends on, worked out once. */
export interface PodNeeds {
  readonly pod: Pod;
  readonly demand: Demand;
  readonly roles: readonly string[];
  readonly ports: readonly PortWish[];
}

export interface NeedsOptions {
  readonly defaults?: ContainerDefaults | undefined;
  readonly ports?: PortStrategy | undefined;
}

/** Reads a pod's needs. Throws `QuantityError`. */
export function needsOf(pod: Pod, roles: Roles, { defaults = containerDefaults, ports }: NeedsOptions = {}): PodNeeds {
  return {
    pod,
    demand: measurePod(pod, defaults),
    roles: rolesOf(pod, roles),
    ports: portWishes(pod, strategyOf(pod, ports)),
  };
}

/** The executor that an agent must be given room for, or undefined where it runs already. */
export interface ExecutorNeeds {
  readonly demand: Demand;
  /** Roles in the order in which the framework likes to spend them. */
  readonly roles: readonly string[];
}

/** Where a pod may go. */
export interface Place {
  /** What the agent's offers have left. */
  readonly stock: Stock;
  readonly node: Node;
  readonly executor?: ExecutorNeeds | undefined;
}

export interface Fit {
  /** The task's own resources. */
  readonly resources: Resource[];
  readonly ports: MappedPort[];
  /** What the executor takes; empty where it runs already. */
  readonly executorResources: Resource[];
  /** What is left afterwards. */
  readonly stock: Stock;
}

/** What is missing, in numbers. */
export interface Unfit {
  readonly lacks: readonly Lack[];
}

const megabytes: ReadonlySet<string> = new Set(['mem', 'disk']);

/**
 * Whether a pod, and the executor if the agent has none, find room in what is offered: all or nothing (spec B10). The offer is left
 * as it was: the answer carries the resources to name in the launch, and what would be left.
 */
export function fitPod({ pod, demand, roles, ports: wanted }: PodNeeds, { stock, node, executor }: Place): Fit | Unfit {
  const forbidden = forbidsNode(pod, node);
  if (forbidden !== undefined) return { lacks: [{ what: forbidden }] };
  if (roles.length === 0) return { lacks: [{ what: "without a role of the pod's, which are not the framework's" }] };
  const twice = repeatedPort(wanted);
  if (twice !== undefined) return { lacks: [{ what: `with host port ${twice} once, and the pod asks for it twice` }] };

  const left = new Stock(stock);
  const lacks: Lack[] = [];
  const take = (amounts: Demand, from: readonly string[], what = ''): Resource[] =>
    Object.entries(amounts).flatMap(([name, amount]) => {
      const taken = left.takeScalar(name, amount, from);
      if (taken) return taken;
      const unit = megabytes.has(name) ? ' MB' : '';
      lacks.push({ what: `without enough ${name}${what}`, wanted: amount, free: left.scalar(name, from), unit });
      return [];
    });

  const resources = take(demand, roles);
  // The ports asked for by number first: none of them may go to a port that takes any.
  const ports: MappedPort[] = [];
  const wishes = [...wanted].sort((a, b) => Number(a.hostPort === undefined) - Number(b.hostPort === undefined));
  let unmapped = 0;
  for (const wish of wishes) {
    const found = left.takePort(wish.hostPort, roles);
    if (found) {
      resources.push(found.resource);
      ports.push({ ...wish, hostPort: found.port });
    } else if (wish.hostPort === undefined) unmapped += 1;
    else lacks.push({ what: `without host port ${wish.hostPort} free` });
  }
  if (unmapped > 0) lacks.push({ what: 'without enough ports', wanted: wishes.length, free: stock.ports(roles) });

  const executorResources = executor ? take(executor.demand, executor.roles, ' for the executor beside the pod') : [];
  if (lacks.length > 0) return { lacks };
  return { resources, ports, executorResources, stock: left };
}
