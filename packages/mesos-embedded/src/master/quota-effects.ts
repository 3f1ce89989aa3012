import { containsQuantities, quantitiesOf, type Resource } from '@kmd/mesos-client';

import { changeAll, isFree, type Quantities } from './allocation/holdings.js';
import type { Master } from './master.js';
import type { QuotaConfig } from './quota.js';
import { allocatedTo } from './state.js';

/**
 * Offers that are out hold what a new quota forbids, or needs: they are rescinded, as many as it takes (src/master/quota_handler.cpp:
 * what is free is taken for gone, as the next round of allocation may give it to anybody).
 */
export function applyQuotas(master: Master, configs: readonly QuotaConfig[]): void {
  for (const { role } of configs) {
    const { limits, guarantees } = master.quotas.of(role);
    const held = consumedAndOffered(master, role);
    for (const framework of master.frameworks.values()) {
      for (const offer of [...framework.offers]) {
        if (isWithin(held, limits)) break;
        if (!isBelow(offer.role, role)) continue;
        changeAll(held, quantitiesOf(offer.resources), -1);
        master.offers.rescind(offer);
      }
    }
    for (const offer of [...master.agents.values()].flatMap((agent) => [...agent.offers])) {
      if (containsQuantities(held, guarantees)) break;
      if (isBelow(offer.role, role)) continue;
      changeAll(held, quantitiesOf(offer.resources));
      master.offers.rescind(offer);
    }
  }
}

/** The same for a guarantee of before 1.9: whole agents, one for each framework of the role at least. */
export function applyGuarantee(master: Master, role: string, guarantee: readonly Resource[]): void {
  const wanted = quantitiesOf(guarantee);
  const members = [...master.frameworks.values()].filter(({ connected, roles }) => connected && roles.includes(role));
  const rescinded = new Map<string, number>();
  let visited = 0;
  for (const agent of master.agents.values()) {
    if (containsQuantities(rescinded, wanted) && visited >= members.length) return;
    if (!agent.active || agent.offers.size === 0) continue;
    for (const { resources } of agent.offers) changeAll(rescinded, quantitiesOf(resources));
    master.offers.rescindAll(agent.offers);
    visited += 1;
  }
}

/** Other weights make other shares: where a framework has one of the roles, everything is offered anew. */
export function applyWeights(master: Master, roles: readonly string[]): void {
  const known = [...master.frameworks.values()].some((framework) =>
    framework.roles.some((role) => roles.includes(role)),
  );
  if (!known) return;
  for (const agent of master.agents.values()) master.offers.rescindAll(agent.offers);
}

function isBelow(role: string, top: string): boolean {
  return role === top || role.startsWith(`${top}/`);
}

function isWithin(held: Quantities, limits: Quantities): boolean {
  return [...limits].every(([name, limit]) => (held.get(name) ?? 0) <= limit);
}

/** Reservations, what is used besides, and what is offered; an offered reservation counts twice, as with Mesos. */
function consumedAndOffered(master: Master, top: string): Map<string, number> {
  const held = new Map<string, number>();
  for (const [role, amounts] of master.allocator.totals.reserved) if (isBelow(role, top)) changeAll(held, amounts);
  for (const framework of master.frameworks.values()) {
    const used = allocatedTo(framework).filter((one) => isFree(one) && isBelow(one.allocation_info?.role ?? '*', top));
    changeAll(held, quantitiesOf(used));
    for (const { role, resources } of framework.offers) {
      if (isBelow(role, top)) changeAll(held, quantitiesOf(resources));
    }
  }
  return held;
}
