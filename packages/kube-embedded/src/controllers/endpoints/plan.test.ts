import { describe, expect, it } from 'vitest';
import { makePod, makeService, type PodShape } from '../testing/objects.js';
import { findBackends } from './addresses.js';
import { planEndpoints, planSubsets } from './plan.js';

const http = { spec: { containers: [{ name: 'c', image: 'i', ports: [{ name: 'http', containerPort: 8080 }] }] } };
const pod = (name: string, ip: string, shape: PodShape = {}) => makePod({ name, ip, node: 'n', ...http, ...shape });
const subsets = (service: ReturnType<typeof makeService>, pods: ReturnType<typeof makePod>[]) =>
  planSubsets(service, findBackends(service, pods)).map(({ addresses, notReadyAddresses, ports }) => ({
    ready: (addresses ?? []).map(({ ip }) => ip),
    notReady: (notReadyAddresses ?? []).map(({ ip }) => ip),
    ports: (ports ?? []).map(({ name = '', port }) => `${name}:${port}`),
  }));

describe('planSubsets', () => {
  it('resolves a named target port in the container, and tells ready from not ready', () => {
    expect(
      subsets(makeService(), [pod('b', '10.0.0.2'), pod('a', '10.0.0.1'), pod('c', '10.0.0.3', { ready: false })]),
    ).toEqual([{ ready: ['10.0.0.1', '10.0.0.2'], notReady: ['10.0.0.3'], ports: [':8080'] }]);
  });
  it('keeps pods apart that give a port name another number', () => {
    const other = { spec: { containers: [{ name: 'c', image: 'i', ports: [{ name: 'http', containerPort: 9090 }] }] } };
    expect(subsets(makeService(), [pod('a', '10.0.0.1'), pod('b', '10.0.0.2', other)])).toEqual([
      { ready: ['10.0.0.1'], notReady: [], ports: [':8080'] },
      { ready: ['10.0.0.2'], notReady: [], ports: [':9090'] },
    ]);
  });
  it('leaves a port out that the pod does not have', () => {
    const ports = [
      { name: 'web', port: 80, targetPort: 'http' },
      { name: 'metrics', port: 9100, targetPort: 'metrics' },
    ];
    expect(subsets(makeService({ ports }), [pod('a', '10.0.0.1')])).toEqual([
      { ready: ['10.0.0.1'], notReady: [], ports: ['web:8080'] },
    ]);
  });
  it('takes the service’s own port where no target is given', () => {
    expect(subsets(makeService({ ports: [{ port: 6379 }] }), [pod('a', '10.0.0.1')])[0]?.ports).toEqual([':6379']);
  });
  it.each<[string, PodShape]>([
    ['without an address', { ip: '' }],
    ['that has failed', { phase: 'Failed' }],
    ['that has ended', { phase: 'Succeeded' }],
    ['that is being deleted', { deleting: true }],
  ])('leaves a pod out %s', (_case, shape) => {
    expect(subsets(makeService(), [pod('a', '10.0.0.1', shape)])).toEqual([]);
  });
  it('shows pods that are not ready as ready when the service publishes them', () => {
    const service = makeService({ publishNotReadyAddresses: true });
    expect(subsets(service, [pod('a', '10.0.0.1', { ready: false })])[0]).toMatchObject({
      ready: ['10.0.0.1'],
      notReady: [],
    });
  });
  it('gives a headless service without ports its addresses, and any other nothing', () => {
    const pods = [pod('a', '10.0.0.1')];
    expect(subsets(makeService({ clusterIP: 'None', ports: [] }), pods)).toEqual([
      { ready: ['10.0.0.1'], notReady: [], ports: [] },
    ]);
    expect(subsets(makeService({ ports: [] }), pods)).toEqual([]);
  });
});

describe('planEndpoints', () => {
  const service = makeService();
  const backends = findBackends(service, [pod('a', '10.0.0.1')]);
  const made = planEndpoints(service, backends, undefined);

  it('makes an object of the service’s name that says which pods it means', () => {
    expect(made).toMatchObject({
      kind: 'Endpoints',
      metadata: {
        name: 'web',
        namespace: 'default',
        labels: { tier: 'front', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' },
      },
      subsets: [
        {
          addresses: [
            {
              ip: '10.0.0.1',
              nodeName: 'n',
              targetRef: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-a' },
            },
          ],
        },
      ],
    });
  });
  it('writes nothing when nothing changes', () => {
    expect(planEndpoints(service, backends, made)).toBeUndefined();
  });
  it('marks a headless service', () => {
    const headless = makeService({ clusterIP: 'None' });
    expect(planEndpoints(headless, [], undefined)?.metadata?.labels).toHaveProperty(
      ['service.kubernetes.io/headless'],
      '',
    );
  });
  it('holds a thousand addresses, ready ones first, and says when there are more', () => {
    const many = Array.from({ length: 1001 }, (_, n) => pod(`p${n}`, `10.0.${n >> 8}.${n & 255}`, { ready: n !== 0 }));
    const full = planEndpoints(service, findBackends(service, many), undefined);
    expect(full?.subsets?.[0]?.addresses).toHaveLength(1000);
    expect(full?.subsets?.[0]?.notReadyAddresses).toBeUndefined();
    expect(full?.metadata?.annotations).toEqual({ 'endpoints.kubernetes.io/over-capacity': 'truncated' });
  });
});
