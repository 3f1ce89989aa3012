import type { Resource } from '@kmd/mesos-client';

import { reservedTo } from '../../resources.js';
import { change, changeAll, type Quantities } from './holdings.js';

/** Scalars of an agent: all, and those reserved to each role. */
interface AgentAmounts {
  readonly all: Quantities;
  readonly reserved: ReadonlyMap<string, Quantities>;
}

/** The scalars of the whole cluster, kept up to date agent by agent, so that a round need not count them. */
export class ClusterTotals {
  readonly #byAgent = new Map<string, AgentAmounts>();
  readonly #all = new Map<string, number>();
  readonly #reserved = new Map<string, Map<string, number>>();

  get all(): Quantities {
    return this.#all;
  }

  /** What is reserved, by role. */
  get reserved(): ReadonlyMap<string, Quantities> {
    return this.#reserved;
  }

  /** Notes what an agent has now. */
  set(agentId: string, resources: readonly Resource[]): void {
    this.remove(agentId);
    const amounts = amountsOf(resources);
    this.#byAgent.set(agentId, amounts);
    this.#count(amounts, 1);
  }

  remove(agentId: string): void {
    const amounts = this.#byAgent.get(agentId);
    if (amounts === undefined) return;
    this.#byAgent.delete(agentId);
    this.#count(amounts, -1);
  }

  clear(): void {
    for (const id of [...this.#byAgent.keys()]) this.remove(id);
  }

  #count({ all, reserved }: AgentAmounts, sign: 1 | -1): void {
    changeAll(this.#all, all, sign);
    for (const [role, amounts] of reserved) {
      let sum = this.#reserved.get(role);
      if (sum === undefined) this.#reserved.set(role, (sum = new Map()));
      changeAll(sum, amounts, sign);
      if (sum.size === 0) this.#reserved.delete(role);
    }
  }
}

function amountsOf(resources: readonly Resource[]): AgentAmounts {
  const all = new Map<string, number>();
  const reserved = new Map<string, Map<string, number>>();
  for (const resource of resources) {
    if (resource.scalar === undefined) continue;
    change(all, resource.name, resource.scalar.value);
    const role = reservedTo(resource);
    if (role === undefined) continue;
    let sum = reserved.get(role);
    if (sum === undefined) reserved.set(role, (sum = new Map()));
    change(sum, resource.name, resource.scalar.value);
  }
  return { all, reserved };
}
