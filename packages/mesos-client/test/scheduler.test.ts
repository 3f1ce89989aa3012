import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accept,
  createSchedulerClient,
  decline,
  FencedError,
  FileFrameworkStore,
  FrameworkRemovedError,
  InvalidCallError,
  kill,
  launch,
  MemoryFrameworkStore,
  MesosHttpError,
  NotSubscribedError,
  ProtocolError,
  reconcile,
  revive,
  SubscriptionRefusedError,
  suppress,
  teardown,
  UnreachableError,
  type FrameworkStore,
  type SchedulerCallBody,
  type SchedulerClient,
  type SchedulerClientEvent,
  type SchedulerClientOptions,
} from '../src/index.js';
import { accepted, FakeMesos, refuse, replay } from './fake-mesos.js';
import { readRequest } from './recording.js';

const RECORDED_ID = 'f6eb3a31-a683-4688-9b83-4df13bada8a2-0000';

const subscribed = (id: string, heartbeat = 15) => ({
  type: 'SUBSCRIBED',
  subscribed: { framework_id: { value: id }, heartbeat_interval_seconds: heartbeat },
});
const update = (taskId: string, uuid?: string) => ({
  type: 'UPDATE',
  update: {
    status: { task_id: { value: taskId }, state: 'TASK_RUNNING', agent_id: { value: 'S0' }, ...(uuid && { uuid }) },
  },
});
const offers = (id: string) => ({
  type: 'OFFERS',
  offers: {
    offers: [{ id: { value: id }, framework_id: { value: 'F' }, agent_id: { value: 'S0' }, hostname: 'agent1' }],
  },
});

let master: FakeMesos;
let abort: AbortController;
let clients: SchedulerClient[];

beforeEach(async () => {
  master = await FakeMesos.start();
  abort = new AbortController();
  clients = [];
});

afterEach(async () => {
  abort.abort();
  for (const client of clients) client.close();
  await master.close();
});

function connect(options: Partial<SchedulerClientOptions> = {}): SchedulerClient {
  const client = createSchedulerClient({
    master: master.url,
    framework: { user: 'root', name: 'test' },
    backoff: { base: 1, cap: 5 },
    ...options,
  });
  clients.push(client);
  return client;
}

/** Reads events until `enough` says so. */
async function read(
  client: SchedulerClient,
  enough: (event: SchedulerClientEvent) => boolean,
): Promise<SchedulerClientEvent[]> {
  const events: SchedulerClientEvent[] = [];
  for await (const event of client.subscribe({ signal: abort.signal })) {
    events.push(event);
    if (enough(event)) break;
  }
  return events;
}

/** Iterates in the background; resolves when the first SUBSCRIBED has come. */
async function follow(client: SchedulerClient): Promise<{ ended: Promise<unknown>; events: SchedulerClientEvent[] }> {
  const events: SchedulerClientEvent[] = [];
  let ended: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    ended = (async () => {
      for await (const event of client.subscribe({ signal: abort.signal })) {
        events.push(event);
        if (event.type === 'SUBSCRIBED') resolve();
      }
    })().catch((error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      return error;
    });
  });
  return { ended, events };
}

