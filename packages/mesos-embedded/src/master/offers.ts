import type { Offer } from '@kmd/mesos-client';

import { allocate, toLegacyForm } from '../resources.js';
import type { OfferRecord } from './agent.js';
import type { Grant } from './allocation/round.js';
import type { Framework } from './framework.js';
import { hasCapability } from './framework-info.js';
import type { Master } from './master.js';

/** The offers that are out. */
export class Offers {
  readonly #master: Master;
  readonly #byId = new Map<string, OfferRecord>();

  constructor(master: Master) {
    this.#master = master;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): OfferRecord | undefined {
    return this.#byId.get(id);
  }

  /** Offers a framework what a round of allocation gave it. */
  make(framework: Framework, grants: readonly Grant[]): void {
    const offers = grants.map((grant) => this.#make(framework, grant));
    if (offers.length > 0) framework.send({ type: 'OFFERS', offers: { offers } });
  }

  #make(framework: Framework, { agent, role, resources }: Grant): Offer {
    const master = this.#master;
    const id = master.ids.offer();
    const executors = framework.executors.get(agent.id);
    const unavailability = master.maintenance.unavailabilityOf(agent);
    const refined = hasCapability(framework.info, 'RESERVATION_REFINEMENT');
    const { attributes = [], hostname } = agent.info;
    const offer: Offer = {
      id: { value: id },
      framework_id: { value: framework.id },
      agent_id: { value: agent.id },
      hostname,
      url: {
        scheme: 'http',
        address: { hostname, ip: agent.address.ip, port: agent.address.port },
        path: '/slave(1)',
      },
      resources: allocate(refined ? resources : resources.map((resource) => toLegacyForm(resource)), role),
      ...(attributes.length > 0 ? { attributes } : {}),
      ...(executors === undefined ? {} : { executor_ids: [...executors.keys()].map((value) => ({ value })) }),
      allocation_info: { role },
      ...(unavailability === undefined ? {} : { unavailability }),
    };
    const record: OfferRecord = { id, framework, agent, role, resources, offer };
    this.#byId.set(id, record);
    framework.counters.add('offers/sent');
    framework.offers.add(record);
    agent.offers.add(record);
    const { offerTimeout } = master.flags;
    if (offerTimeout !== undefined) {
      master.clock.after(offerTimeout, () => {
        if (this.#byId.get(id) === record) this.rescind(record);
      });
    }
    return offer;
  }

  /** Takes an offer out of circulation; whoever does so answers for its resources. */
  take(record: OfferRecord): void {
    this.#byId.delete(record.id);
    record.framework.offers.delete(record);
    record.agent.offers.delete(record);
  }

  /** The same, and gives the resources back. */
  discard(record: OfferRecord): void {
    this.take(record);
    this.#master.allocator.recover(record.framework, record.agent, record.role, record.resources);
  }

  /** The same, and tells the framework. */
  rescind(record: OfferRecord): void {
    record.framework.counters.add('offers/rescinded');
    record.framework.send({ type: 'RESCIND', rescind: { offer_id: { value: record.id } } });
    this.discard(record);
  }

  rescindAll(records: Iterable<OfferRecord>): void {
    for (const record of [...records]) this.rescind(record);
  }

  clear(): void {
    this.#byId.clear();
  }
}
