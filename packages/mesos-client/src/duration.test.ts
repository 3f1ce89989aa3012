import { describe, expect, it } from 'vitest';
import { parseDuration, printDuration } from './duration.js';

describe('durations', () => {
  it.each([
    ['5secs', 5_000],
    ['30secs', 30_000],
    ['1.5hrs', 5_400_000],
    ['2weeks', 1_209_600_000],
    ['250ms', 250],
    ['3us', 0.003],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBeCloseTo(milliseconds, 9);
    expect(printDuration(milliseconds)).toBe(text);
  });

  it.each(['5', 'secs', '5 parsecs', '5s', '', '1e3secs'])('refuses %j and lists the units', (text) => {
    expect(() => parseDuration(text)).toThrow('write a number and a unit: ns, us, ms, secs, mins, hrs, days, weeks');
  });

  it('prints nothing as nothing', () => {
    expect(printDuration(0)).toBe('0ns');
  });
});
