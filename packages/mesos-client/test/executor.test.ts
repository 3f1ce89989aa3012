import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createExecutorClient,
  EnvironmentError,
  InvalidCallError,
  MesosHttpError,
  parseExecutorEnvironment,
  type ExecutorClient,
  type ExecutorEnvironment,
  type ExecutorEvent,
  type TaskState,
  type TaskStatus,
} from '../src/index.js';
import { accepted, FakeMesos, refuse, replay } from './fake-mesos.js';
import { readLines, readRequest } from './recording.js';

function readEnvironment(name: string): Record<string, string> {
  return Object.fromEntries(
    readLines(name).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

const plain = parseExecutorEnvironment(readEnvironment('executor/environment.txt'));
const checkpointed = parseExecutorEnvironment(readEnvironment('executor/environment-checkpoint.txt'));

const subscribed = {
  type: 'SUBSCRIBED',
  subscribed: {
    executor_info: { executor_id: { value: 'ex' } },
    framework_info: { user: 'root', name: 'fw' },
    agent_info: { hostname: 'agent1' },
  },
};
const launch = (id: string) => ({
  type: 'LAUNCH',
  launch: { task: { name: id, task_id: { value: id }, agent_id: { value: 'S0' } } },
});
const acknowledged = (id: string, uuid: string) => ({
  type: 'ACKNOWLEDGED',
  acknowledged: { task_id: { value: id }, uuid },
});
const status = (id: string, state: TaskState): TaskStatus => ({ task_id: { value: id }, state });

let agent: FakeMesos;
let abort: AbortController;
let clients: ExecutorClient[];

beforeEach(async () => {
  agent = await FakeMesos.start();
  abort = new AbortController();
  clients = [];
});

afterEach(async () => {
  abort.abort();
  for (const client of clients) client.close();
  await agent.close();
});

function connect(environment: ExecutorEnvironment, options: { now?: () => number } = {}): ExecutorClient {
  const client = createExecutorClient({
    environment: { ...environment, agentUrl: agent.url },
    random: () => 0,
    ...options,
  });
  clients.push(client);
  return client;
}

/** Iterates in the background; `seen` waits for the nth event of a type. */
function follow(client: ExecutorClient) {
  const events: ExecutorEvent[] = [];
  let wake: () => void = () => undefined;
  const ended = (async () => {
    for await (const event of client.subscribe({ signal: abort.signal })) {
      events.push(event);
      wake();
    }
  })().catch((error: unknown) => error);
  const seen = async (type: ExecutorEvent['type'], index = 0): Promise<ExecutorEvent> => {
    for (;;) {
      const event = events.filter((candidate) => candidate.type === type)[index];
      if (event) return event;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { events, ended, seen };
}

describe('parseExecutorEnvironment', () => {
  it('reads what a real agent sets', () => {
    expect(plain).toMatchObject({
      frameworkId: 'fc621930-041f-4305-a39b-d558c7926003-0000',
      executorId: 'ex',
      agentId: 'fc621930-041f-4305-a39b-d558c7926003-S0',
      agentUrl: 'http://127.0.0.1:5051',
      checkpoint: false,
      shutdownGracePeriod: 3_000,
    });
    expect(checkpointed).toMatchObject({ checkpoint: true, recoveryTimeout: 30_000, subscriptionBackoffMax: 3_000 });
  });

  it('names the variable that is missing or unreadable', () => {
    const variables = readEnvironment('executor/environment.txt');
    const refused = (changes: Record<string, string | undefined>) => () =>
      parseExecutorEnvironment({ ...variables, ...changes });
    expect(refused({ MESOS_EXECUTOR_ID: undefined })).toThrow(EnvironmentError);
    expect(refused({ MESOS_EXECUTOR_ID: undefined })).toThrow('MESOS_EXECUTOR_ID is not set');
    expect(refused({ MESOS_RECOVERY_TIMEOUT: 'soon' })).toThrow('MESOS_RECOVERY_TIMEOUT holds "soon", not a duration');
    expect(refused({ MESOS_AGENT_ENDPOINT: 'a b' })).toThrow('not ip:port');
  });
});

describe('subscribing', () => {
  it('gives the events that a real agent sent, until the stream ends after SHUTDOWN', async () => {
    agent.on('SUBSCRIBE', (call, response) => {
      replay('executor/subscribe.resp')(call, response);
      response.end();
    });
    const client = connect(plain);
    const { events, ended } = follow(client);
    expect(await ended).toBeUndefined();
    expect(client.end).toBe('shutdown');
    expect(events.map(({ type }) => type)).toEqual([
      'SUBSCRIBED',
      'LAUNCH',
      'ACKNOWLEDGED',
      'ACKNOWLEDGED',
      'LAUNCH',
      'ACKNOWLEDGED',
      'ACKNOWLEDGED',
      'MESSAGE',
      'KILL',
      'ACKNOWLEDGED',
      'SHUTDOWN',
    ]);
  });

  it('ends with the agent where there is no checkpoint', async () => {
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed));
    const client = connect(plain);
    const { ended, seen } = follow(client);
    await seen('SUBSCRIBED');
    (await agent.stream(0)).break();
    expect(await ended).toBeUndefined();
    expect(client.end).toBe('agent-lost');
    expect(agent.calls).toHaveLength(1);
  });

  it('comes back with checkpoint, and tells what the agent has not acknowledged as a recorded executor did', async () => {
    const { body } = readRequest('executor/subscribe-again.req');
    const wanted = body as {
      executor_id: object;
      framework_id: object;
      subscribe: { unacknowledged_updates: { status: TaskStatus }[] };
    };
    const [{ status: finished } = { status: status('none', 'TASK_LOST') }] = wanted.subscribe.unacknowledged_updates;
    agent.on(
      'SUBSCRIBE',
      agent.open(undefined, subscribed, launch('c2'), acknowledged('c2', 'other')),
      (_, response) => void response.destroy(),
      refuse(503, 'Agent has not finished recovery'),
      replay('executor/subscribe-again.resp'),
    );
    const client = connect(checkpointed);
    const { seen } = follow(client);
    await seen('ACKNOWLEDGED');
    (await agent.stream(0)).break();
    await agent.call('SUBSCRIBE', 1);
    await client.update(finished);
    await seen('ACKNOWLEDGED', 1);
    const last = agent.calls.filter(({ type }) => type === 'SUBSCRIBE').at(-1);
    expect(last?.body).toMatchObject({ ...wanted, executor_id: { value: 'exc' } });
    expect(agent.calls.filter(({ type }) => type === 'UPDATE')).toEqual([]);
  });

  it('tells tasks of which no update was acknowledged', async () => {
    agent.on(
      'SUBSCRIBE',
      agent.open(undefined, subscribed, launch('t1'), launch('t2')),
      agent.open(undefined, subscribed),
    );
    const client = connect(checkpointed);
    const { seen } = follow(client);
    await seen('LAUNCH', 1);
    const stream = await agent.stream(0);
    stream.send(acknowledged('t1', 'any'));
    await seen('ACKNOWLEDGED');
    stream.break();
    const { subscribe } = (await agent.call('SUBSCRIBE', 1)).body;
    expect(subscribe.unacknowledged_tasks).toEqual([launch('t2').launch.task]);
  });

  it('gives up when the recovery timeout has passed', async () => {
    let now = 0;
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed), (_, response) => {
      now += 20_000;
      response.destroy();
    });
    const client = connect(checkpointed, { now: () => now });
    const { ended, seen } = follow(client);
    await seen('SUBSCRIBED');
    (await agent.stream(0)).break();
    expect(await ended).toBeUndefined();
    expect(client.end).toBe('agent-lost');
    expect(agent.calls.filter(({ type }) => type === 'SUBSCRIBE')).toHaveLength(3);
  });

  it('throws when the agent does not know the executor', async () => {
    agent.on('SUBSCRIBE', replay('executor/unknown-executor.resp'));
    expect(await follow(connect(checkpointed)).ended).toMatchObject({ code: 'MESOS_HTTP', status: 400 });
    expect(agent.calls).toHaveLength(1);
  });

  it('shows its token', async () => {
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed));
    const { seen } = follow(connect({ ...plain, authenticationToken: 'secret' }));
    await seen('SUBSCRIBED');
    expect(agent.calls[0]?.headers.authorization).toBe('Bearer secret');
  });
});

