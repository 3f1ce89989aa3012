import {
  parseResources,
  quantitiesOf,
  type FrameworkCapabilityType,
  type Offer,
  type OfferFilters,
  type Resource,
} from '@kmd/mesos-client';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';

import { ManualClock } from '../../../test/manual-clock.js';
import { EventStream } from '../../http/event-stream.js';
import { silent } from '../../logger.js';
import { accept, decline } from '../accept.js';
import type { Agent } from '../agent.js';
import { setDeactivated } from '../agent-removal.js';
import { defaultMasterFlags, type MasterFlags } from '../flags.js';
import type { Framework } from '../framework.js';
import { Master } from '../master.js';
import { write } from '../operator-writes.js';
import { Reply } from '../../http/reply.js';
import { subscribe } from '../subscriptions.js';
import { RoleTree } from './role-tree.js';

/** A master without sockets, on a clock of its own. */
class Bench {
  readonly clock = new ManualClock();
  readonly master: Master;
  #agents = 0;

  constructor(flags: Partial<MasterFlags> = {}) {
    this.master = new Master({
      flags: { ...defaultMasterFlags, eagerAllocation: false, ...flags },
      clock: this.clock,
      logger: silent,
    });
  }

  agent(resources: string): Agent {
    this.#agents += 1;
    const hostname = `agent${String(this.#agents)}`;
    this.master.register(
      {
        info: { hostname, port: 5051, resources: parseResources(resources) },
        address: { ip: '127.0.0.1', port: 5050 + this.#agents },
        version: '1.11.0',
        tasks: [],
        executors: [],
        frameworks: [],
      },
      { send: () => undefined, close: () => undefined },
    );
    const agent = [...this.master.agents.values()].at(-1);
    if (agent === undefined) throw new Error('the agent was not taken');
    return agent;
  }

  framework(
    roles: string[],
    options: { more?: FrameworkCapabilityType[]; offer_filters?: Record<string, OfferFilters> } = {},
  ): Framework {
    const { more = [], ...info } = options;
    const capabilities = (['MULTI_ROLE', 'RESERVATION_REFINEMENT', ...more] as const).map((type) => ({ type }));
    const stream = Object.assign(Object.create(EventStream.prototype) as EventStream, {
      send: () => undefined,
      onClose: () => undefined,
      end: () => undefined,
    });
    subscribe(this.master, {
      info: { user: 'root', name: 'test', roles, capabilities, failover_timeout: 60, ...info },
      suppressed: [],
      stream,
      streamId: 'stream',
    });
    const framework = [...this.master.frameworks.values()].at(-1);
    if (framework === undefined) throw new Error('the framework was not taken');
    return framework;
  }

  /** Lets the round run that was asked for. */
  settle(): void {
    this.clock.advance(2);
  }

  call(type: string, body: unknown): void {
    const reply = Object.assign(Object.create(Reply.prototype) as Reply, { empty: () => undefined });
    write(this.master, type as Parameters<typeof write>[1], body, reply);
  }

  quota(role: string, guarantees: Record<string, number>, limits: Record<string, number> = {}): void {
    const amounts = (map: Record<string, number>) =>
      Object.fromEntries(Object.entries(map).map(([name, value]) => [name, { value }]));
    this.call('UPDATE_QUOTA', { force: true, quota_configs: [{ role, guarantees: amounts(guarantees), limits: amounts(limits) }] }); // prettier-ignore
  }

  /** Uses a whole offer for one task that runs on. */
  use(framework: Framework, name: string): void {
    for (const { offer } of [...framework.offers]) {
      accept(this.master, framework, {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task(`${name}-${offer.id.value}`, offer)] } }],
      });
    }
  }
}

function task(id: string, offer: Offer) {
  return {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: offer.resources ?? [],
    command: { value: 'true' },
  };
}

function offered(framework: Framework, role?: string): Record<string, number> {
  const resources = [...framework.offers].filter((offer) => role === undefined || offer.role === role).flatMap((offer) => offer.resources); // prettier-ignore
  return Object.fromEntries(quantitiesOf(resources));
}

let bench = new Bench();
const start = (flags: Partial<MasterFlags> = {}): Bench => (bench = new Bench(flags));
afterEach(() => {
  bench.master.close();
});

