import { expect, it } from 'vitest';
import { matchesMap, matchesSelector, type LabelSelector } from './selector.js';

const labels = { app: 'web', tier: 'front' };

it.each<[string, LabelSelector | undefined, boolean]>([
  ['pairs that are there', { matchLabels: { app: 'web', tier: 'front' } }, true],
  ['a pair that differs', { matchLabels: { app: 'web', tier: 'back' } }, false],
  ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
  ['In of an absent key', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  ['NotIn of an absent key', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  ['Exists', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
  ['DoesNotExist', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
  [
    'labels and expressions together',
    { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
    false,
  ],
  ['an unknown operator', { matchExpressions: [{ key: 'app', operator: 'Gt', values: ['1'] }] }, false],
  ['an empty selector', {}, false],
  ['no selector', undefined, false],
])('matchesSelector: %s', (_case, selector, expected) => {
  expect(matchesSelector(selector, labels)).toBe(expected);
});

it.each<[string, Record<string, string> | undefined, boolean]>([
  ['a subset', { app: 'web' }, true],
  ['another value', { app: 'db' }, false],
  ['an empty map', {}, false],
  ['no map', undefined, false],
])('matchesMap: %s', (_case, selector, expected) => {
  expect(matchesMap(selector, labels)).toBe(expected);
});
