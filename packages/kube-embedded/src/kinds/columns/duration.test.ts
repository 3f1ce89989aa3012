import { expect, it } from 'vitest';
import { humanDuration } from './duration.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

it.each([
  [-2 * second, '<invalid>'],
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute, '2m'],
  [9 * minute + 5 * second, '9m5s'],
  [10 * minute + 5 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour + 10 * minute, '3h10m'],
  [8 * hour + 10 * minute, '8h'],
  [47 * hour, '47h'],
  [50 * hour, '2d2h'],
  [9 * day, '9d'],
  [729 * day, '729d'],
  [800 * day, '2y70d'],
  [3000 * day, '8y'],
])('%i ms is %s', (milliseconds, expected) => {
  expect(humanDuration(milliseconds)).toBe(expected);
});