describe('when a round runs', () => {
  it('offers soon after a framework or an agent came', () => {
    start().agent('cpus:4;mem:1024');
    const framework = bench.framework(['a']);
    bench.settle();
    expect(offered(framework)).toEqual({ cpus: 4, mem: 1024 });
    bench.agent('cpus:2;mem:512');
    bench.settle();
    expect(offered(framework)).toEqual({ cpus: 6, mem: 1536 });
  });

  it('lets what was declined wait: for the interval without a refusal, for the refusal with one, until REVIVE', () => {
    start().agent('cpus:4;mem:1024');
    const framework = bench.framework(['a']);
    bench.settle();
    const refuse = (seconds: number): void => {
      for (const offer of [...framework.offers]) decline(bench.master, offer, { refuse_seconds: seconds });
    };
    refuse(0);
    bench.settle();
    expect(framework.offers.size).toBe(0);
    bench.clock.advance(1000);
    expect(framework.offers.size).toBe(1);
    refuse(3);
    bench.clock.advance(2900);
    expect(framework.offers.size).toBe(0);
    bench.clock.advance(1200);
    expect(framework.offers.size).toBe(1);
    refuse(1000);
    bench.master.allocator.filters.clear(framework.id, new Set(['a']));
    bench.master.allocator.allocateAll();
    bench.settle();
    expect(framework.offers.size).toBe(1);
  });

  it('offers more than what was refused at once, and at most so much not at all', () => {
    const agent = start().agent('cpus:4;mem:1024');
    const [one, two] = [bench.framework(['a']), bench.framework(['b'])];
    bench.settle();
    const [owner, other] = one.offers.size > 0 ? [one, two] : [two, one];
    const [offer] = [...owner.offers];
    if (offer === undefined) throw new Error('nothing was offered');
    const half = task('half', { ...offer.offer, resources: parseResources('cpus:2;mem:512') });
    accept(bench.master, owner, {
      offer_ids: [{ value: offer.id }],
      operations: [{ type: 'LAUNCH', launch: { task_infos: [half] } }],
      filters: { refuse_seconds: 100 },
    });
    bench.clock.advance(1000);
    expect(offered(owner)).toEqual({});
    expect(offered(other)).toEqual({ cpus: 2, mem: 512 });
    setDeactivated(bench.master, agent, true);
    bench.clock.advance(1000);
    expect(bench.master.offers.size).toBe(0);
  });
});

describe('whom a round serves', () => {
  it('orders roles by their dominant share over their weight, level by level', () => {
    const weights = new Map([['b', 2]]);
    const tree = new RoleTree(new Map([['cpus', 10]]), (path) => weights.get(path) ?? 1);
    const cpus = (value: number) => new Map([['cpus', value]]);
    tree.add('a/x', cpus(2), 1);
    tree.add('a/y', cpus(1), 1);
    tree.add('a', cpus(1), 1);
    tree.add('b', cpus(6), 1);
    tree.add('c', cpus(3.5), 1);
    // b: 0.6 / 2, c: 0.35, a with all below it: 0.4; within a: y and a itself 0.1 each, the names decide; x 0.2.
    expect(tree.order).toEqual(['b', 'c', 'a', 'a/y', 'a/x']);
    tree.give('b', cpus(2.5));
    expect(tree.order).toEqual(['c', 'a', 'a/y', 'a/x', 'b']);
  });

  it('takes turns between frameworks of equal shares', () => {
    start().agent('cpus:1;mem:128');
    const all = ['a', 'b', 'c'].map((role) => bench.framework([role]));
    const served: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      bench.clock.advance(1001);
      const index = all.findIndex(({ offers }) => offers.size > 0);
      served.push(index);
      for (const offer of [...(all[index]?.offers ?? [])]) decline(bench.master, offer, { refuse_seconds: 0 });
    }
    expect(new Set(served.slice(0, 3)).size).toBe(3);
    expect(new Set(served.slice(3)).size).toBe(3);
  });

  it('offers what is reserved to the role, and to those below it, to nobody else', () => {
    start().agent('cpus:2;cpus(a):1;cpus(b):1;mem:1024');
    const child = bench.framework(['a/x']);
    bench.settle();
    expect(offered(child)).toEqual({ cpus: 3, mem: 1024 });
  });

  it('offers GPUs, shared volumes and revocable resources to those who know them', () => {
    start().agent('cpus:2;mem:1024;gpus:1');
    const plain = bench.framework(['a']);
    bench.settle();
    expect(offered(plain)).toEqual({});
    const knowing = bench.framework(['b'], { more: ['GPU_RESOURCES'] });
    bench.settle();
    expect(offered(knowing)).toEqual({ cpus: 2, gpus: 1, mem: 1024 });
  });

  it('keeps to the least that an offer must hold: of the master, or of the framework', () => {
    start({ minAllocatableResources: 'cpus:1|mem:512' }).agent('cpus:0.5;mem:256');
    const modest = bench.framework(['a'], {
      offer_filters: { a: { min_allocatable_resources: { quantities: [{ quantities: { cpus: { value: 0.1 } } }] } } },
    });
    bench.settle();
    expect(offered(modest)).toEqual({ cpus: 0.5, mem: 256 });
    for (const offer of [...modest.offers]) decline(bench.master, offer, { refuse_seconds: 1000 });
    const usual = bench.framework(['b']);
    bench.clock.advance(1500);
    expect(offered(usual)).toEqual({});
  });
});

