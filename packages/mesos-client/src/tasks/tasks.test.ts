import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept, launch, NotSubscribedError, type TaskState } from '../index.js';
import { MiddlewareChain } from '../scheduler/middleware.js';
import { FileTaskStore } from './file-task-store.js';
import { MemoryTaskStore, type TaskRecord } from './task-store.js';
import { TaskTracker } from './task-tracker.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesos-client-tasks-'));
  path = join(folder, 'deep', 'tasks.ndjson');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const task = (id: string) => ({ name: id, task_id: { value: id }, agent_id: { value: 'S' } });
const launchOf = (...ids: string[]) =>
  accept({ offerIds: [{ value: 'O' }], operations: [launch(ids.map((id) => task(id)))] });
const update = (id: string, state: TaskState) => ({
  type: 'UPDATE' as const,
  update: { status: { task_id: { value: id }, state, agent_id: { value: 'S' }, timestamp: 5, uuid: 'AAAA' } },
});

describe('a file of tasks', () => {
  it('is there for the next process', async () => {
    const first = new FileTaskStore(path);
    expect(await first.load()).toEqual([]);
    await first.save([
      { taskId: 'a', agentId: 'S' },
      { taskId: 'b', agentId: 'S' },
    ]);
    await first.save([{ taskId: 'a', agentId: 'S', state: 'TASK_RUNNING', timestamp: 5, data: 'mine' }]);
    await first.remove(['b', 'unknown']);
    await first.close();
    const second = new FileTaskStore(path);
    expect(await second.load()).toEqual([
      { taskId: 'a', agentId: 'S', state: 'TASK_RUNNING', timestamp: 5, data: 'mine' },
    ]);
    await second.close();
  });

  it('survives a line that a crash cut short', async () => {
    const first = new FileTaskStore(path);
    await first.save([{ taskId: 'a', agentId: 'S' }]);
    await first.close();
    await appendFile(path, '{"save":{"taskId":"bö');
    const second = new FileTaskStore(path);
    expect(await second.load()).toEqual([{ taskId: 'a', agentId: 'S' }]);
    await second.save([{ taskId: 'c', agentId: 'S' }]);
    await second.close();
    expect((await new FileTaskStore(path).load()).map(({ taskId }) => taskId)).toEqual(['a', 'c']);
  });

  it('is written anew when most of it is outdated', async () => {
    const store = new FileTaskStore(path);
    for (let round = 0; round < 60; round += 1) {
      const ids = Array.from({ length: 50 }, (_, index) => `${round}-${index}`);
      await Promise.all(ids.map((id) => store.save([{ taskId: id, agentId: 'S' }])));
      await store.remove(ids);
    }
    await store.save([{ taskId: 'last', agentId: 'S' }]);
    await store.close();
    expect((await readFile(path, 'utf8')).split('\n').length).toBeLessThan(1300);
    expect(await new FileTaskStore(path).load()).toEqual([{ taskId: 'last', agentId: 'S' }]);
  });

  it('of another kind is refused, and left as it is', async () => {
    const other = join(folder, 'other');
    await writeFile(other, 'one\ntwo\n');
    const store = new FileTaskStore(other);
    await expect(store.load()).rejects.toThrow(`${other}:1: this line is no entry of a task journal`);
    await expect(store.save([{ taskId: 'a', agentId: 'S' }])).rejects.toMatchObject({ code: 'MESOS_STORE' });
    expect(await readFile(other, 'utf8')).toBe('one\ntwo\n');
  });

  it('says what is wrong when it cannot be written', async () => {
    await writeFile(join(folder, 'deep'), '');
    await expect(new FileTaskStore(path).save([{ taskId: 'a', agentId: 'S' }])).rejects.toThrow(/tasks cannot be read/);
  });
});

