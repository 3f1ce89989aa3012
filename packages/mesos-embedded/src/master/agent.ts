import type { AgentInfo, Offer, Resource, Task } from '@kmd/mesos-client';
import { addResources, equalResources, isShared, ResourceCollection, subtractResources } from '@kmd/mesos-client';

import type { Timer } from '../clock.js';
import type { AgentLink, ToAgent } from '../link.js';
import { normalise } from '../resources.js';
import type { Drain } from './draining.js';
import type { Framework } from './framework.js';

/** The word that a task is to end. */
export type Kill = ToAgent & { type: 'KILL' };

/** An offer that is out, and what it holds. */
export interface OfferRecord {
  readonly id: string;
  readonly framework: Framework;
  readonly agent: Agent;
  readonly role: string;
  /** In the newer form, without allocation. */
  readonly resources: readonly Resource[];
  readonly offer: Offer;
}

/** An agent as the master knows it. */
export class Agent {
  readonly id: string;
  info: AgentInfo;
  address: { ip: string; port: number };
  readonly version: string;
  link: AgentLink | undefined;
  /** What it has to hear when it is back. */
  readonly kills: Kill[] = [];
  /** Deactivated by an operator: its tasks run on, it is not offered. */
  deactivated = false;
  drain: Drain | undefined;
  #total: readonly Resource[];
  /** What is used or offered, without allocation. */
  readonly #taken = new ResourceCollection();
  #available: readonly Resource[] | undefined;
  /** What tasks and executors use; each resource with its allocation. */
  used: Resource[] = [];
  readonly offers = new Set<OfferRecord>();
  /** By framework id, then task id. */
  readonly tasks = new Map<string, Map<string, Task>>();
  readonly registeredTime: number;
  reregisteredTime: number | undefined;
  pingTimer: Timer | undefined;
  missedPings = 0;

  constructor(id: string, info: AgentInfo, address: { ip: string; port: number }, version: string, now: number) {
    this.id = id;
    this.info = { ...info, id: { value: id } };
    this.address = address;
    this.version = version;
    this.#total = normalise(info.resources ?? []);
    this.registeredTime = now;
  }

  get connected(): boolean {
    return this.link !== undefined;
  }

  get active(): boolean {
    return this.connected && !this.deactivated;
  }

  /** `slave(1)@ip:port`, the name of the agent's process. */
  get pid(): string {
    return `slave(1)@${this.address.ip}:${String(this.address.port)}`;
  }

  get total(): readonly Resource[] {
    return this.#total;
  }

  /** What is used stays used. Returns whether that is something else than before. */
  replaceTotal(resources: readonly Resource[]): boolean {
    const total = normalise(resources);
    if (equalResources(this.#total, total)) return false;
    this.#total = total;
    this.#available = undefined;
    return true;
  }

  get hasGpu(): boolean {
    return this.#total.some(({ name, scalar }) => name === 'gpus' && (scalar?.value ?? 0) > 0);
  }

  /**
   * What may be offered: neither used nor offered; shared volumes always (hierarchical.hpp, Slave::updateAvailable, whose order
   * Mesos' error texts show).
   */
  get available(): readonly Resource[] {
    if (this.#available !== undefined) return this.#available;
    const shared = this.#total.filter(isShared);
    const own = shared.length === 0 ? this.#total : this.#total.filter((resource) => !isShared(resource));
    this.#available = [...new ResourceCollection(own).subtract(this.#taken), ...shared];
    return this.#available;
  }

  /** Takes resources for an offer, or for what runs already. */
  take(resources: readonly Resource[]): void {
    this.#taken.add(normalise(resources));
    this.#available = undefined;
  }

  /** Gives resources back to be offered. */
  release(resources: readonly Resource[]): void {
    this.#taken.subtract(normalise(resources));
    this.#available = undefined;
  }

  /** Books allocated resources as used. They were taken by an offer before. */
  use(resources: readonly Resource[]): void {
    this.used = addResources(this.used, [...resources]);
  }

  unuse(resources: readonly Resource[]): void {
    this.used = subtractResources(this.used, [...resources]);
  }

  task(frameworkId: string, taskId: string): Task | undefined {
    return this.tasks.get(frameworkId)?.get(taskId);
  }

  addTask(task: Task): void {
    let tasks = this.tasks.get(task.framework_id.value);
    if (tasks === undefined) this.tasks.set(task.framework_id.value, (tasks = new Map()));
    tasks.set(task.task_id.value, task);
  }

  removeTask(task: Task): void {
    const tasks = this.tasks.get(task.framework_id.value);
    tasks?.delete(task.task_id.value);
    if (tasks?.size === 0) this.tasks.delete(task.framework_id.value);
  }
}