describe('subscribing', () => {
  it('gives the events that a real master sent, in order', async () => {
    master.on('SUBSCRIBE', replay('scheduler/subscribe-basic.resp'));
    const types: string[] = [];
    const states: string[] = [];
    for await (const event of connect({ acknowledge: 'manual' }).subscribe({ signal: abort.signal })) {
      types.push(event.type);
      if (event.type === 'UPDATE') states.push(event.update.status.state);
      if (event.type === 'DISCONNECTED') break;
    }
    expect(types.slice(0, 4)).toEqual(['SUBSCRIBED', 'HEARTBEAT', 'OFFERS', 'UPDATE']);
    expect(states.slice(0, 3)).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_RUNNING']);
    expect(types.at(-1)).toBe('DISCONNECTED');
  });

  it('asks as the recorded client did: exact content type, no stream id, alone on its connection', async () => {
    const recorded = readRequest('scheduler/subscribe-basic.req');
    master.on('SUBSCRIBE', master.open('S', subscribed('F')));
    const client = connect({
      framework: {
        user: 'root',
        name: 'basic',
        roles: ['dev'],
        capabilities: [{ type: 'MULTI_ROLE' }],
        checkpoint: false,
        failover_timeout: 0,
      },
    });
    await follow(client);
    await client.call(revive());
    const [first, second] = master.calls;
    expect(first?.body).toEqual(recorded.body);
    for (const header of ['Accept: application/json', 'Content-Type: application/json']) {
      expect(recorded.headers).toContain(header);
      const [name = '', value = ''] = header.split(': ');
      expect(first?.rawHeaders[(first.rawHeaders.indexOf(name) ?? 0) + 1]).toBe(value);
    }
    expect(first?.headers).not.toHaveProperty('mesos-stream-id');
    expect(second?.headers['mesos-stream-id']).toBe('S');
    expect(second?.connection).not.toBe(first?.connection);
  });

  it('keeps the framework id before it delivers SUBSCRIBED, and uses it the next time', async () => {
    const log: string[] = [];
    const memory = new MemoryFrameworkStore();
    const store: FrameworkStore = {
      load: () => memory.load(),
      save: async (id) => {
        await memory.save(id);
        log.push(`saved ${id}`);
      },
      clear: () => memory.clear(),
    };
    master.on('SUBSCRIBE', replay('scheduler/subscribe-basic.resp'));
    const client = connect({ frameworkStore: store });
    await read(client, (event) => log.push(event.type) > 0);
    expect(log).toEqual([`saved ${RECORDED_ID}`, 'SUBSCRIBED']);
    expect(client.frameworkId).toBe(RECORDED_ID);
    await read(connect({ frameworkStore: store }), () => true);
    const { body } = await master.call('SUBSCRIBE', 1);
    expect(body.framework_id).toEqual({ value: RECORDED_ID });
    expect(body.subscribe.framework_info.id).toEqual({ value: RECORDED_ID });
  });

  it('tries again while the master is starting, recovering, or away', async () => {
    master.on(
      'SUBSCRIBE',
      replay('scheduler/starting.resp'),
      replay('scheduler/recovering.resp'),
      (_, response) => void response.destroy(),
      master.open('S', subscribed('F')),
    );
    const events = await read(connect(), () => true);
    expect(events.map(({ type }) => type)).toEqual(['SUBSCRIBED']);
    expect(master.calls).toHaveLength(4);
  });

  it('subscribes again when the stream breaks, and tells that offers are void', async () => {
    master.on('SUBSCRIBE', master.open('S1', subscribed('F'), offers('O1')), master.open('S2', subscribed('F')));
    const client = connect();
    const { events } = await follow(client);
    (await master.stream(0)).break();
    const again = await master.stream(1);
    expect(again.call.body.framework_id).toEqual({ value: 'F' });
    again.send(offers('O2'));
    await until(() => events.length === 5);
    expect(events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'OFFERS', 'DISCONNECTED', 'SUBSCRIBED', 'OFFERS']);
    await client.call(revive());
    expect((await master.call('REVIVE')).headers['mesos-stream-id']).toBe('S2');
    expect(client.counters).toMatchObject({ subscriptions: 2, disconnections: 1, events: { OFFERS: 2 } });
  });

  it('takes a stream without heartbeats for dead after five intervals', async () => {
    master.on('SUBSCRIBE', master.open('S1', subscribed('F', 0.01)), master.open('S2', subscribed('F')));
    const events = await read(connect(), (event) => event.type === 'DISCONNECTED');
    expect(events.at(-1)).toMatchObject({ disconnected: { error: { code: 'MESOS_UNREACHABLE' } } });
    expect(String(Reflect.get(events.at(-1)!, 'disconnected').error)).toContain('no heartbeat for 0.05 s');
  });

  it('takes a broken record for a lost stream', async () => {
    master.on('SUBSCRIBE', master.open('S1', subscribed('F')), master.open('S2', subscribed('F')));
    const { events } = await follow(connect());
    (await master.stream(0)).write('nonsense\n');
    await master.stream(1);
    await until(() => events.length === 3);
    expect(events[1]).toMatchObject({ type: 'DISCONNECTED', disconnected: { error: { code: 'MESOS_RECORDIO' } } });
  });

  it('waits with jitter before each further attempt', async () => {
    const draws: number[] = [];
    const random = () => draws.push(0) * 0;
    master.on('SUBSCRIBE', refuse(503, ''), refuse(503, ''), master.open('S', subscribed('F')));
    await read(connect({ random }), () => true);
    expect(draws).toHaveLength(2);
  });

  it('passes an event of a later Mesos over', async () => {
    master.on('SUBSCRIBE', master.open('S', subscribed('F'), { type: 'FROM_THE_FUTURE' }, offers('O')));
    const events = await read(connect(), (event) => event.type === 'OFFERS');
    expect(events.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'OFFERS']);
  });

  it('throws the reason when the signal aborts, and can then be iterated again', async () => {
    master.on('SUBSCRIBE', master.open('S', subscribed('F')));
    const client = connect();
    const { ended } = await follow(client);
    const stream = await master.stream(0);
    abort.abort(new Error('enough'));
    expect(await ended).toMatchObject({ message: 'enough' });
    await stream.closed;
    abort = new AbortController();
    expect(await read(client, () => true)).toHaveLength(1);
  });
});

