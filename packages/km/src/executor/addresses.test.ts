import { expect, it } from 'vitest';
import { agentNumber, PodAddresses } from './addresses.js';
import { parseDuration } from './duration.js';

it('gives each agent addresses of its own, the lowest free one first', () => {
  const addresses = new PodAddresses(agentNumber('f6eb3a31-a683-S1'));
  expect(addresses.cidr).toBe('10.2.1.0/24');
  expect([addresses.take(), addresses.take()]).toEqual(['10.2.1.2', '10.2.1.3']);
  addresses.release('10.2.1.2');
  expect(addresses.take()).toBe('10.2.1.2');
  expect(new PodAddresses(300).cidr).toBe('10.3.44.0/24');
});

it('never gives an address twice, however many pods there are', () => {
  const addresses = new PodAddresses(7);
  const given = Array.from({ length: 1000 }, () => addresses.take());
  expect(new Set(given).size).toBe(1000);
  for (const address of given) for (const part of address.split('.')) expect(Number(part)).toBeLessThan(256);
});

it.each([
  ['5s', 5_000],
  ['1m30s', 90_000],
  ['250ms', 250],
  ['2', 2_000],
  ['soon', undefined],
])('reads the duration %s', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});
