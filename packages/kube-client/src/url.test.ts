import { describe, expect, it } from 'vitest';
import type { Resource } from './api.js';
import { deployments, nodes, pods } from './resources.js';
import { apiVersionOf, resourcePath, withKind, type RequestTarget } from './url.js';

const cases: [name: string, resource: Resource, target: RequestTarget, path: string][] = [
  ['core, all namespaces', pods, {}, '/api/v1/pods'],
  ['core, one namespace', pods, { namespace: 'default' }, '/api/v1/namespaces/default/pods'],
  ['one object', pods, { namespace: 'a', name: 'b' }, '/api/v1/namespaces/a/pods/b'],
  ['a kind without namespaces ignores one', nodes, { namespace: 'a', name: 'n1' }, '/api/v1/nodes/n1'],
  ['a named group', deployments, { namespace: 'a' }, '/apis/apps/v1/namespaces/a/deployments'],
  ['a subresource', pods, { namespace: 'a', name: 'b', subresource: 'status' }, '/api/v1/namespaces/a/pods/b/status'],
  [
    'a subresource with a path',
    pods,
    { namespace: 'a', name: 'b', subresource: 'proxy/health z' },
    '/api/v1/namespaces/a/pods/b/proxy/health%20z',
  ],
  ['a name that would leave its place', pods, { namespace: 'x', name: 'a/b?c' }, '/api/v1/namespaces/x/pods/a%2Fb%3Fc'],
  ['a name with a colon', nodes, { name: 'system:n' }, '/api/v1/nodes/system:n'],
  [
    'a query',
    pods,
    { query: { labelSelector: 'a=b,c in (d)', limit: 5 } },
    '/api/v1/pods?labelSelector=a%3Db%2Cc+in+%28d%29&limit=5',
  ],
  [
    'undefined query values are left out',
    pods,
    { query: { limit: undefined, watch: true } },
    '/api/v1/pods?watch=true',
  ],
];

describe('resourcePath', () => {
  it.each(cases)('%s', (_, resource, target, path) => {
    expect(resourcePath(resource, target)).toBe(path);
  });
});

describe('resourcePath, given what is no name', () => {
  it.each(['', '.', '..'])('refuses "%s", which would reach another path', (name) => {
    expect(() => resourcePath(pods, { namespace: 'a', name })).toThrow(/is no name/);
  });
});

describe('withKind', () => {
  it('says what an object of a list is, and leaves alone one that says so itself', () => {
    expect(withKind(deployments, { metadata: {} })).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {},
    });
    const whole = { apiVersion: 'v1', kind: 'Pod' } as const;
    expect(withKind(pods, whole)).toBe(whole);
    expect(apiVersionOf(pods)).toBe('v1');
  });
});
