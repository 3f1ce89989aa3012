import { expect, it } from 'vitest';
import { readSearch } from './search.js';

const pod = {
  metadata: { namespace: 'prod', name: 'Web-1', labels: { 'app.kubernetes.io/name': 'Web', tier: 'front=end' } },
};

it.each([
  ['', true],
  ['web', true],
  ['prod/web', true],
  ['web 1', true],
  ['web 2', false],
  ['app.kubernetes.io/name=web', true],
  ['app.kubernetes.io/name=we', false],
  ['tier=', true],
  ['tier=front=end', true],
  ['tier=front', false],
  ['app=', false],
  ['web tier=front=end', true],
])('searches %j', (text, found) => {
  expect(readSearch(text)(pod)).toBe(found);
});
