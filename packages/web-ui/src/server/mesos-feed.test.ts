import type { MasterClient, MasterEvent, MasterGetState, Task, TaskState } from '@kmd/mesos-client';
import { expect, it, vi } from 'vitest';
import type { MesosUpdate } from '../mesos-view.js';
import { MesosFeed } from './mesos-feed.js';

const task = (id: string, state: TaskState): Task => ({
  name: id,
  task_id: { value: id },
  framework_id: { value: 'f' },
  agent_id: { value: 'a' },
  state,
});
const updated = (id: string, state: TaskState): MasterEvent => ({
  type: 'TASK_UPDATED',
  task_updated: { framework_id: { value: 'f' }, state, status: { task_id: { value: id }, state } },
});

/** A master whose events the test sends. */
class Master {
  subscriptions = 0;
  open = 0;
  state: MasterGetState = { get_tasks: { tasks: [task('t', 'TASK_STAGING')] } };
  agents: string[] = [];
  #send: ((event: MasterEvent | Error) => void) | undefined;

  readonly client = {
    subscribe: ({ signal }: { signal: AbortSignal }) => this.#events(signal),
    call: ({ type }: { type: string }) => {
      const agents = this.agents.map((hostname) => ({
        agent_info: { id: { value: hostname }, hostname },
        active: true,
        version: '1.11.0',
      }));
      const answers: Record<string, object> = {
        GET_VERSION: { get_version: { version_info: { version: '1.11.0' } } },
        GET_ROLES: { get_roles: {} },
        GET_AGENTS: { get_agents: { agents } },
        GET_FRAMEWORKS: { get_frameworks: {} },
        GET_EXECUTORS: { get_executors: {} },
      };
      return Promise.resolve(answers[type]);
    },
    close: () => undefined,
  } as unknown as MasterClient;

  async *#events(signal: AbortSignal): AsyncGenerator<MasterEvent> {
    this.subscriptions += 1;
    this.open += 1;
    const queue: (MasterEvent | Error)[] = [{ type: 'SUBSCRIBED', subscribed: { get_state: this.state } }];
    let wake: () => void = () => undefined;
    this.#send = (event) => {
      queue.push(event);
      wake();
    };
    signal.addEventListener('abort', () => wake());
    try {
      while (!signal.aborted) {
        const event = queue.shift();
        if (event instanceof Error) throw event;
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.open -= 1;
    }
  }

  send(event: MasterEvent | Error): void {
    this.#send?.(event);
  }
}

function read(feed: MesosFeed, hold?: () => Promise<void>) {
  const stop = new AbortController();
  const updates: MesosUpdate[] = [];
  const done = feed.read(async (update) => {
    updates.push(update);
    await hold?.();
  }, stop.signal);
  const types = (): string[] => updates.map(({ type }) => type);
  return { updates, types, stop: () => (stop.abort(), done) };
}

it('tells each reader the state and then what changes, by one subscription', async () => {
  const master = new Master();
  const feed = new MesosFeed({ client: master.client, gather: 0, settle: 0 });
  const first = read(feed);
  await vi.waitFor(() => expect(first.types()).toEqual(['state']));
  master.send(updated('t', 'TASK_RUNNING'));
  await vi.waitFor(() =>
    expect(first.updates[1]).toMatchObject({ type: 'tasks', changed: [{ state: 'TASK_RUNNING' }] }),
  );
  const second = read(feed);
  await vi.waitFor(() =>
    expect(second.updates[0]).toMatchObject({ type: 'state', tasks: [{ state: 'TASK_RUNNING' }] }),
  );
  expect(master.subscriptions).toBe(1);
  await first.stop();
  master.send({ type: 'HEARTBEAT' });
  await vi.waitFor(() => expect(second.types()).toContain('heartbeat'));
  expect(first.types()).not.toContain('heartbeat');
  await second.stop();
  // Nobody reads: nobody subscribes.
  await vi.waitFor(() => expect(master.open).toBe(0));
});

it('asks after an event for what Mesos sends no events of', async () => {
  const master = new Master();
  const reader = read(new MesosFeed({ client: master.client, gather: 0, settle: 0 }));
  await vi.waitFor(() => expect(reader.types()).toEqual(['state']));
  master.agents = ['one'];
  master.send({ type: 'HEARTBEAT' });
  await vi.waitFor(() =>
    expect(reader.updates).toContainEqual(
      expect.objectContaining({ type: 'agents', changed: [expect.objectContaining({ hostname: 'one' })], removed: [] }),
    ),
  );
  master.agents = [];
  master.send({ type: 'HEARTBEAT' });
  await vi.waitFor(() => expect(reader.updates).toContainEqual({ type: 'agents', changed: [], removed: ['one'] }));
  await reader.stop();
});

it('says that the master is lost, finds it again, and begins anew', async () => {
  const master = new Master();
  const reader = read(new MesosFeed({ client: master.client, gather: 0 }));
  await vi.waitFor(() => expect(reader.types()).toEqual(['state']));
  master.state = {};
  master.send(new Error('gone away'));
  await vi.waitFor(() => expect(reader.types()).toEqual(['state', 'lost', 'state']));
  expect(reader.updates[1]).toEqual({ type: 'lost', error: 'gone away' });
  expect(reader.updates[2]).toMatchObject({ tasks: [] });
  await reader.stop();
});

it('owes a reader who does not read only how things are in the end', async () => {
  const master = new Master();
  const feed = new MesosFeed({ client: master.client, gather: 0, settle: 0 });
  const held = Promise.withResolvers<void>();
  const slow = read(feed, () => held.promise);
  const quick = read(feed);
  await vi.waitFor(() => expect([slow.types(), quick.types()]).toEqual([['state'], ['state']]));
  for (let index = 0; index < 500; index++)
    master.send(updated('t', index % 2 === 0 ? 'TASK_STARTING' : 'TASK_RUNNING'));
  master.send(updated('t', 'TASK_FINISHED'));
  await vi.waitFor(() =>
    expect(quick.updates.at(-1)).toMatchObject({ type: 'tasks', changed: [{ state: 'TASK_FINISHED' }] }),
  );
  expect(slow.types()).toEqual(['state']);
  held.resolve();
  await vi.waitFor(() => expect(slow.types()).toEqual(['state', 'tasks']));
  expect(slow.updates[1]).toMatchObject({ changed: [{ state: 'TASK_FINISHED', over: true }] });
  await Promise.all([slow.stop(), quick.stop()]);
});