describe('a task tracker', () => {
  it('saves the intent to launch before the call is sent', async () => {
    const store = new MemoryTaskStore();
    const tracker = new TaskTracker({ store, describe: ({ name }) => `for ${name}` });
    const chain = new MiddlewareChain();
    chain.add(tracker.middleware);
    let kept: TaskRecord[] = [];
    await chain.call(launchOf('a', 'b'), async () => {
      kept = await store.load();
    });
    expect(kept).toEqual([
      { taskId: 'a', agentId: 'S', data: 'for a' },
      { taskId: 'b', agentId: 'S', data: 'for b' },
    ]);
    expect(tracker.reconcilable()).toEqual([
      { task_id: { value: 'a' }, agent_id: { value: 'S' } },
      { task_id: { value: 'b' }, agent_id: { value: 'S' } },
    ]);
  });

  it('forgets a launch that never left, and keeps one of which nobody knows', async () => {
    const tracker = new TaskTracker();
    const chain = new MiddlewareChain();
    chain.add(tracker.middleware);
    await expect(chain.call(launchOf('a'), () => Promise.reject(new NotSubscribedError('ACCEPT')))).rejects.toThrow();
    expect(tracker.size).toBe(0);
    await expect(chain.call(launchOf('b'), () => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    expect(tracker.get('b')).toEqual({ taskId: 'b', agentId: 'S' });
  });

  it('does not ask after a launch that is still under way: the master would not know it yet', async () => {
    const tracker = new TaskTracker();
    const chain = new MiddlewareChain();
    chain.add(tracker.middleware);
    const sent = Promise.withResolvers<void>();
    const asked: string[][] = [];
    const ask = () => asked.push(tracker.reconcilable().map(({ task_id: id }) => id.value));
    await chain.call(launchOf('a'), async () => void ask());
    const underway = chain.call(launchOf('b', 'c'), () => sent.promise);
    ask();
    for await (const event of chain.deliver(update('c', 'TASK_STARTING'))) if (event.type === 'UPDATE') ask();
    sent.reject(new Error('reset'));
    await expect(underway).rejects.toThrow('reset');
    ask();
    expect(asked).toEqual([[], ['a'], ['a', 'c'], ['a', 'b', 'c']]);
  });

  it('makes no launch that it cannot keep', async () => {
    await writeFile(join(folder, 'deep'), '');
    const tracker = new TaskTracker({ store: new FileTaskStore(path) });
    const chain = new MiddlewareChain();
    chain.add(tracker.middleware);
    let sent = false;
    const calling = chain.call(launchOf('a'), async () => {
      sent = true;
    });
    await expect(calling).rejects.toMatchObject({ code: 'MESOS_STORE' });
    expect([sent, tracker.size]).toEqual([false, 0]);
  });

  it('keeps a task that ended until its consumer is done with that: a killed process is told again', async () => {
    const store = new MemoryTaskStore();
    const tracker = new TaskTracker({ store });
    const chain = new MiddlewareChain();
    chain.add(tracker.middleware);
    await chain.call(launchOf('a', 'b'), () => Promise.resolve());
    const kept = async () => (await store.load()).map(({ taskId }) => taskId);
    for await (const event of chain.deliver(update('a', 'TASK_GONE')))
      expect([event.type, tracker.size, await kept()]).toEqual(['UPDATE', 1, ['a', 'b']]);
    expect(await kept()).toEqual(['b']);
    // One that is launched anew under its old name is a task again.
    for await (const event of chain.deliver(update('b', 'TASK_FINISHED')))
      if (event.type === 'UPDATE') await chain.call(launchOf('b'), () => Promise.resolve());
    expect(await kept()).toEqual(['b']);
  });

  it('keeps states before they are delivered, and forgets what has ended', async () => {
    const store = new FileTaskStore(path);
    const tracker = new TaskTracker({ store });
    const chain = new MiddlewareChain();
    chain.add(tracker.middleware);
    await chain.call(launchOf('a', 'b', 'c'), () => Promise.resolve());
    const seen: (string | undefined)[] = [];
    for (const event of [update('a', 'TASK_RUNNING'), update('b', 'TASK_FAILED'), update('c', 'TASK_UNKNOWN')])
      for await (const delivered of chain.deliver(event))
        seen.push(delivered.type === 'UPDATE' ? tracker.get(delivered.update.status.task_id.value)?.state : '');
    expect(seen).toEqual(['TASK_RUNNING', undefined, undefined]);
    await store.close();
    const next = new TaskTracker({ store: new FileTaskStore(path) });
    await next.load();
    expect(next.list()).toEqual([{ taskId: 'a', agentId: 'S', state: 'TASK_RUNNING', timestamp: 5 }]);
  });
});
