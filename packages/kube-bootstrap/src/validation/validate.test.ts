import { KubeError, type KubeApi, type KubeObject, type Resource } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { dnsAddon } from '../addons/dns.js';
import { validateCluster } from './validate.js';

const refuse = (): never => {
  throw new KubeError(0, 'Unreachable', 'the API server at http://x cannot be reached');
};
/** An API that can only list: what it has of each kind. */
const having = (objects: Record<string, object[]> | undefined): KubeApi => ({
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
        { name: 'nodes', ok: false, detail: '1 of 2 ready; not ready: n2' },
        { name: 'addon dns', ok: false, detail: '0 of 1 pods ready: p Pending (no offer fits)' },
      ],
    });
  });

  it('takes a server that does not answer for a failed check', async () => {
    const { ok, checks } = await validateCluster(having(undefined), { nodes: 1 });
    expect(ok).toBe(false);
    expect(checks).toEqual([{ name: 'nodes', ok: false, detail: 'the API server at http://x cannot be reached' }]);
  });
});
