import { expect, it } from 'vitest';
import { overlaps } from './network.js';

it.each([
  ['172.30', '172.30.0.0/16', true],
  ['172.30', '172.30.5.0/24', true],
  ['172.30', '172.31.0.0/16', false],
  ['172.30', '172.16.0.0/12', true],
  ['172.30', '0.0.0.0/0', true],
  ['172.30', '10.0.0.0/8', false],
  ['172.30', 'fd00::/64', false],
])('%s.0.0/16 and %s overlap: %s', (prefix, subnet, expected) => {
  expect(overlaps(prefix, subnet)).toBe(expected);
});
