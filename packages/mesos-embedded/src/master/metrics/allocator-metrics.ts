import { quantitiesOf } from '@kmd/mesos-client';

import { changeAll, isFree, type Quantities } from '../allocation/holdings.js';
import { dominantShare } from '../allocation/role-tree.js';
import type { Master } from '../master.js';

/** What the allocator has, and has done (src/master/allocator/mesos/metrics.cpp). */
export function* allocatorMetrics(master: Master): Iterable<[string, number]> {
  const { allocator } = master;
  yield ['allocator/event_queue_dispatches', 0];
  yield ['allocator/mesos/event_queue_dispatches', 0];
  yield ['allocator/mesos/allocation_runs', allocator.runs.count];
  yield* allocator.runs.metrics('allocator/mesos/allocation_run_ms');
  yield* allocator.latencies.metrics('allocator/mesos/allocation_run_latency_ms');
  const held = heldByRole(master);
  const all = new Map<string, number>();
  for (const amounts of held.values()) changeAll(all, amounts.all);
  for (const name of ['cpus', 'disk', 'mem']) {
    yield [`allocator/mesos/resources/${name}/offered_or_allocated`, all.get(name) ?? 0];
    yield [`allocator/mesos/resources/${name}/total`, allocator.totals.all.get(name) ?? 0];
  }
  yield* roleMetrics(master, held);
  yield* quotaMetrics(master, held);
}

interface Held {
  readonly all: Map<string, number>;
  readonly free: Map<string, number>;
}

function heldByRole(master: Master): Map<string, Held> {
  const held = new Map<string, Held>();
  for (const { roles, holdings } of master.frameworks.values()) {
    for (const role of new Set([...roles, ...holdings.roles])) {
      const sums = held.get(role) ?? { all: new Map<string, number>(), free: new Map<string, number>() };
      changeAll(sums.all, holdings.of(role));
      changeAll(sums.free, holdings.freeOf(role));
      held.set(role, sums);
    }
  }
  return held;
}

function* roleMetrics(master: Master, held: ReadonlyMap<string, Held>): Iterable<[string, number]> {
  const { filters, totals } = master.allocator;
  const refused = filters.count();
  for (const [role, { all }] of held) {
    yield [`allocator/mesos/offer_filters/roles/${role}/active`, refused.get(role) ?? 0];
    const share = dominantShare(all, totals.all) / master.weights.of(role);
    yield [`allocator/mesos/roles/${role}/shares/dominant`, share];
  }
}

/** Quotas, of roles that have one; and what every role consumes, with all below it: the root `` has all of it. */
function* quotaMetrics(master: Master, held: ReadonlyMap<string, Held>): Iterable<[string, number]> {
  const prefix = (role: string): string => `allocator/mesos/quota/roles/${role}/resources`;
  for (const role of master.quotas.roles) {
    const { guarantees, limits } = master.quotas.of(role);
    const offered = held.get(role)?.free ?? new Map<string, number>();
    for (const [name, amount] of guarantees) yield [`${prefix(role)}/${name}/guarantee`, amount];
    for (const [name, amount] of limits) yield [`${prefix(role)}/${name}/limit`, amount];
    for (const name of new Set([...guarantees.keys(), ...limits.keys()])) {
      yield [`${prefix(role)}/${name}/offered_or_allocated`, offered.get(name) ?? 0];
    }
  }
  const consumed = new Map<string, Map<string, number>>();
  const note = (role: string, amounts: Quantities): void => {
    for (const path of withAncestors(role)) {
      const sum = consumed.get(path) ?? new Map<string, number>();
      changeAll(sum, amounts);
      consumed.set(path, sum);
    }
  };
  for (const [role, amounts] of master.allocator.totals.reserved) note(role, amounts);
  for (const [role, amounts] of usedByRole(master)) note(role, amounts);
  for (const [role, amounts] of consumed) {
    for (const [name, amount] of amounts) yield [`${prefix(role)}/${name}/consumed`, amount];
  }
}

/** What runs, without what is offered only: held less offered. */
function usedByRole(master: Master): Map<string, Map<string, number>> {
  const used = new Map<string, Map<string, number>>();
  for (const { holdings, offers } of master.frameworks.values()) {
    for (const role of holdings.roles) {
      const sum = used.get(role) ?? new Map<string, number>();
      changeAll(sum, holdings.freeOf(role));
      for (const offer of offers)
        if (offer.role === role)
          changeAll(sum, quantitiesOf(offer.resources.filter((one) => one.scalar !== undefined && isFree(one))), -1);
      used.set(role, sum);
    }
  }
  return used;
}

function withAncestors(role: string): string[] {
  const parts = role.split('/');
  return ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
}
