import { parseResources, type Resource } from '@kmd/mesos-client';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/manual-clock.js';
import { OfferFilters } from './offer-filters.js';

const key = { frameworkId: 'f', role: '*', agentId: 'a' };
const resources = (text: string): Resource[] => [...parseResources(text)];

it('refuses what was refused, and less, for as long as it is to, but not more', () => {
  const clock = new ManualClock();
  const filters = new OfferFilters(clock, () => undefined);
  filters.add(key, resources('cpus:2;mem:100'), 5_000);
  const [less, same, more] = ['cpus:1;mem:100', 'cpus:2;mem:100', 'cpus:2;mem:101'].map(resources);
  // Asked twice: the second answer is remembered.
  for (let round = 0; round < 2; round++)
    expect([less, same, more, same].map((list = []) => filters.refuses(key, list))).toEqual([true, true, false, true]);
  expect(filters.refuses({ ...key, agentId: 'b' }, resources('cpus:1'))).toBe(false);
  filters.add(key, resources('cpus:4;mem:400'), 1_000);
  expect(filters.refuses(key, more ?? [])).toBe(true);
  clock.advance(1_000);
  expect(filters.refuses(key, more ?? [])).toBe(false);
  clock.advance(4_000);
  expect(filters.refuses(key, less ?? [])).toBe(false);
  filters.close();
});
