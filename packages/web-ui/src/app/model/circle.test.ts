import { expect, it } from 'vitest';
import type { AgentView, FrameworkView } from '../../mesos-view.js';
import { circleOf, countPods, type CircleSources } from './circle.js';
import type { Pod } from './pod.js';

const amounts = { cpus: 0, mem: 0, disk: 0, gpus: 0, ports: 0, portRanges: '' };
const framework = (name: string, connected = true): FrameworkView => ({
  id: `id of ${name}`,
  name,
  roles: [],
  user: '',
  principal: '',
  active: connected,
  connected,
  since: undefined,
  allocated: amounts,
  offered: amounts,
  offers: [],
});
const agent = (hostname: string, active = true): AgentView => ({
  id: hostname,
  hostname,
  address: hostname,
  active,
  attributes: {},
  since: undefined,
  total: amounts,
  allocated: amounts,
  offered: amounts,
});
const executor = { id: 'e', name: 'e', framework: 'f', agent: 'one', resources: amounts };
const pod = (phase: string, nodeName?: string): Pod => ({
  spec: { containers: [], ...(nodeName === undefined ? {} : { nodeName }) },
  status: { phase },
});
const well = { problem: undefined, complete: true };
const silent = { problem: undefined, complete: false };
const sources = (): CircleSources => ({
  pods: { ...well, ...countPods([pod('Running', 'one'), pod('Pending')]) },
  nodes: { ...well, all: 2 },
  mesos: {
    ...well,
    agents: [agent('one'), agent('two')],
    frameworks: [framework('Kubernetes'), framework('Marathon')],
    executors: [executor],
    offers: [],
    live: 1,
  },
});
const told = (known: CircleSources) =>
  Object.fromEntries(
    Object.entries(circleOf(known)).map(([part, { name, tone, told }]) => [part, `${tone} ${name}: ${told}`]),
  );

it('tells in numbers what each part has to do', () => {
  expect(told(sources())).toEqual({
    apiServer: 'good API server: 2 pods, 2 nodes',
    scheduler: 'good Scheduler: subscribed; 1 pod waits for an offer',
    master: 'good Master: 0 offers out; 1 other framework',
    agents: 'good 2 agents: all are active',
    executors: 'good 1 executor: runs 1 task',
    pods: 'busy 1 pod runs: 1 waiting',
  });
});

it('does not tell what is not known as none', () => {
  const { pods, nodes, mesos } = sources();
  const forbidden = { problem: { kind: 'forbidden', message: 'no' } as const, complete: false };
  expect(told({ pods: { ...forbidden, ...countPods([]) }, nodes, mesos })).toMatchObject({
    apiServer: 'busy API server: 2 nodes',
    scheduler: 'good Scheduler: subscribed',
    pods: 'busy Pods: not known',
  });
  const nobody = { ...mesos, ...silent, agents: [], frameworks: [], executors: [], live: 0 };
  expect(told({ pods, nodes, mesos: nobody })).toMatchObject({
    scheduler: 'busy Scheduler: not known yet',
    master: 'busy Master: not known yet',
    agents: 'busy Agents: not known yet',
    executors: 'busy Executors: not known yet',
  });
});

it('says what is amiss', () => {
  const { pods, nodes, mesos } = sources();
  const cut = { ...mesos, agents: [agent('one'), agent('two', false)], frameworks: [framework('Kubernetes', false)] };
  expect(told({ pods: { ...pods, ...countPods([pod('Failed', 'one')]) }, nodes, mesos: cut })).toMatchObject({
    scheduler: 'bad Scheduler: not connected; no pod waits',
    agents: 'bad 2 agents: 1 active',
    pods: 'bad 0 pods run: 1 in trouble',
  });
  expect(circleOf({ pods, nodes, mesos: { ...mesos, agents: [] } }).agents).toMatchObject({
    tone: 'bad',
    told: 'none has registered',
  });
});
