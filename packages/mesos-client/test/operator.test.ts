import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgentClient, createMasterClient, scalarOf, type MasterEvent } from '../src/index.js';
import { FakeMesos, refuse, replay } from './fake-mesos.js';

let mesos: FakeMesos;

beforeEach(async () => {
  mesos = await FakeMesos.start();
});

afterEach(() => mesos.close());

describe('the master client', () => {
  it('gives typed answers to the calls that read', async () => {
    mesos.on('GET_AGENTS', replay('operator/get-agents.resp'));
    const client = createMasterClient({ master: mesos.url });
    const { get_agents: answer } = await client.call({ type: 'GET_AGENTS' });
    const agents = (answer.agents ?? []).map((agent) => [
      agent.agent_info.hostname,
      scalarOf(agent.total_resources ?? [], 'cpus'),
    ]);
    expect(agents).toEqual([
      ['agent2', 3],
      ['agent1', 4],
    ]);
    client.close();
  });

  it('gives nothing for those that write', async () => {
    const client = createMasterClient({ master: mesos.url });
    const answer = await client.call({ type: 'TEARDOWN', teardown: { framework_id: { value: 'F' } } });
    expect(answer).toBeUndefined();
    client.close();
  });

  it('follows to the leader, and asks the next master after a failure', async () => {
    const leader = await FakeMesos.start();
    leader.on('GET_MASTER', (_, response) => void response.end('{"type":"GET_MASTER","get_master":{}}'));
    mesos.on('GET_MASTER', replay('scheduler/redirect.resp', { Location: `//${leader.host}/master/api/v1` }));
    const client = createMasterClient({ master: mesos.url });
    expect(await client.call({ type: 'GET_MASTER' })).toEqual({ type: 'GET_MASTER', get_master: {} });
    expect(leader.calls[0]?.url).toBe('/master/api/v1');
    await leader.close();
    await expect(client.call({ type: 'GET_MASTER' })).rejects.toMatchObject({
      code: 'MESOS_UNREACHABLE',
      retryable: true,
    });
    mesos.on('GET_MASTER', refuse(503, 'No leader elected'));
    await expect(client.call({ type: 'GET_MASTER' })).rejects.toThrow('No leader elected');
    client.close();
  });

  it('streams what happens in the cluster', async () => {
    mesos.on('SUBSCRIBE', replay('operator/subscribe.resp'));
    const client = createMasterClient({ master: mesos.url });
    const events: MasterEvent[] = [];
    for await (const event of client.subscribe()) {
      events.push(event);
      if (event.type === 'TASK_UPDATED' && event.task_updated.state === 'TASK_FINISHED') break;
    }
    expect(events[0]).toMatchObject({ type: 'SUBSCRIBED', subscribed: { heartbeat_interval_seconds: 15 } });
    expect(new Set(events.map(({ type }) => type))).toContain('TASK_ADDED');
    client.close();
  });

  it('says so when an answer is not JSON', async () => {
    mesos.on('GET_STATE', (_, response) => void response.end('<html>'));
    const client = createMasterClient({ master: mesos.url });
    await expect(client.call({ type: 'GET_STATE' })).rejects.toThrow('an answer to GET_STATE that is not JSON');
    client.close();
  });

  it('stops waiting when asked', async () => {
    mesos.on('GET_STATE', () => undefined);
    const client = createMasterClient({ master: mesos.url });
    const abort = new AbortController();
    const calling = client.call({ type: 'GET_STATE' }, { signal: abort.signal });
    await mesos.call('GET_STATE');
    abort.abort(new Error('enough'));
    await expect(calling).rejects.toThrow('enough');
    client.close();
  });

  it('does not wait for ever', async () => {
    mesos.on('GET_STATE', () => undefined);
    const client = createMasterClient({ master: mesos.url, answerTimeout: 20 });
    await expect(client.call({ type: 'GET_STATE' })).rejects.toThrow('no answer within 0.02 s');
    client.close();
  });
});

describe('the agent client', () => {
  const wait = { type: 'WAIT_CONTAINER', wait_container: { container_id: { value: 'c' } } } as const;
  let finish: () => void;
  beforeEach(() => {
    mesos.on('WAIT_CONTAINER', (_, response) => {
      finish = () => response.end('{"type":"WAIT_CONTAINER","wait_container":{"exit_status":0}}');
    });
  });

  it('waits for a container without holding other calls up', async () => {
    const containers = '{"type":"GET_CONTAINERS","get_containers":{"containers":[{"container_id":{"value":"c"}}]}}';
    mesos.on('GET_CONTAINERS', (_, response) => void response.end(containers));
    const client = createAgentClient({ agent: mesos.url });
    const waiting = client.call(wait);
    await mesos.call('WAIT_CONTAINER');
    const listed = await client.call({ type: 'GET_CONTAINERS' });
    expect(listed.get_containers.containers).toEqual([{ container_id: { value: 'c' } }]);
    finish();
    expect(await waiting).toMatchObject({ wait_container: { exit_status: 0 } });
    client.close();
  });

  it('waits for a container longer than for other answers', async () => {
    const client = createAgentClient({ agent: mesos.url, answerTimeout: 20 });
    const waiting = client.call(wait);
    await mesos.call('WAIT_CONTAINER');
    await new Promise((resolve) => setTimeout(resolve, 100));
    finish();
    expect(await waiting).toMatchObject({ wait_container: { exit_status: 0 } });
    client.close();
  });
});