describe('the end of a framework', () => {
  it('stops when a newer instance takes over', async () => {
    master.on('SUBSCRIBE', replay('scheduler/subscribe-failed-over.resp'));
    const { ended } = await follow(connect());
    expect(await ended).toBeInstanceOf(FencedError);
    expect(await ended).toMatchObject({ code: 'MESOS_FENCED', serverText: 'Framework failed over' });
    expect(master.calls.filter(({ type }) => type === 'SUBSCRIBE')).toHaveLength(1);
  });

  it('stops when a call is answered with another stream id', async () => {
    master.on('SUBSCRIBE', master.open('S', subscribed('F'))).on('REVIVE', replay('scheduler/old-stream-id.resp'));
    const client = connect();
    const { ended } = await follow(client);
    await expect(client.call(revive())).rejects.toThrow(FencedError);
    expect(await ended).toBeInstanceOf(FencedError);
  });

  it('clears the stored id of a framework that was removed', async () => {
    master.on('SUBSCRIBE', replay('scheduler/subscribe-removed.resp'));
    const store = new MemoryFrameworkStore('old');
    const reading = read(connect({ frameworkStore: store }), () => false);
    await expect(reading).rejects.toThrow(FrameworkRemovedError);
    expect(await store.load()).toBeUndefined();
  });

  it("gives the master's words when it does not accept the framework", async () => {
    master.on('SUBSCRIBE', replay('scheduler/subscribe-bad-role.resp'));
    const reading = read(connect(), () => false);
    await expect(reading).rejects.toThrow(SubscriptionRefusedError);
    await expect(reading).rejects.toThrow("Role component '-x' is invalid because it starts with a dash");
  });

  it('does not repeat refused credentials', async () => {
    master.on('SUBSCRIBE', replay('scheduler/unauthorized.resp'));
    const reading = read(connect({ credentials: { principal: 'me', secret: 'wrong' } }), () => false);
    await expect(reading).rejects.toMatchObject({ code: 'MESOS_HTTP', status: 401, retryable: false });
    expect(master.calls).toHaveLength(1);
  });

  it('ends the iteration after TEARDOWN, and forgets the id', async () => {
    const store = new MemoryFrameworkStore();
    master.on('SUBSCRIBE', master.open('S', subscribed('F'))).on('TEARDOWN', (call, response) => {
      void master.stream(0).then((stream) => stream.end());
      accepted(call, response);
    });
    const client = connect({ frameworkStore: store });
    const { ended } = await follow(client);
    await client.call(teardown());
    expect(await ended).toBeUndefined();
    expect([await store.load(), client.frameworkId]).toEqual([undefined, undefined]);
  });
});

