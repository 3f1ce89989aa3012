import { describe, expect, it } from 'vitest';

import { createSchedulerClient, type SchedulerClientEvent } from '@kmd/mesos-client';

import { startMesos, type Mesos, type MesosOptions } from '../src/index.js';
import { atEnd, oneAgent, temporaryFolder } from './cluster.js';

async function start(options: Partial<MesosOptions> = {}): Promise<Mesos> {
  const mesos = await startMesos({ agents: [oneAgent], workDir: await temporaryFolder(), ...options });
  atEnd(() => mesos.close());
  return mesos;
}

function ask(mesos: Mesos, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${mesos.master.url}${path}`, { redirect: 'manual', ...init });
}

function operate(mesos: Mesos, call: object): Promise<Response> {
  return ask(mesos, '/api/v1', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(call),
  });
}

/** The events of a framework, one after the other. */
function subscribe(mesos: Mesos) {
  const stop = new AbortController();
  atEnd(() => {
    stop.abort();
    return Promise.resolve();
  });
  const client = createSchedulerClient({
    master: mesos.master.url,
    framework: { user: 'root', name: 'f', roles: ['r'], failover_timeout: 60, capabilities: [{ type: 'MULTI_ROLE' }] },
  });
  const events = client.subscribe({ signal: stop.signal })[Symbol.asyncIterator]();
  const until = async (type: string): Promise<SchedulerClientEvent> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error(`the stream ended before ${type}`);
      if (value.type === type) return value;
    }
  };
  return { client, until };
}

describe('a master that does not lead', () => {
  it('sends on to the leader, or says that there is none; its health can be asked all the same', async () => {
    const mesos = await start();
    mesos.master.faults.leader({ host: '127.0.0.9', port: 5059 });
    const away = await ask(mesos, '/state?jsonp=x');
    expect([away.status, away.headers.get('location')]).toEqual([307, '//127.0.0.9:5059/master/state?jsonp=x']);
    mesos.master.faults.leader('none');
    const none = await operate(mesos, { type: 'GET_HEALTH' });
    expect([none.status, await none.text()]).toEqual([503, 'No leader elected']);
    expect((await ask(mesos, '/health')).status).toBe(200);
  });
});

describe('a broken stream', () => {
  it('is taken up again by the same framework', async () => {
    const mesos = await start();
    const { client, until } = subscribe(mesos);
    await until('SUBSCRIBED');
    const id = client.frameworkId ?? '';
    expect(mesos.master.faults.dropStream(id)).toBe(true);
    const again = await until('SUBSCRIBED');
    expect(again).toMatchObject({ subscribed: { framework_id: { value: id } } });
  });
});

describe('a partitioned agent', () => {
  it('becomes unreachable after its pings, and comes back with its id when healed', async () => {
    const mesos = await start({ flags: { agentPingTimeout: 20, maxAgentPingTimeouts: 2 } });
    const [agent] = mesos.agents;
    const id = agent?.id ?? '';
    const { until } = subscribe(mesos);
    await until('OFFERS');
    mesos.master.faults.partition(id);
    expect(await until('FAILURE')).toMatchObject({ failure: { agent_id: { value: id } } });
    mesos.master.faults.heal();
    const offers = await until('OFFERS');
    expect(offers).toMatchObject({ offers: { offers: [{ agent_id: { value: id } }] } });
  });
});

describe('a master that fails over', () => {
  it('is found again by frameworks and agents, under a new id', async () => {
    const mesos = await start();
    const { client, until } = subscribe(mesos);
    await until('OFFERS');
    const before = client.frameworkId;
    mesos.master.faults.failOver();
    const again = await until('SUBSCRIBED');
    expect(again).toMatchObject({ subscribed: { framework_id: { value: before } } });
    await until('OFFERS');
  });
});

describe('what operators reserve', () => {
  it('is shown, refused when there is too little, and undone', async () => {
    const mesos = await start();
    const agent_id = { value: mesos.agents[0]?.id ?? '' };
    const reservations = [{ type: 'DYNAMIC', role: 'ops', principal: 'p' }];
    const cpus = (value: number) => [{ name: 'cpus', type: 'SCALAR', scalar: { value }, reservations }];
    const reserve = (value: number) =>
      operate(mesos, { type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources: cpus(value) } });
    expect((await reserve(1)).status).toBe(202);
    const refused = await reserve(50);
    expect(refused.status).toBe(409);
    expect(await refused.text()).toMatch(/does not contain cpus:50$/);
    const state = (await (await ask(mesos, '/slaves')).json()) as { slaves: { reserved_resources: unknown }[] };
    expect(state.slaves[0]?.reserved_resources).toMatchObject({ ops: { cpus: 1 } });
    const undo = { type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id, resources: cpus(1) } };
    expect((await operate(mesos, undo)).status).toBe(202);
    expect((await operate(mesos, undo)).status).toBe(409);
  });
});
