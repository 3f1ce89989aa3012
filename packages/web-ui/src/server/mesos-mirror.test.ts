import type { Task, TaskState } from '@kmd/mesos-client';
import { expect, it } from 'vitest';
import { MAX_ENDED, MAX_STATUSES, MesosMirror } from './mesos-mirror.js';

const task = (id: string, state: TaskState, framework = 'f'): Task => ({
  name: `${id}.default.pod`,
  task_id: { value: id },
  framework_id: { value: framework },
  agent_id: { value: 'a' },
  state,
  resources: [],
});
const agent = (hostname: string, cpus: number) => ({
  agent_info: { id: { value: hostname }, hostname },
  active: true,
  version: '1.11.0',
  total_resources: [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: cpus } }],
});
const nothing = { agents: [], frameworks: [], executors: [], roles: [] };

it('adds what a task says to what it has said', () => {
  const mirror = new MesosMirror('1.11.0', { get_tasks: { tasks: [task('t', 'TASK_STAGING')] } }, []);
  const status = { task_id: { value: 't' }, state: 'TASK_RUNNING' as const, timestamp: 12.5, message: 'up' };
  expect(mirror.updateTask('f', 'TASK_RUNNING', status)).toEqual(['f t']);
  expect(mirror.tasks.get('f t')).toMatchObject({
    state: 'TASK_RUNNING',
    over: false,
    statuses: [{ state: 'TASK_RUNNING', time: 12_500, message: 'up' }],
  });
  // The same id of another framework is another task, of which nothing was told.
  expect(mirror.updateTask('other', 'TASK_RUNNING', status)).toEqual([]);
});

it('keeps the first status of a task and the last ones', () => {
  const mirror = new MesosMirror('', { get_tasks: { tasks: [task('t', 'TASK_RUNNING')] } }, []);
  for (let index = 0; index < 3 * MAX_STATUSES; index++)
    mirror.updateTask('f', 'TASK_RUNNING', { task_id: { value: 't' }, state: 'TASK_RUNNING', message: String(index) });
  const messages = mirror.tasks.get('f t')?.statuses.map(({ message }) => message) ?? [];
  expect(messages).toHaveLength(MAX_STATUSES);
  expect([messages[0], messages.at(-1)]).toEqual(['0', String(3 * MAX_STATUSES - 1)]);
});

it('forgets the tasks that ended first, and no live one', () => {
  const completed = Array.from({ length: MAX_ENDED + 200 }, (_, index) => task(`old-${index}`, 'TASK_FINISHED'));
  const mirror = new MesosMirror(
    '',
    { get_tasks: { tasks: [task('live', 'TASK_RUNNING')], completed_tasks: completed } },
    [],
  );
  expect(mirror.tasks.size).toBe(MAX_ENDED + 1);
  expect(mirror.tasks.has('f old-199')).toBe(false);
  const status = { task_id: { value: 'live' }, state: 'TASK_KILLED' as const };
  expect(mirror.updateTask('f', 'TASK_KILLED', status)).toEqual(['f live', 'f old-200']);
  expect(mirror.tasks.size).toBe(MAX_ENDED);
});

it('names the agents that came, changed and went, and nothing when all is as it was', () => {
  const mirror = new MesosMirror('', { get_agents: { agents: [agent('one', 4), agent('two', 4)] } }, []);
  const now = { ...nothing, agents: [agent('one', 8), agent('three', 4)] };
  expect(mirror.settle(now)).toEqual({ agents: ['one', 'three', 'two'], others: false });
  expect(mirror.agents.get('one')?.total.cpus).toBe(8);
  expect(mirror.settle(now)).toEqual({ agents: [], others: false });
  expect(mirror.settle({ ...now, roles: [{ name: '*', weight: 2 }] })).toEqual({ agents: [], others: true });
});