describe('calls', () => {
  async function ready(options: Partial<SchedulerClientOptions> = {}): Promise<SchedulerClient> {
    master.on('SUBSCRIBE', master.open('S', subscribed('F')));
    const client = connect(options);
    await follow(client);
    return client;
  }

  it('need a subscription', async () => {
    await expect(connect().call(revive())).rejects.toThrow(NotSubscribedError);
  });

  it('are as a recorded ACCEPT', async () => {
    const { body } = readRequest('scheduler/accept-launch.req');
    const wanted = body as Extract<SchedulerCallBody, { type: 'ACCEPT' }> & { framework_id: object };
    const operation = wanted.accept.operations?.[0];
    if (operation?.type !== 'LAUNCH') throw new Error('not the recording this test is about');
    const client = await ready();
    await client.call(
      accept({
        offerIds: wanted.accept.offer_ids ?? [],
        operations: [launch(operation.launch.task_infos ?? [])],
        filters: { refuse_seconds: 1 },
      }),
    );
    expect((await master.call('ACCEPT')).body).toEqual({ ...wanted, framework_id: { value: 'F' } });
  });

  it('arrive in the order they are made, over one connection', async () => {
    const client = await ready();
    await Promise.all([
      client.call(decline([{ value: 'O1' }])),
      client.call(suppress()),
      client.call(revive(['dev'])),
      client.call(kill({ value: 't' }, { value: 'S0' })),
      client.call(reconcile()),
    ]);
    const calls = master.calls.slice(1);
    expect(calls.map(({ type }) => type)).toEqual(['DECLINE', 'SUPPRESS', 'REVIVE', 'KILL', 'RECONCILE']);
    expect(new Set(calls.map(({ connection }) => connection)).size).toBe(1);
  });

  it('take 200 for success too, as UPDATE_FRAMEWORK answers', async () => {
    const client = await ready();
    master.on('UPDATE_FRAMEWORK', replay('scheduler/update-framework.resp'));
    await client.call({ type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: { user: 'root', name: 'x' } } });
  });

  it.each([
    ['scheduler/unknown-framework.resp', 400],
    ['scheduler/not-subscribed.resp', 403],
    ['scheduler/redirect.resp', 307],
  ])('that show a lost subscription (%s) lead to a new one', async (recording, status) => {
    master
      .on('SUBSCRIBE', master.open('S1', subscribed('F')), master.open('S2', subscribed('F')))
      .on('REVIVE', replay(recording));
    const client = connect();
    const { events } = await follow(client);
    await expect(client.call(revive())).rejects.toMatchObject({ code: 'MESOS_HTTP', status, subscriptionLost: true });
    await master.stream(1);
    await until(() => events.length === 3);
    expect(events[1]).toMatchObject({ type: 'DISCONNECTED', disconnected: { error: { status } } });
  });

  it('that fail otherwise leave the subscription alone', async () => {
    const client = await ready();
    master.on('REVIVE', refuse(400, 'Failed to validate scheduler::Call: nonsense'), refuse(503, 'busy'), accepted);
    await expect(client.call(revive())).rejects.toThrow('nonsense');
    await expect(client.call(revive())).rejects.toMatchObject({ retryable: true, subscriptionLost: false });
    await client.call(revive());
    expect(client.counters).toMatchObject({ calls: { REVIVE: 3 }, failures: { REVIVE: 2 } });
  });

  it.each([
    [{ type: 'KILL', kill: { taskId: { value: 't' } } }, 'kill.taskId', 'did you mean "task_id"?'],
    [{ type: 'KILL', kill: {} }, 'kill.task_id', 'required'],
    [{ type: 'DECLINE', decline: { offer_ids: { value: 'O' } } }, 'decline.offer_ids', 'must be a list'],
    [{ type: 'REVIVE', suppress: {} }, 'suppress', 'belongs to SUPPRESS'],
    [
      { type: 'ACCEPT', accept: { operations: [{ type: 'LAUNCH', launch: { tasks: [] } }] } },
      'accept.operations[0].launch.tasks',
      'task_infos',
    ],
    [
      { type: 'DECLINE', decline: { filters: { refuse_secs: 5 } } },
      'decline.filters.refuse_secs',
      'did you mean "refuse_seconds"?',
    ],
  ])('with a mistake in a key are refused before they are sent: %j', async (call, path, reason) => {
    const client = await ready();
    const calling = client.call(call as unknown as SchedulerCallBody);
    await expect(calling).rejects.toThrow(InvalidCallError);
    await expect(calling).rejects.toMatchObject({ path });
    await expect(calling).rejects.toThrow(reason);
    expect(master.calls).toHaveLength(1);
  });
});

