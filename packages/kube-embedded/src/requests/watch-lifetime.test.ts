import { expect, it } from 'vitest';
import { watchLifetime } from './watch-lifetime.js';

const half = (): number => 0.5;

it.each([
  [undefined, 2_700_000],
  [0, 2_700_000],
  [5, 5000],
  [-5, 1],
  [10_000_000_000, 2 ** 31 - 1],
])('a watch that asks for %s seconds gets %s milliseconds', (asked, milliseconds) => {
  expect(watchLifetime(asked, half)).toBe(milliseconds);
});