describe('quotas', () => {
  it('cut an offer to the limit of the role and those below it', () => {
    start().agent('cpus:8;mem:1024');
    bench.quota('a', {}, { cpus: 3 });
    const framework = bench.framework(['a/x', 'a/y']);
    bench.settle();
    expect(offered(framework)['cpus']).toBe(3);
    bench.use(framework, 'all');
    bench.agent('cpus:8;mem:1024');
    bench.settle();
    // Memory is not limited.
    expect(offered(framework)['cpus']).toBeUndefined();
    expect(offered(framework)['mem']).toBe(1024);
  });

  it('keep what is promised to a role that has no framework yet', () => {
    start().agent('cpus:8;mem:1024');
    bench.quota('promised', { cpus: 5 });
    const other = bench.framework(['other']);
    bench.settle();
    expect(offered(other)).toEqual({ cpus: 3, mem: 1024 });
    const owner = bench.framework(['promised']);
    bench.settle();
    expect(offered(owner)).toEqual({ cpus: 5 });
  });

  it('count reservations as used', () => {
    start().agent('cpus(a):4;cpus:8;mem:1024');
    bench.quota('a', {}, { cpus: 6 });
    const framework = bench.framework(['a']);
    bench.settle();
    expect(offered(framework)['cpus']).toBe(6);
  });

  it('serve promises first, however small the share of others', () => {
    start();
    const poor = bench.framework(['poor']);
    const owner = bench.framework(['promised']);
    bench.agent('cpus:4;mem:512');
    bench.settle();
    bench.use(poor, 'x');
    bench.use(owner, 'x');
    bench.quota('promised', { cpus: 8, mem: 1024 });
    bench.agent('cpus:4;mem:512');
    bench.settle();
    bench.use(owner, 'y');
    bench.agent('cpus:4;mem:512');
    bench.settle();
    expect(offered(poor)).toEqual({});
    expect(offered(owner)).toEqual({ cpus: 4, mem: 512 });
  });

  it('rescind offers that hold what was promised to another role, or is above a limit', () => {
    start().agent('cpus:4;mem:512');
    bench.agent('cpus:4;mem:512');
    const framework = bench.framework(['a']);
    bench.settle();
    expect(framework.offers.size).toBe(2);
    bench.quota('b', { cpus: 2 });
    expect(framework.offers.size).toBe(1);
    bench.quota('a', {}, { cpus: 1 });
    expect(framework.offers.size).toBe(0);
    bench.clock.advance(1001);
    expect(offered(framework)['cpus']).toBe(1);
  });
});

