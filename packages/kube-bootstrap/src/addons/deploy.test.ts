import type { KubeClient } from '@kmd/kube-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveApi } from '../../test/api-server.js';
import { deployAddons } from './deploy.js';
import { dnsAddon } from './dns.js';

/** What its discovery tells of each group. */
const served: Record<string, [name: string, kind: string, namespaced: boolean][]> = {
  '/api/v1': [
    ['namespaces', 'Namespace', false],
    ['configmaps', 'ConfigMap', true],
    ['serviceaccounts', 'ServiceAccount', true],
    ['services', 'Service', true],
    ['services/status', 'Service', true],
  ],
  '/apis/apps/v1': [['deployments', 'Deployment', true]],
  '/apis/rbac.authorization.k8s.io/v1': [
    ['clusterroles', 'ClusterRole', false],
    ['clusterrolebindings', 'ClusterRoleBinding', false],
  ],
};

/** An API server that takes every apply, unless told otherwise, and has a namespace or two and nothing else. */
let api: KubeClient;
let close: () => void;
let applied: string[];
let namespaces: string[];
let refused: string | undefined;

beforeEach(async () => {
  applied = [];
  namespaces = ['kube-system'];
  refused = undefined;
  const server = await serveApi((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const fail = (code: number, reason: string): void => {
      response.writeHead(code).end(JSON.stringify({ kind: 'Status', code, reason, message: `${reason}!` }));
    };
    const kinds = served[pathname];
    if (kinds !== undefined)
      response.end(
        JSON.stringify({ resources: kinds.map(([name, kind, namespaced]) => ({ name, kind, namespaced })) }),
      );
    else if (request.method === 'PATCH') {
      if (pathname === refused) return fail(422, 'Invalid');
      applied.push(`${pathname}?${searchParams}`);
      request.resume().on('end', () => response.end('{}'));
    } else if (searchParams.has('watch')) {
      response.writeHead(200);
      response.end(
        `${JSON.stringify({ type: 'ADDED', object: { metadata: { name: 'kube-system', resourceVersion: '2' } } })}\n`,
      );
    } else if (pathname === '/api/v1/namespaces') response.end('{"metadata":{"resourceVersion":"1"},"items":[]}');
    else if (namespaces.some((name) => pathname === `/api/v1/namespaces/${name}`)) response.end('{}');
    else fail(404, 'NotFound');
  });
  ({ api, close } = server);
});
afterEach(() => close());

const dns = dnsAddon({ clusterIp: '10.10.10.10', domain: 'cluster.local' });

describe('deployAddons', () => {
  it('applies every object in order, as field manager kmd, and says so', async () => {
    const told: string[] = [];
    await deployAddons(api, [dns], { onProgress: ({ addon, object }) => told.push(`${addon}: ${object}`) });
    const query = 'force=true&fieldManager=kmd';
    expect(applied).toEqual(
      [
        // What it is about to have, first: what fails half-way can be removed.
        '/api/v1/namespaces/kube-system/configmaps/kmd-addon-dns',
        '/api/v1/namespaces/kube-system/serviceaccounts/coredns',
        '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:coredns',
        '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:coredns',
        '/api/v1/namespaces/kube-system/configmaps/coredns',
        '/api/v1/namespaces/kube-system/services/kube-dns',
        '/apis/apps/v1/namespaces/kube-system/deployments/coredns',
      ].map((path) => `${path}?${query}`),
    );
    expect(told).toHaveLength(6);
    expect(told.at(-1)).toBe('dns: Deployment kube-system/coredns');
  });

  it('waits for the namespace that the API server is about to make', async () => {
    namespaces = [];
    await deployAddons(api, [dns]);
    expect(applied).toHaveLength(7);
  });

  it('makes its own namespace before anything in it', async () => {
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mine' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'mine' } },
    ];
    await deployAddons(api, [{ ...dns, objects }]);
    expect(applied.slice(1).map((one) => one.split('?')[0])).toEqual([
      '/api/v1/namespaces/mine',
      '/api/v1/namespaces/mine/configmaps/c',
    ]);
  });

  it('names the object that was refused, and what it cannot apply', async () => {
    refused = '/api/v1/namespaces/kube-system/services/kube-dns';
    await expect(deployAddons(api, [dns])).rejects.toMatchObject({
      code: 'ADDON_REFUSED',
      message: 'addon dns: Service kube-system/kube-dns was not taken: Invalid!',
      cause: { code: 'Invalid' },
    });
    expect(applied).toHaveLength(5);
    const objects = [{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }];
    await expect(deployAddons(api, [{ ...dns, objects }])).rejects.toMatchObject({ code: 'ADDON_UNKNOWN_KIND' });
  });

  it('stops at the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const deploying = deployAddons(api, [dns], { signal: stop.signal, onProgress: () => stop.abort(reason) });
    await expect(deploying).rejects.toBe(reason);
    expect(applied).toHaveLength(2);
  });
});