describe('updates', () => {
  async function ready(environment = checkpointed) {
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed));
    const client = connect(environment, { now: () => 1_795_341_518_500 });
    const followed = follow(client);
    await followed.seen('SUBSCRIBED');
    return { client, ...followed };
  }

  it('carry what the agent asks for', async () => {
    const { client } = await ready();
    await client.update(status('t1', 'TASK_RUNNING'));
    const { body } = await agent.call('UPDATE');
    expect(body).toMatchObject({ executor_id: { value: 'exc' }, framework_id: { value: checkpointed.frameworkId } });
    expect(body.update.status).toMatchObject({
      task_id: { value: 't1' },
      state: 'TASK_RUNNING',
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: 'exc' },
      timestamp: 1_795_341_518.5,
    });
    expect(Buffer.from(body.update.status.uuid, 'base64')).toHaveLength(16);
  });

  it('arrive in order, however many are made at once', async () => {
    const { client } = await ready();
    const states: TaskState[] = ['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED'];
    await Promise.all(states.map((state) => client.update(status('t1', state))));
    expect(agent.calls.slice(1).map(({ body }) => body.update.status.state)).toEqual(states);
  });

  it('are sent again until the agent takes them', async () => {
    const { client } = await ready();
    agent.on('UPDATE', refuse(503, 'busy'), (_, response) => void response.destroy(), accepted);
    await client.update(status('t1', 'TASK_RUNNING'));
    const uuids = agent.calls.slice(1).map(({ body }) => body.update.status.uuid);
    expect(uuids).toHaveLength(3);
    expect(new Set(uuids).size).toBe(1);
  });

  it('that the agent refuses are told to the caller, and not repeated', async () => {
    const { client } = await ready();
    agent.on('UPDATE', replay('executor/update-refused.resp'), accepted);
    await expect(client.update(status('t1', 'TASK_STAGING'))).rejects.toThrow(MesosHttpError);
    await client.update(status('t1', 'TASK_RUNNING'));
    expect(agent.calls).toHaveLength(3);
  });

  it('with a misspelt key are not sent', async () => {
    const { client } = await ready();
    const misspelt = { ...status('t1', 'TASK_RUNNING'), mesage: 'x' };
    await expect(client.update(misspelt)).rejects.toThrow(InvalidCallError);
    await expect(client.update(misspelt)).rejects.toThrow('did you mean "message"?');
  });

  it('made while the new subscription was on its way are sent after it', async () => {
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed), agent.open(undefined));
    const client = connect(checkpointed);
    const { seen } = follow(client);
    await seen('SUBSCRIBED');
    (await agent.stream(0)).break();
    const stream = await agent.stream(1);
    await client.update(status('late', 'TASK_RUNNING'));
    expect(agent.calls.some(({ type }) => type === 'UPDATE')).toBe(false);
    stream.send(subscribed);
    expect((await agent.call('UPDATE')).body.update.status.task_id).toEqual({ value: 'late' });
  });

  it('leave an executor that waits for them inside its loop alive when the agent goes', async () => {
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed, launch('t1')), agent.open(undefined, subscribed));
    agent.on('UPDATE', () => void agent.stream(0).then((stream) => stream.break()), accepted);
    const client = connect(checkpointed);
    const states: string[] = [];
    for await (const event of client.subscribe({ signal: abort.signal })) {
      if (event.type === 'LAUNCH') {
        // The agent neither answers nor keeps the stream; the update must not hold the loop up for ever.
        const sending = client.update(status('t1', 'TASK_RUNNING'));
        void sending.then(() => states.push('settled'));
      }
      if (event.type === 'SUBSCRIBED' && agent.calls.filter(({ type }) => type === 'SUBSCRIBE').length === 2) break;
    }
    expect(states).toEqual(['settled']);
  });
});

describe('messages', () => {
  it('travel as Base64', async () => {
    agent.on('SUBSCRIBE', agent.open(undefined, subscribed));
    const client = connect(plain);
    await follow(client).seen('SUBSCRIBED');
    await client.message('ping');
    expect((await agent.call('MESSAGE')).body.message).toEqual({ data: 'cGluZw==' });
  });
});