describe('acknowledgement', () => {
  it('follows when the consumer asks for the next event, and only for updates with a uuid', async () => {
    master.on('SUBSCRIBE', master.open('S', subscribed('F'), update('t1', 'AAAA'), update('t2'), offers('O')));
    const client = connect();
    for await (const event of client.subscribe({ signal: abort.signal })) {
      if (event.type === 'UPDATE') expect(master.calls.some(({ type }) => type === 'ACKNOWLEDGE')).toBe(false);
      if (event.type === 'UPDATE' && event.update.status.uuid) continue;
      if (event.type === 'UPDATE') break;
    }
    expect((await master.call('ACKNOWLEDGE')).body.acknowledge).toEqual({
      agent_id: { value: 'S0' },
      task_id: { value: 't1' },
      uuid: 'AAAA',
    });
  });

  it('answers operation updates with a plain uuid', async () => {
    const status = {
      operation_id: { value: 'op' },
      state: 'OPERATION_FINISHED',
      uuid: { value: 'BBBB' },
      agent_id: { value: 'S0' },
    };
    master.on(
      'SUBSCRIBE',
      master.open('S', subscribed('F'), { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } }),
    );
    await follow(connect());
    const { body } = await master.call('ACKNOWLEDGE_OPERATION_STATUS');
    expect(body.acknowledge_operation_status).toEqual({
      uuid: 'BBBB',
      operation_id: { value: 'op' },
      agent_id: { value: 'S0' },
    });
  });

  it('is left to the consumer when asked', async () => {
    master.on('SUBSCRIBE', master.open('S', subscribed('F'), update('t1', 'AAAA'), offers('O')));
    const client = connect({ acknowledge: 'manual' });
    const { events } = await follow(client);
    await until(() => events.length === 3);
    await client.call(revive());
    expect(master.calls.map(({ type }) => type)).toEqual(['SUBSCRIBE', 'REVIVE']);
  });
});

