import { describe, expect, it } from 'vitest';
import { missedTimes, parseSchedule } from './schedule.js';

const next = (schedule: string, after: string, zone?: string): string | undefined => {
  const time = parseSchedule(schedule)?.next(Date.parse(after), zone);
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
};

describe('a schedule', () => {
  it.each([
    ['* * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:01'],
    ['*/15 * * * *', '2026-01-01T00:15:00Z', '2026-01-01T00:30'],
    ['30 6 * * 1-5', '2026-01-02T06:30:00Z', '2026-01-05T06:30'],
    ['0 0 1 * *', '2026-01-31T12:00:00Z', '2026-02-01T00:00'],
    ['0 0 13 * 5', '2026-02-01T00:00:00Z', '2026-02-06T00:00'],
    ['0 12 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T12:00'],
    ['5,10 3 * jan,MAR sun', '2026-01-26T00:00:00Z', '2026-03-01T03:05'],
    ['@daily', '2026-01-01T00:00:00Z', '2026-01-02T00:00'],
    ['@every 90m', '2026-01-01T00:00:00Z', '2026-01-01T01:30'],
  ])('%s after %s is at %s', (schedule, after, expected) => {
    expect(next(schedule, after)).toBe(expected);
  });

  it('is in the time zone that is named, over the change of the clock too', () => {
    expect(next('0 9 * * *', '2026-01-15T12:00:00Z', 'Europe/Berlin')).toBe('2026-01-16T08:00');
    expect(next('0 9 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-29T07:00');
    // Half past two does not exist on the day that the clock is put forward.
    expect(next('30 2 * * *', '2026-03-28T12:00:00Z', 'Europe/Berlin')).toBe('2026-03-30T00:30');
  });

  it.each(['', '* * * *', '60 * * * *', '* * * 13 *', 'a b c d e', '*/0 * * * *', '5-1 * * * *', '@sometimes'])(
    'is not "%s"',
    (text) => {
      expect(parseSchedule(text)).toBeUndefined();
    },
  );

  it('of a date that never comes has no next time', () => {
    expect(next('0 0 31 2 *', '2026-01-01T00:00:00Z')).toBeUndefined();
  });

  it('tells the last time missed, however many there were', () => {
    const schedule = parseSchedule('* * * * *')!;
    const now = Date.parse('2026-01-01T10:00:30Z');
    const at = (text: string) => Date.parse(text);
    expect(missedTimes(schedule, at('2026-01-01T09:57:00Z'), now)).toEqual({
      last: at('2026-01-01T10:00:00Z'),
      many: false,
    });
    expect(missedTimes(schedule, at('2025-01-01T00:00:00Z'), now)).toEqual({
      last: at('2026-01-01T10:00:00Z'),
      many: true,
    });
    expect(missedTimes(schedule, at('2026-01-01T10:00:00Z'), now)).toEqual({ last: undefined, many: false });
  });
});
