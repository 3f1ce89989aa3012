import { expect, it } from 'vitest';

import { parseDuration, printDuration } from './duration.js';

it.each([
  [5000, '5secs'],
  [60_000, '1mins'],
  [1500, '1500ms'],
  [604_800_000, '1weeks'],
  [0, '0ns'],
])('writes %d ms as %s, and reads it', (milliseconds, text) => {
  expect(printDuration(milliseconds)).toBe(text);
  expect(parseDuration(text)).toBe(milliseconds);
});

it('refuses what is no duration', () => {
  for (const text of ['', '5', '5 parsecs', 'secs']) expect(parseDuration(text)).toBeUndefined();
});
