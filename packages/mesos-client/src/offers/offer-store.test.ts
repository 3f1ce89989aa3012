import { describe, expect, it, vi } from 'vitest';
import {
  accept,
  decline,
  InvalidCallError,
  NotSubscribedError,
  parseResources,
  UnreachableError,
  type Offer,
  type SchedulerCallBody,
} from '../index.js';
import { MiddlewareChain } from '../scheduler/middleware.js';
import { OfferStore } from './offer-store.js';

function offer(id: string, agent = 'S1', role = '*', resources = 'cpus:2;mem:256;ports:[31000-31009]'): Offer {
  return {
    id: { value: id },
    framework_id: { value: 'F' },
    agent_id: { value: agent },
    hostname: agent,
    resources: parseResources(resources).map((resource) => ({ ...resource, allocation_info: { role } })),
    allocation_info: { role },
  };
}

const idsOf = (offers: Iterable<Offer>) => [...offers].map(({ id }) => id.value);
const offers = (...list: Offer[]) => ({ type: 'OFFERS' as const, offers: { offers: list } });

describe('an offer store', () => {
  it('lists offers by agent and role, the oldest first', () => {
    const store = new OfferStore();
    store.observe(offers(offer('1', 'S1', 'dev'), offer('2', 'S2', 'dev'), offer('3', 'S1', 'prod')));
    store.observe(offers(offer('4', 'S1', 'dev')));
    expect(idsOf(store)).toEqual(['1', '2', '3', '4']);
    expect(idsOf(store.list({ agentId: 'S1' }))).toEqual(['1', '3', '4']);
    expect(idsOf(store.list({ role: 'dev' }))).toEqual(['1', '2', '4']);
    expect(idsOf(store.list({ agentId: 'S1', role: 'dev' }))).toEqual(['1', '4']);
    expect(store.take('1')?.id.value).toBe('1');
    expect(store.take('1')).toBeUndefined();
    expect(store.size).toBe(3);
  });

  it('finds offers that hold what is wanted, whatever role they are allocated to', () => {
    const store = new OfferStore();
    store.observe(offers(offer('small', 'S1', 'dev', 'cpus:0.5;mem:64'), offer('large', 'S2', 'dev')));
    expect(idsOf(store.find(parseResources('cpus:1;ports:[31003-31004]')))).toEqual(['large']);
    expect(idsOf(store.find(parseResources('cpus:0.5')))).toEqual(['small', 'large']);
    expect(store.find(parseResources('gpus:1'))).toEqual([]);
  });

  it('drops what is rescinded, what a removed agent offered, and everything with the subscription', () => {
    const store = new OfferStore();
    store.observe(offers(offer('1'), offer('2'), offer('3', 'S2'), offer('4', 'S3')));
    store.observe({ type: 'RESCIND', rescind: { offer_id: { value: '1' } } });
    store.observe({ type: 'FAILURE', failure: { agent_id: { value: 'S1' }, executor_id: { value: 'E' } } });
    expect(idsOf(store)).toEqual(['2', '3', '4']);
    store.observe({ type: 'FAILURE', failure: { agent_id: { value: 'S1' } } });
    expect(idsOf(store)).toEqual(['3', '4']);
    store.observe({ type: 'DISCONNECTED', disconnected: { error: new Error('lost') } });
    expect(store.size).toBe(0);
  });

  it('refuses for times that differ', () => {
    const store = new OfferStore({ refuseSeconds: 10, jitter: 0.2, random: () => 0.5 });
    expect(store.refusal()).toEqual({ refuse_seconds: 9 });
    const spread = new OfferStore({ refuseSeconds: 10 });
    const seconds = Array.from({ length: 100 }, () => spread.refusal().refuse_seconds ?? 0);
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(10);
    expect(new Set(seconds).size).toBeGreaterThan(50);
  });

  it('takes offers out that a call uses, before it is sent', async () => {
    const chain = new MiddlewareChain();
    const store = new OfferStore();
    store.attach({ use: (middleware) => chain.add(middleware), call: () => Promise.resolve() });
    store.observe(offers(offer('1'), offer('2'), offer('3')));
    let held: string[] = [];
    const send = () => {
      held = idsOf(store);
      return Promise.resolve();
    };
    await chain.call(accept({ offerIds: [{ value: '1' }], operations: [] }), send);
    expect(held).toEqual(['2', '3']);
    await chain.call(decline({ value: '2' }), send);
    expect(held).toEqual(['3']);
  });

  it('declines the offers of a call that failed, for the master may still hold them out', async () => {
    const calls: SchedulerCallBody[] = [];
    const chain = new MiddlewareChain();
    const store = new OfferStore();
    store.attach({ use: (middleware) => chain.add(middleware), call: async (call) => void calls.push(call) });
    const launch = accept({ offerIds: [{ value: '1' }, { value: '2' }], operations: [] });
    const reset = new UnreachableError(new URL('http://m'), 'reset');
    for (const error of [
      reset,
      new InvalidCallError('ACCEPT', 'accept', 'no such key'),
      new Error('the disk is full'),
    ]) {
      store.observe(offers(offer('1'), offer('2')));
      await expect(chain.call(launch, () => Promise.reject(error))).rejects.toBe(error);
      expect(calls.splice(0)).toEqual([decline([{ value: '1' }, { value: '2' }], { refuse_seconds: 0 })]);
    }
    // Without a subscription they are void, and a DECLINE that failed is not made again and again.
    await expect(chain.call(launch, () => Promise.reject(new NotSubscribedError('ACCEPT')))).rejects.toThrow();
    await expect(chain.call(decline({ value: '1' }), () => Promise.reject(reset))).rejects.toBe(reset);
    expect(calls).toEqual([]);
  });

  it('declines what it has held too long', async () => {
    vi.useFakeTimers();
    try {
      const calls: SchedulerCallBody[] = [];
      const store = new OfferStore({ maxAge: 1000, jitter: 0 });
      const detach = store.attach({
        use: () => () => undefined,
        call: (call) => Promise.resolve(void calls.push(call)),
      });
      store.observe(offers(offer('1'), offer('2')));
      await vi.advanceTimersByTimeAsync(600);
      store.take('1');
      store.observe(offers(offer('3')));
      await vi.advanceTimersByTimeAsync(500);
      expect(calls).toEqual([decline({ value: '2' }, { refuse_seconds: 5 })]);
      expect(idsOf(store)).toEqual(['3']);
      await vi.advanceTimersByTimeAsync(500);
      expect(store.size).toBe(0);
      expect(calls).toHaveLength(2);
      store.observe(offers(offer('4')));
      detach();
      await vi.advanceTimersByTimeAsync(5000);
      expect(calls).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
