import { KubeError, type KubeClient, type KubeObject, type Resource } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { dnsAddon } from '../addons/dns.js';
import { validateCluster } from './validate.js';

const refuse = (): never => {
  throw new KubeError(0, 'Unreachable', 'the API server at http://x cannot be reached');
};
/** An API that can only list, what it has of each kind, and say how it is itself. */
const having = (objects: Record<string, object[]> | undefined, readyz = { status: 200, body: 'ok' }): KubeClient => ({
  request: async (_, path) =>
    objects === undefined
      ? refuse()
      : { headers: {}, ...(path === '/version' ? { status: 200, body: '{"gitVersion":"v1.30.0"}' } : readyz) },
  close: () => undefined,
  get: refuse,
  watch: refuse,
  create: refuse,
  update: refuse,
  patch: refuse,
  delete: refuse,
  createSubresource: refuse,
  list: async <T extends KubeObject>({ plural }: Resource<T>) =>
    objects === undefined ? refuse() : { metadata: {}, items: (objects[plural] ?? []) as T[] },
});

const ready = (status: string) => ({ conditions: [{ type: 'Ready', status }] });
const dns = dnsAddon({ clusterIp: '10.10.10.10', domain: 'cluster.local' });

describe('validateCluster', () => {
  it('is content with enough ready nodes and running addons', async () => {
    const api = having({
      nodes: [{ metadata: { name: 'n1' }, status: ready('True') }],
      pods: [{ metadata: { name: 'p' }, status: { phase: 'Running', ...ready('True') } }],
    });
    expect(await validateCluster(api, { nodes: 1, addons: [dns] })).toEqual({
      ok: true,
      checks: [
        { name: 'API server', ok: true, detail: 'v1.30.0' },
        { name: 'nodes', ok: true, detail: '1 of 1 ready' },
        { name: 'addon dns', ok: true, detail: '1 of 1 pods ready' },
      ],
    });
  });

  it('says what is missing, and why', async () => {
    const api = having({
      nodes: [
        { metadata: { name: 'n1' }, status: ready('True') },
        { metadata: { name: 'n2' }, status: ready('Unknown') },
      ],
      pods: [{ metadata: { name: 'p', uid: 'u' }, status: { phase: 'Pending' } }],
      events: [{ metadata: {}, involvedObject: { uid: 'u' }, reason: 'FailedScheduling', message: 'no offer fits' }],
    });
    expect(await validateCluster(api, { nodes: 2, addons: [dns] })).toEqual({
      ok: false,
      checks: [
        { name: 'API server', ok: true, detail: 'v1.30.0' },
        { name: 'nodes', ok: false, detail: '1 of 2 ready; not ready: n2' },
        { name: 'addon dns', ok: false, detail: '0 of 1 pods ready: p Pending (no offer fits)' },
      ],
    });
  });

  it('takes a server that does not answer for a failed check', async () => {
    const { ok, checks } = await validateCluster(having(undefined), { nodes: 1 });
    expect(ok).toBe(false);
    const detail = 'the API server at http://x cannot be reached';
    expect(checks).toEqual(['API server', 'leaders', 'nodes'].map((name) => ({ name, ok: false, detail })));
  });

  it('wants every node there is, and one, when no number is given', async () => {
    const of = async (nodes: object[]) =>
      (await validateCluster(having({ nodes }))).checks.find(({ name }) => name === 'nodes');
    expect(await of([])).toEqual({ name: 'nodes', ok: false, detail: '0 of 1 ready' });
    const two = [
      { metadata: { name: 'n1' }, status: ready('True') },
      { metadata: { name: 'n2' }, status: ready('False') },
    ];
    expect(await of(two)).toEqual({ name: 'nodes', ok: false, detail: '1 of 2 ready; not ready: n2' });
  });

  it('names the checks of the API server that fail', async () => {
    const body =
      '[+]ping ok\n[-]etcd failed: reason withheld\n[-]informer-sync failed: reason withheld\nreadyz check failed\n';
    const { checks } = await validateCluster(having({}, { status: 500, body }), { nodes: 0 });
    expect(checks[0]).toEqual({ name: 'API server', ok: false, detail: 'not ready: etcd, informer-sync' });
  });

  it('knows by their leases whether controller manager and scheduler were heard of lately', async () => {
    const now = new Date('2026-01-01T00:10:00Z');
    const lease = (name: string, renewTime: string) => ({
      metadata: { name },
      spec: { holderIdentity: `${name}-1`, leaseDurationSeconds: 15, renewTime },
    });
    const leases = [
      lease('kube-controller-manager', '2026-01-01T00:09:50.000000Z'),
      lease('kube-scheduler', '2026-01-01T00:08:00.000000Z'),
      lease('somebody-else', '2020-01-01T00:00:00.000000Z'),
    ];
    const { checks } = await validateCluster(having({ leases }), { nodes: 0, now });
    expect(checks.slice(1, 3)).toEqual([
      { name: 'controller manager', ok: true, detail: 'kube-controller-manager-1 leads' },
      { name: 'scheduler', ok: false, detail: 'kube-scheduler-1 has not been heard of for 120 s' },
    ]);
  });
});