describe('any sequence of events', () => {
  const roles = ['a', 'a/x', 'b', 'c/y/z'];
  const step = fc.oneof(
    fc.record({ do: fc.constant('agent' as const), cpus: fc.integer({ min: 1, max: 8 }), mem: fc.integer({ min: 32, max: 2048 }), reserved: fc.option(fc.constantFrom('a', 'b')) }),
    fc.record({ do: fc.constant('framework' as const), roles: fc.subarray(roles, { minLength: 1 }) }),
    fc.record({ do: fc.constant('quota' as const), role: fc.constantFrom('a', 'b', 'c'), guarantee: fc.integer({ min: 0, max: 4 }), more: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ do: fc.constant('use' as const), which: fc.nat(20), share: fc.constantFrom(0.25, 0.5, 1) }),
    fc.record({ do: fc.constant('decline' as const), which: fc.nat(20), seconds: fc.constantFrom(0, 1, 5) }),
    fc.record({ do: fc.constant('weight' as const), role: fc.constantFrom(...roles), weight: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ do: fc.constant('deactivate' as const), which: fc.nat(20), on: fc.boolean() }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }),
  ); // prettier-ignore

  /** What would be wrong at any moment: more given than there is, or more than a limit. */
  function check(b: Bench, limits: ReadonlyMap<string, number>, raised: ReadonlySet<string>): void {
    for (const agent of b.master.agents.values()) {
      const given: Resource[] = [...agent.used, ...[...agent.offers].flatMap((offer) => offer.resources)];
      const [sum, total] = [quantitiesOf(given), quantitiesOf(agent.total)];
      for (const [name, amount] of sum) expect(amount, `${name} of ${agent.info.hostname}`).toBeLessThanOrEqual((total.get(name) ?? 0) + 1e-9); // prettier-ignore
      const left = quantitiesOf(agent.available);
      for (const [name, amount] of total) expect((left.get(name) ?? 0) + (sum.get(name) ?? 0)).toBeCloseTo(amount, 6);
    }
    for (const [role, limit] of limits) {
      // A limit that was set below what was in use already is kept by giving nothing more.
      if (raised.has(role)) continue;
      let held = 0;
      for (const { holdings } of b.master.frameworks.values()) {
        for (const other of holdings.roles) if (other === role || other.startsWith(`${role}/`)) held += holdings.freeOf(other).get('cpus') ?? 0; // prettier-ignore
      }
      const reserved = b.master.allocator.totals.reserved.get(role)?.get('cpus') ?? 0;
      expect(held, `cpus of ${role}`).toBeLessThanOrEqual(Math.max(limit - reserved, 0) + 1e-9);
    }
  }

  it('gives nothing twice, keeps to limits, and starves nobody', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const b = start();
        const limits = new Map<string, number>();
        const exceeded = new Set<string>();
        let tasks = 0;
        const offers = () => [...b.master.agents.values()].flatMap((agent) => [...agent.offers]);
        for (const one of steps) {
          if (one.do === 'agent') {
            b.agent(`cpus:${String(one.cpus)};mem:${String(one.mem)}${one.reserved === null ? '' : `;cpus(${one.reserved}):1`}`); // prettier-ignore
            // A reservation counts against the limit of its role, which may be reached by then.
            if (one.reserved !== null) exceeded.add(one.reserved);
          } else if (one.do === 'framework') b.framework(one.roles);
          else if (one.do === 'quota') {
            b.quota(one.role, { cpus: one.guarantee }, { cpus: one.guarantee + one.more });
            limits.set(one.role, one.guarantee + one.more);
            exceeded.add(one.role);
          } else if (one.do === 'weight') {
            b.call('UPDATE_WEIGHTS', { weight_infos: [{ role: one.role, weight: one.weight }] });
          } else if (one.do === 'wait') b.clock.advance(one.ms);
          else if (one.do === 'deactivate') {
            const agents = [...b.master.agents.values()];
            const agent = agents[one.which % agents.length];
            if (agent !== undefined) setDeactivated(b.master, agent, one.on);
          } else {
            const all = offers();
            const record = all[one.which % all.length];
            if (record === undefined) continue;
            if (one.do === 'decline') decline(b.master, record, { refuse_seconds: one.seconds });
            else {
              tasks += 1;
              const resources = (record.offer.resources ?? []).map((resource) => resource.scalar === undefined ? resource : { ...resource, scalar: { value: Math.round(resource.scalar.value * one.share * 1000) / 1000 } }); // prettier-ignore
              const info = { ...task(`t${String(tasks)}`, record.offer), resources };
              accept(b.master, record.framework, { offer_ids: [record.offer.id], operations: [{ type: 'LAUNCH', launch: { task_infos: [info] } }], filters: { refuse_seconds: 0 } }); // prettier-ignore
            }
          }
          check(b, limits, exceeded);
        }
        // Nothing is kept for ever: where no quota stands against it, all that is free is offered when every refusal has ended.
        if (limits.size > 0 || b.master.frameworks.size === 0) return;
        b.clock.advance(12_000);
        for (const agent of b.master.agents.values()) {
          if (!agent.active) continue;
          const free = quantitiesOf(agent.available.filter((resource) => (resource.reservations ?? []).length === 0));
          expect((free.get('cpus') ?? 0) >= 0.01 || (free.get('mem') ?? 0) >= 32).toBe(false);
        }
        check(b, limits, exceeded);
        b.master.close();
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps to limits that stand from the beginning', () => {
    fc.assert(
      fc.property(
        fc.array(
          step.filter((one) => one.do !== 'quota' && !(one.do === 'agent' && one.reserved !== null)),
          { minLength: 5, maxLength: 40 },
        ),
        (steps) => {
          // prettier-ignore
          const b = start();
          const limits = new Map([['a', 3], ['b', 2], ['c', 1]]); // prettier-ignore
          for (const [role, limit] of limits) b.quota(role, { cpus: 1 }, { cpus: limit });
          for (const one of steps) {
            if (one.do === 'agent') b.agent(`cpus:${String(one.cpus)};mem:${String(one.mem)}`);
          else if (one.do === 'framework') b.framework(one.roles);
          else if (one.do === 'wait') b.clock.advance(one.ms);
          else if (one.do === 'use') for (const framework of b.master.frameworks.values()) b.use(framework, String(one.which)); // prettier-ignore
            check(b, limits, new Set());
          }
          b.master.close();
        },
      ),
      { numRuns: 1000 },
    );
  });
});
