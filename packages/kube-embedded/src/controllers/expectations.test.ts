import { expect, it } from 'vitest';
import { Expectations } from './expectations.js';
import { ManualClock } from './testing/manual-clock.js';

it('is met when every creation and deletion was seen', () => {
  const expectations = new Expectations(new ManualClock());
  expectations.expectCreations('a', 2);
  expectations.expectDeletions('a', ['x']);
  expectations.observeCreation('a', 2);
  expect(expectations.areMet('a')).toBe(false);
  expectations.observeDeletion('a', 'y');
  expect(expectations.areMet('a')).toBe(false);
  expectations.observeDeletion('a', 'x');
  expect(expectations.areMet('a')).toBe(true);
});

it('keeps keys apart and forgets', () => {
  const expectations = new Expectations(new ManualClock());
  expectations.expectCreations('a', 1);
  expect(expectations.areMet('b')).toBe(true);
  expectations.forget('a');
  expect(expectations.areMet('a')).toBe(true);
});

it('stops waiting after five minutes', async () => {
  const clock = new ManualClock();
  const expectations = new Expectations(clock);
  expectations.expectCreations('a', 1);
  await clock.advance(5 * 60_000 - 1);
  expect(expectations.areMet('a')).toBe(false);
  await clock.advance(1);
  expect(expectations.areMet('a')).toBe(true);
});
