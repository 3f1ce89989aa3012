import { expect, it } from 'vitest';
import { Lifetime } from './lifetime.js';

it('grows with the number of nodes, and shrinks later than it grew', () => {
  const lifetime = new Lifetime();
  const told = [1, 100, 101, 95, 90, 89, 501, 450, 5000, 1800, 1799, 0].map((nodes) => lifetime.at(nodes));
  expect(told).toEqual([0, 0, 15, 15, 15, 0, 30, 30, 300, 300, 60, 0]);
});
