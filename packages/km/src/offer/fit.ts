import type { Node, Pod } from '@kmd/kube-client';
import type { Resource } from '@kmd/mesos-client';
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
export interface PodNeeds extends Demand {
  readonly pod: Pod;
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
    ...measurePod(pod, defaults),
    roles: rolesOf(pod, roles),
    ports: portWishes(pod, strategyOf(pod, ports)),
  };
}

/** The executor that an agent must be given room for, or undefined where it runs already. */
export interface ExecutorNeeds extends Demand {
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

export interface Misfit {
  /** What is missing, in numbers. */
  readonly missing: readonly string[];
}

const amount = (value: number): string => String(Math.round(value * 1000) / 1000);

/**
 * Whether a pod, and the executor if the agent has none, find room in what is offered: all or nothing (spec B10). The offer is left
 * as it was: the answer carries the resources to name in the launch, and what would be left.
 */
export function fitPod(needs: PodNeeds, { stock, node, executor }: Place): Fit | Misfit {
  const forbidden = forbidsNode(needs.pod, node);
  if (forbidden !== undefined) return { missing: [forbidden] };
  if (needs.roles.length === 0) return { missing: ["none of the roles it is annotated with is the framework's"] };
  const twice = repeatedPort(needs.ports);
  if (twice !== undefined) return { missing: [`host port ${twice} is asked for twice`] };

  const left = new Stock(stock);
  const missing: string[] = [];
  const take = (name: 'cpus' | 'mem', wanted: number, roles: readonly string[], what = ''): Resource[] => {
    const taken = left.takeScalar(name, wanted, roles);
    if (taken) return taken;
    const unit = name === 'mem' ? ' MB' : '';
    missing.push(`${name} ${amount(wanted)}${unit} wanted${what}, ${amount(left.scalar(name, roles))}${unit} free`);
    return [];
  };

  const resources = [...take('cpus', needs.cpus, needs.roles), ...take('mem', needs.mem, needs.roles)];
  // The ports asked for by number first: none of them may go to a port that takes any.
  const ports: MappedPort[] = [];
  const wishes = [...needs.ports].sort((a, b) => Number(a.hostPort === undefined) - Number(b.hostPort === undefined));
  const offered = stock.ports(needs.roles);
  let unmapped = 0;
  for (const wish of wishes) {
    const found = left.takePort(wish.hostPort, needs.roles);
    if (found) {
      resources.push(found.resource);
      ports.push({ ...wish, hostPort: found.port });
    } else if (wish.hostPort === undefined) unmapped += 1;
    else missing.push(`host port ${wish.hostPort} is not free`);
  }
  if (unmapped > 0) missing.push(`ports ${wishes.length} wanted, ${offered} free`);

  const executorResources = executor
    ? [
        ...take('cpus', executor.cpus, executor.roles, ' for the executor beside the pod'),
        ...take('mem', executor.mem, executor.roles, ' for the executor beside the pod'),
      ]
    : [];
  if (missing.length > 0) return { missing };
  return { resources, ports, executorResources, stock: left };
}

/** One line for the pod's event: how many agents were looked at, and what each lacks. */
export function explainMisfits(misfits: readonly { agent: string; missing: readonly string[] }[], shown = 8): string {
  if (misfits.length === 0) return '0/0 agents fit: Mesos has offered none yet';
  const lines = misfits.slice(0, shown).map(({ agent, missing }) => `${agent}: ${missing.join(', ')}`);
  const rest = misfits.length - lines.length;
  if (rest > 0) lines.push(`${rest} more agents likewise too small or unfit`);
  return `0/${misfits.length} agents fit: ${lines.join('; ')}`;
}
