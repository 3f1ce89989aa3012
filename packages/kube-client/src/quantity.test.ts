import { describe, expect, it } from 'vitest';
import { parseQuantity, printCpu, printMebibytes, QuantityError } from './quantity.js';

describe('parseQuantity', () => {
  it.each([
    ['250m', 0.25],
    ['2', 2],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['1.', 1],
    ['64Mi', 64 * 2 ** 20],
    ['1Gi', 2 ** 30],
    ['1G', 1e9],
    ['128974848', 128974848],
    ['129e6', 129e6],
    ['12E2', 1200],
    ['2E', 2e18],
    ['1k', 1000],
  ])('reads %s', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 9);
  });

  it.each(['', 'abc', '1 Gi', '1gi', '0x10', '1..2', '5KB', '--1'])('refuses "%s"', (text) => {
    expect(() => parseQuantity(text)).toThrow(QuantityError);
  });
});

it('prints cores and mebibytes as Kubernetes does', () => {
  expect([printCpu(4), printCpu(3.75), printCpu(0.01)]).toEqual(['4', '3750m', '10m']);
  expect(printMebibytes(1152.9)).toBe('1152Mi');
});
