import type { Node, Pod } from '@kmd/kube-client';
import type { Resource } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';
import { PORT_MAPPING, ROLES } from '../annotation.js';
import { chooseRoles } from '../pod/roles.js';
import { explainMisfits, fitPod, needsOf, type ExecutorNeeds, type Fit } from './fit.js';
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
const executor: ExecutorNeeds = { cpus: 0.25, mem: 128, roles: roles.framework };
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
  if ('missing' in result) throw new Error(result.missing.join('; '));
  return result;
}
const missing = (result: ReturnType<typeof fitPod>): readonly string[] => ('missing' in result ? result.missing : []);

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
    expect(missing(second)).toEqual(['host port 31001 is not free']);
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
    expect(missing(fit(pod({ limits: { cpu: '5', memory: '2Gi' } })))).toEqual([
      'cpus 5 wanted, 4 free',
      'mem 2048 MB wanted, 1280 MB free',
    ]);
  });

  it('reckons the executor of a new agent', () => {
    const tight = { resources: [scalar('cpus', 1), scalar('mem', 256)] };
    const given = pod({ limits: { cpu: '1' } });
    expect(missing(fit(given, tight))).toEqual([]);
    expect(missing(fit(given, { ...tight, with: executor }))).toEqual([
      'cpus 0.25 wanted for the executor beside the pod, 0 free',
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
    expect(missing(fit(twice))).toEqual(['host port 31000 is asked for twice']);
    expect(missing(fit(pod({ annotations: { [ROLES]: 'other' } })))).toHaveLength(1);
  });

  it('puts pods on one offer until it is used up', () => {
    let stock = new Stock([scalar('cpus', 1), scalar('mem', 1024)]);
    let placed = 0;
    for (;;) {
      const result = fitPod(needsOf(pod(), roles), { stock, node });
      if ('missing' in result) break;
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

it('explains misfits in one line', () => {
  const line = explainMisfits([
    { agent: 'agent-1', missing: ['cpus 3.5 wanted, 2.75 free'] },
    { agent: 'agent-2', missing: ['the node is cordoned'] },
  ]);
  expect(line).toBe('0/2 agents fit: agent-1: cpus 3.5 wanted, 2.75 free; agent-2: the node is cordoned');
});
