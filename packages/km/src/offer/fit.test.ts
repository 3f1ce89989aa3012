import type { Node, Pod } from '@kmd/kube-client';
import type { Resource } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';
import { PORT_MAPPING, ROLES } from '../annotation.js';
import { chooseRoles } from '../pod/roles.js';
import { fitPod, needsOf, type ExecutorNeeds, type Fit } from './fit.js';
import { explainMisfits, type Lack } from './lack.js';
import { Stock } from './stock.js';

const allocation_info = { role: 'public' };
const scalar = (name: string, value: number, role = '*'): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  role,
  allocation_info,
});
const ports = (begin: number, end: number, role = '*'): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range: [{ begin, end }] },
  role,
  allocation_info,
});
const roles = chooseRoles(['*', 'public'], ['*']);
const executor: ExecutorNeeds = { demand: { cpus: 0.25, mem: 128 }, roles: roles.framework };
const node: Node = { metadata: { name: 'agent-1', labels: {} } };

function pod({
  containerPorts = [] as { containerPort: number; hostPort?: number; name?: string }[],
  limits = {} as Record<string, string>,
  annotations = {} as Record<string, string>,
  labels = {} as Record<string, string>,
} = {}): Pod {
  return {
    metadata: { name: 'p', namespace: 'default', annotations, labels },
    spec: { containers: [{ name: 'c', image: 'i', resources: { limits }, ports: containerPorts }] },
  };
}
const offer = [
  scalar('cpus', 4),
  scalar('mem', 1280),
  ports(31000, 31002),
  scalar('cpus', 1, 'public'),
  scalar('mem', 512, 'public'),
  ports(7000, 7005, 'public'),
];
const fit = (given: Pod, { resources = offer, with: needs = undefined as ExecutorNeeds | undefined } = {}) =>
  fitPod(needsOf(given, roles), { stock: new Stock(resources), node, executor: needs });
function fits(result: ReturnType<typeof fitPod>): Fit {
  if ('lacks' in result) throw new Error(JSON.stringify(result.lacks));
  return result;
}
const lacks = (result: ReturnType<typeof fitPod>): readonly Lack[] => ('lacks' in result ? result.lacks : []);

describe('fitPod', () => {
  it('3: a pod without resources reserves 0.25 cpu, 64 MB, and one port per declared container port, lowest free first', () => {
    const result = fits(fit(pod({ containerPorts: [{ containerPort: 80, name: 'http' }, { containerPort: 443 }] })));
    expect(result.resources).toEqual([
      scalar('cpus', 0.25),
      scalar('mem', 64),
      ports(31000, 31000),
      ports(31001, 31001),
    ]);
    expect(result.ports.map(({ containerPort, hostPort }) => [containerPort, hostPort])).toEqual([
      [80, 31000],
      [443, 31001],
    ]);
    expect(result.executorResources).toEqual([]);
  });

  it('4: a pod with label portMapping=fixed and hostPort 0 reserves no port', () => {
    const result = fits(fit(pod({ containerPorts: [{ containerPort: 80 }], labels: { [PORT_MAPPING]: 'fixed' } })));
    expect(result.ports).toEqual([]);
  });

  it('5: roles=public uses only the resources of that role; the executor takes its own from *', () => {
    const given = pod({ containerPorts: [{ containerPort: 80 }], annotations: { [ROLES]: 'public' } });
    const result = fits(fit(given, { with: executor }));
    expect(result.resources).toEqual([
      scalar('cpus', 0.25, 'public'),
      scalar('mem', 64, 'public'),
      ports(7000, 7000, 'public'),
    ]);
    expect(result.executorResources).toEqual([scalar('cpus', 0.25), scalar('mem', 128)]);
  });

  it('6: a host port is given once', () => {
    const given = pod({ containerPorts: [{ containerPort: 80, hostPort: 31001 }] });
    const first = fits(fit(given));
    const second = fitPod(needsOf(given, roles), { stock: first.stock, node });
    expect(lacks(second)).toEqual([{ what: 'without host port 31001 free' }]);
  });

  it('gives ports asked for by number before those that take any', () => {
    const given = pod({ containerPorts: [{ containerPort: 1 }, { containerPort: 2, hostPort: 31000 }] });
    const mapped = fits(fit(given)).ports.map(({ containerPort, hostPort }) => [containerPort, hostPort]);
    expect(mapped).toEqual([
      [2, 31000],
      [1, 31001],
    ]);
  });

  it('7: says in numbers what a too large pod lacks', () => {
    expect(lacks(fit(pod({ limits: { cpu: '5', memory: '2Gi' } })))).toEqual([
      { what: 'without enough cpus', wanted: 5, free: 4, unit: '' },
      { what: 'without enough mem', wanted: 2048, free: 1280, unit: ' MB' },
    ]);
  });

  it('reckons the executor of a new agent', () => {
    const tight = { resources: [scalar('cpus', 1), scalar('mem', 256)] };
    const given = pod({ limits: { cpu: '1' } });
    expect(lacks(fit(given, tight))).toEqual([]);
    expect(lacks(fit(given, { ...tight, with: executor }))).toEqual([
      { what: 'without enough cpus for the executor beside the pod', wanted: 0.25, free: 0, unit: '' },
    ]);
  });

  it('combines one resource from several roles in the order of the pod', () => {
    const given = pod({ limits: { cpu: '2' }, annotations: { [ROLES]: 'public,*' } });
    expect(fits(fit(given)).resources.slice(0, 2)).toEqual([scalar('cpus', 1, 'public'), scalar('cpus', 1)]);
  });

  it('leaves the offer as it was when a pod does not fit', () => {
    const stock = new Stock(offer);
    fitPod(needsOf(pod({ limits: { memory: '9Gi' } }), roles), { stock, node });
    expect(stock.scalar('cpus', ['*'])).toBe(4);
  });

  it("refuses a pod that asks for one host port twice, and one whose roles are not the framework's", () => {
    const twice = pod({
      containerPorts: [
        { containerPort: 1, hostPort: 31000 },
        { containerPort: 2, hostPort: 31000 },
      ],
    });
    expect(lacks(fit(twice))[0]?.what).toBe('with host port 31000 once, and the pod asks for it twice');
    expect(lacks(fit(pod({ annotations: { [ROLES]: 'other' } })))).toHaveLength(1);
  });

  it('puts pods on one offer until it is used up', () => {
    let stock = new Stock([scalar('cpus', 1), scalar('mem', 1024)]);
    let placed = 0;
    for (;;) {
      const result = fitPod(needsOf(pod(), roles), { stock, node });
      if ('lacks' in result) break;
      stock = result.stock;
      placed += 1;
    }
    expect(placed).toBe(4);
  });

  it('keeps dynamic reservations, and leaves revocable resources alone', () => {
    const reserved: Resource = {
      ...scalar('cpus', 1),
      reservations: [{ type: 'DYNAMIC', role: 'public', principal: 'me' }],
    };
    delete reserved.role;
    const revocable: Resource = { ...scalar('cpus', 8), revocable: {} };
    const given = pod({ annotations: { [ROLES]: 'public' } });
    const result = fits(fit(given, { resources: [revocable, reserved, scalar('mem', 512, 'public')] }));
    expect(result.resources[0]).toEqual({ ...reserved, scalar: { value: 0.25 } });
  });
});

