import { expect, it } from 'vitest';
import type { AgentView, Amounts, OfferView, TaskView } from '../../mesos-view.js';
import { holdersOf, holdingsOf } from './holding.js';

const amounts = (cpus: number, mem = 0, portRanges = ''): Amounts => ({
  cpus,
  mem,
  disk: 0,
  gpus: 0,
  ports: portRanges === '' ? 0 : 1,
  portRanges,
});
const agent: AgentView = {
  id: 'a',
  hostname: 'one',
  address: '',
  active: true,
  attributes: {},
  since: undefined,
  total: amounts(4, 1000),
  allocated: amounts(0.7, 300),
  offered: amounts(2),
};
const task = (id: string, over: boolean, resources: Amounts): TaskView => ({
  id,
  name: `${id}.default.pod`,
  framework: 'f',
  agent: 'a',
  executor: 'e',
  state: '',
  over,
  statuses: [],
  resources,
  role: '*',
});
const offer: OfferView = { id: 'o', framework: 'f', agent: 'a', role: '*', resources: amounts(2) };

it('names everyone who holds a part of an agent, and what has no holder that is known', () => {
  const tasks = [task('web', false, amounts(0.1, 100, '31000')), task('old', true, amounts(3))];
  const executor = { id: 'e', name: '', framework: 'f', agent: 'a', resources: amounts(0.2, 100) };
  const holding = holdingsOf(tasks, [executor]).get('a')!;
  const frameworks = [{ id: 'f', name: 'Kubernetes' }] as never;
  const holders = holdersOf(agent, holding, frameworks, [offer, { ...offer, id: 'other', agent: 'b' }]);
  expect(holders.map(({ name, kind, resources }) => [name, kind, resources.cpus, resources.mem])).toEqual([
    ['web', 'task', 0.1, 100],
    ['executor of Kubernetes', 'executor', 0.2, 100],
    // 0.7 - 0.1 - 0.2 is not 0.4 among fractions of two.
    ['changing hands', 'other', 0.4, 100],
    ['on offer to Kubernetes', 'offer', 2, 0],
  ]);
  expect(holders[0]).toMatchObject({ href: '/mesos/tasks/web', resources: { portRanges: '31000' } });
});

it('gives everything to nobody where nothing runs', () => {
  expect(holdersOf({ ...agent, allocated: amounts(0) }, { tasks: [], executors: [] }, [], [])).toEqual([]);
});