describe('the leading master', () => {
  let leader: FakeMesos;

  beforeEach(async () => {
    leader = await FakeMesos.start();
    leader.on('SUBSCRIBE', leader.open('S', subscribed('F')));
  });

  afterEach(() => leader.close());

  it('is found by a protocol-relative redirect, and gets the calls too', async () => {
    master.on('SUBSCRIBE', replay('scheduler/redirect.resp', { Location: `//${leader.host}/master/api/v1/scheduler` }));
    const client = connect();
    await follow(client);
    await client.call(revive());
    expect(leader.calls.map(({ type, url }) => `${type} ${url}`)).toEqual([
      'SUBSCRIBE /master/api/v1/scheduler',
      'REVIVE /master/api/v1/scheduler',
    ]);
  });

  it('is found through a hook where it names an unreachable host', async () => {
    master.on(
      'SUBSCRIBE',
      replay('scheduler/redirect.resp', { Location: '//mesosmaster1:5050/master/api/v1/scheduler' }),
    );
    const client = connect({
      credentials: { principal: 'me', secret: 'mine' },
      rewriteAddress: (url) => new URL(url.pathname, leader.url),
    });
    await follow(client);
    expect(leader.calls[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:mine').toString('base64')}`);
  });

  it('does not get to see credentials when it is none of the masters given', async () => {
    const credentials = { principal: 'me', secret: 'mine' };
    master.on('SUBSCRIBE', replay('scheduler/redirect.resp', { Location: `//${leader.host}/master/api/v1/scheduler` }));
    await follow(connect({ credentials }));
    expect(master.calls[0]?.headers.authorization).toBeDefined();
    expect(leader.calls[0]?.headers.authorization).toBeUndefined();
    const other = connect({ credentials, master: [master.url, leader.url] });
    await follow(other);
    expect(leader.calls.at(-1)?.headers.authorization).toBeDefined();
  });

  it('is the next of the list when one does not answer', async () => {
    const gone = await FakeMesos.start();
    await gone.close();
    await follow(connect({ master: [gone.url, leader.url] }));
    expect(leader.calls).toHaveLength(1);
  });

  it('is not chased in circles', async () => {
    const warnings: unknown[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (fields: object | string) => void warnings.push(fields),
    };
    const circle = replay('scheduler/redirect.resp', { Location: `//${master.host}/master/api/v1/scheduler` });
    master.on('SUBSCRIBE', circle, circle, circle, circle, master.open('S', subscribed('F')));
    await follow(connect({ logger }));
    expect(warnings).toMatchObject([{ err: expect.any(ProtocolError) }]);
    expect(master.calls).toHaveLength(5);
  });

  it('must be given as an address', () => {
    expect(() => connect({ master: '127.0.0.1:5050' })).toThrow('write http://host:port');
    expect(() => connect({ master: [] })).toThrow('at least one address');
  });
});

describe('tokens', () => {
  it('are refreshed once after a 401', async () => {
    const asked: boolean[] = [];
    const token = ({ refresh }: { refresh: boolean }) => {
      asked.push(refresh);
      return refresh ? 'new' : 'old';
    };
    master.on('SUBSCRIBE', replay('scheduler/unauthorized.resp'), master.open('S', subscribed('F')));
    await follow(connect({ credentials: { token } }));
    expect(asked).toEqual([false, true]);
    expect(master.calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new']);
  });
});

describe('FileFrameworkStore', () => {
  it('keeps the id in a file that is whole or not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'framework-store-'));
    try {
      const path = join(folder, 'deep', 'framework-id');
      const store = new FileFrameworkStore(path);
      expect(await store.load()).toBeUndefined();
      await Promise.all([store.save('F1'), store.save('F1')]);
      await store.save('F2');
      expect(await readFile(path, 'utf8')).toBe('F2\n');
      expect(await readdir(join(folder, 'deep'))).toEqual(['framework-id']);
      expect(await new FileFrameworkStore(path).load()).toBe('F2');
      await store.clear();
      await store.clear();
      expect(await store.load()).toBeUndefined();
      await expect(new FileFrameworkStore(join(folder, 'deep', 'x', '\0')).load()).rejects.toMatchObject({
        code: 'MESOS_STORE',
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('errors', () => {
  it('say what was refused, by whom, why, and what to do', async () => {
    const gone = await FakeMesos.start();
    await gone.close();
    master.on('SUBSCRIBE', master.open('S', subscribed('F'))).on('KILL', refuse(501, 'Not Implemented'));
    const client = connect();
    await follow(client);
    const error: unknown = await client.call(kill({ value: 't' })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MesosHttpError);
    expect(String(error)).toBe(
      `MesosHttpError: KILL refused by ${master.url} with 501: Not Implemented; this server does not know the call`,
    );
    expect(String(new UnreachableError(new URL(gone.url), 'connection refused'))).toContain('is it running');
  });
});

/** Waits for a condition that the client's own progress brings about. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