describe('extended resources', () => {
  const resources = [...offer, scalar('disk', 1000), scalar('gpus', 2), scalar('fpga', 1)];

  it('are taken under the names of Mesos, and only when asked for', () => {
    const limits = { 'ephemeral-storage': '100Mi', 'nvidia.com/gpu': '1', 'kmd.dev/fpga': '1' };
    expect(fits(fit(pod({ limits }), { resources })).resources.slice(2)).toEqual([
      scalar('disk', 100),
      scalar('gpus', 1),
      scalar('fpga', 1),
    ]);
    expect(fits(fit(pod(), { resources })).resources.map(({ name }) => name)).toEqual(['cpus', 'mem']);
  });

  it('are told in numbers when they are used up, or are none of the agent', () => {
    const limits = { 'nvidia.com/gpu': '3', 'example.com/tpu': '1' };
    expect(lacks(fit(pod({ limits }), { resources }))).toEqual([
      { what: 'without enough gpus', wanted: 3, free: 2, unit: '' },
      { what: 'without enough example.com/tpu', wanted: 1, free: 0, unit: '' },
    ]);
  });
});

describe('explainMisfits', () => {
  const cpus = (free: number): Lack => ({ what: 'without enough cpus', wanted: 2, free });

  it('counts the agents of each reason, and tells the best offer', () => {
    const line = explainMisfits([
      { agent: 'a-1', lacks: [cpus(0.25), { what: 'without enough mem', wanted: 64, free: 32, unit: ' MB' }] },
      { agent: 'a-2', lacks: [{ what: 'cordoned' }] },
      { agent: 'a-3', lacks: [cpus(0.5)] },
      { agent: 'a-4', lacks: [cpus(0)] },
      { agent: 'a-5', lacks: [cpus(0)] },
    ]);
    expect(line).toBe(
      '0/5 agents fit: 4 without enough cpus (2 wanted, at most 0.5 free): a-1, a-3, a-4, …; ' +
        '1 without enough mem (64 MB wanted, 32 MB free): a-1; 1 cordoned: a-2',
    );
  });

  it('stays short when every agent has a reason of its own', () => {
    const misfits = Array.from({ length: 20 }, (_, n) => ({ agent: `a-${n}`, lacks: [{ what: `reason ${n}` }] }));
    expect(explainMisfits(misfits)).toMatch(/^0\/20 agents fit: .*; 12 more reasons$/);
  });
});
