import { describe, expect, it } from 'vitest';

import { cluster } from '../../test/cluster.js';
import { exchange, launch, postJson, RawFramework, resources, task } from '../../test/raw-framework.js';
import recorded from '../../testdata/scheduler-errors.json' with { type: 'json' };

describe('errors of the scheduler API, against recordings of Mesos 1.11', () => {
  it('answers every recorded error with the same status, headers and text', { timeout: 60_000 }, async () => {
    const { master } = await cluster();
    const live = await RawFramework.subscribe(master.url, { name: 'live' });
    const differences: string[] = [];
    for (const { name, request, response } of recorded) {
      // Recorded ids are those of the framework that was subscribed then.
      const ids = (text: string): string => text.replaceAll(/[0-9a-f-]{36}-0009/g, live.id);
      const answer = await exchange(master.url + request.path, {
        method: request.method,
        headers: request.headers.map(([key = '', value = '']): [string, string] => [
          key,
          /live/.test(name) && !/stream-id/.test(name) && key === 'Mesos-Stream-Id' ? live.streamId : value,
        ]),
        body: ids(request.body),
      });
      const body = answer.status === 200 ? answer.body.slice(answer.body.indexOf('\n') + 1) : answer.body;
      const wanted = ids(response.body);
      const same = response.status === 200 ? body === JSON.stringify(JSON.parse(wanted)) : body === wanted;
      const names = answer.rawHeaders.filter((_, index) => index % 2 === 0).filter((header) => header !== 'Date');
      const wantedNames = response.headers.map(([header]) => header);
      if (answer.status !== response.status || !same || String(names) !== String(wantedNames)) {
        differences.push(
          `${name}: ${String(answer.status)} ${body} [${String(names)}], recorded ${String(response.status)} ${wanted}`,
        );
      }
    }
    expect(differences).toEqual([]);
    expect(recorded.length).toBe(49);
  });

  it('asks for the stream id on every call but SUBSCRIBE', async () => {
    const { master } = await cluster({ agents: [] });
    const framework = await RawFramework.subscribe(master.url);
    const answer = await postJson(`${master.url}/api/v1/scheduler`, {
      type: 'REVIVE',
      framework_id: { value: framework.id },
    });
    expect(answer).toMatchObject({
      status: 400,
      body: "All non-subscribe calls should include the 'Mesos-Stream-Id' header",
    });
  });
});

describe('a subscription', () => {
  it('starts with SUBSCRIBED and HEARTBEAT, and has the recorded headers in their order', async () => {
    const { master } = await cluster({ agents: [] });
    const framework = await RawFramework.subscribe(master.url);
    await framework.events.next('HEARTBEAT');
    expect(framework.events.seen.map(({ type }) => type)).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    expect(framework.response.rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
      'Date',
      'Transfer-Encoding',
      'Mesos-Stream-Id',
      'Content-Type',
    ]);
    expect(framework.id).toMatch(/^[0-9a-f-]{36}-0000$/);
  });

  it('goes to the newest subscriber of an id, and fences the one before', async () => {
    const { master } = await cluster({ agents: [] });
    const first = await RawFramework.subscribe(master.url);
    const second = await RawFramework.subscribe(master.url, { id: { value: first.id } });
    const { error } = await first.events.next('ERROR');
    expect(error.message).toBe('Framework failed over');
    await first.events.end();
    expect(await first.call({ type: 'REVIVE' })).toMatchObject({ status: 400 });
    expect(await second.call({ type: 'REVIVE' })).toMatchObject({ status: 202, body: '' });
  });

  it('kills the tasks of a framework that left and has no failover timeout; its id is dead then', async () => {
    const { master } = await cluster();
    const framework = await RawFramework.subscribe(master.url);
    framework.disconnect();
    const again = async (): Promise<string> => {
      const answer = await postJson(`${master.url}/api/v1/scheduler`, {
        type: 'REVIVE',
        framework_id: { value: framework.id },
      });
      return answer.body;
    };
    await expect.poll(again).toBe('Framework cannot be found');
    const body = {
      type: 'SUBSCRIBE',
      framework_id: { value: framework.id },
      subscribe: { framework_info: { user: '', name: 'raw', id: { value: framework.id } } },
    };
    const { body: stream } = await postJson(`${master.url}/api/v1/scheduler`, body);
    expect(stream).toBe('65\n{"type":"ERROR","error":{"message":"Framework has been removed"}}');
  });

  it('is answered with 403 while the framework is away, within its failover timeout', async () => {
    const { master } = await cluster({ agents: [] });
    const framework = await RawFramework.subscribe(master.url, { failover_timeout: 600 });
    framework.disconnect();
    await expect.poll(async () => (await framework.call({ type: 'REVIVE' })).body).toBe('Framework is not subscribed');
    const back = await RawFramework.subscribe(master.url, { id: { value: framework.id }, failover_timeout: 600 });
    expect(back.id).toBe(framework.id);
  });
});

describe('offers', () => {
  it('are made at once, to one role, and say where the agent is', async () => {
    const mesos = await cluster();
    const framework = await RawFramework.subscribe(mesos.master.url);
    const offer = await framework.offer();
    expect(offer).toMatchObject({
      framework_id: { value: framework.id },
      agent_id: { value: mesos.agents[0]?.id },
      hostname: 'agent1',
      allocation_info: { role: 'dev' },
      url: { scheme: 'http', path: '/slave(1)', address: { ip: '127.0.0.1', port: mesos.agents[0]?.port } },
    });
    expect(offer.resources).toContainEqual({
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 4 },
      role: '*',
      allocation_info: { role: 'dev' },
    });
  });

  it('join what is unreserved with what is reserved to the role, and keep it from others', async () => {
    const { master } = await cluster({
      agents: [{ ...oneOf('cpus:2;cpus(dev):1;mem:512;mem(prod):256') }],
    });
    const framework = await RawFramework.subscribe(master.url);
    const offer = await framework.offer();
    expect(offer.resources?.map(({ name, role, scalar }) => [name, role, scalar?.value])).toEqual(
      expect.arrayContaining([
        ['cpus', '*', 2],
        ['cpus', 'dev', 1],
        ['mem', '*', 512],
      ]),
    );
    expect(offer.resources).toHaveLength(3);
  });

  it('are refused for the time that was asked, until a REVIVE', async () => {
    const { master } = await cluster();
    const framework = await RawFramework.subscribe(master.url);
    const offer = await framework.offer();
    await framework.call({ type: 'DECLINE', decline: { offer_ids: [offer.id], filters: { refuse_seconds: 600 } } });
    const other = await RawFramework.subscribe(master.url, { name: 'other' });
    const theirs = await other.offer();
    await other.call({ type: 'TEARDOWN' });
    await framework.call({ type: 'REVIVE' });
    const again = await framework.offer();
    expect(theirs.agent_id).toEqual(offer.agent_id);
    expect(again.id).not.toEqual(offer.id);
    expect(framework.events.seen.filter(({ type }) => type === 'OFFERS')).toHaveLength(2);
  });

  it('of an agent that goes away are rescinded, and its tasks lost', async () => {
    const mesos = await cluster();
    const framework = await RawFramework.subscribe(mesos.master.url);
    const offer = await framework.offer();
    await framework.accept(offer, [launch(task('t', offer, { command: { value: 'sleep 1000' } }))]);
    await framework.update('t', 'TASK_RUNNING');
    const second = await framework.offer();
    await mesos.agents[0]?.close();
    const lost = await framework.update('t', 'TASK_LOST');
    expect(lost).toMatchObject({
      source: 'SOURCE_MASTER',
      reason: 'REASON_AGENT_REMOVED',
      message: 'Agent agent1 removed: the agent unregistered',
    });
    expect(await framework.events.next('RESCIND')).toEqual({ type: 'RESCIND', rescind: { offer_id: second.id } });
    expect(await framework.events.next('FAILURE')).toEqual({ type: 'FAILURE', failure: { agent_id: offer.agent_id } });
  });
});

describe('what is wrong with a task', () => {
  const cases: readonly [what: string, task: object, message: string | RegExp][] = [
    ['no command', {}, 'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present'],
    ['no resources', { command: {}, resources: [] }, 'Task uses no resources'],
    [
      'another agent',
      { command: {}, agent_id: { value: 'nope' } },
      /^Task uses invalid agent nope while agent .*-S0 is expected$/,
    ],
    [
      'too much',
      { command: {}, resources: resources(100, 32) },
      /^Total resources cpus\(allocated: dev\):100; mem\(allocated: dev\):32 required by task and its executor is more than available ports\(allocated: dev\):\[31000-32000\]; cpus\(allocated: dev\):[\d.]+; mem\(allocated: dev\):\d+; disk\(allocated: dev\):12288$/,
    ],
    [
      'a negative amount',
      { command: {}, resources: resources(-1, 32) },
      "Resource 'cpus:-1' is invalid: Invalid scalar resource: value <= 0",
    ],
    [
      'an inverted range',
      {
        command: {},
        resources: [{ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31005, end: 31000 }] } }],
      },
      "Resource 'ports:[31005-31000]' is invalid: Invalid ranges resource: begin > end",
    ],
    ['an id with a slash', { command: {}, task_id: { value: 'a/b' } }, "'a/b' contains invalid characters"],
    ['a long id', { command: {}, task_id: { value: 'x'.repeat(256) } }, 'ID must not be greater than 255 characters'],
    [
      'a negative grace period',
      { command: {}, kill_policy: { grace_period: { nanoseconds: -1 } } },
      "Task's 'kill_policy.grace_period' must be non-negative",
    ],
    [
      'the executor of another framework',
      { executor: { executor_id: { value: 'e' }, framework_id: { value: 'zzz' }, command: { value: 'true' } } },
      /^ExecutorInfo has an invalid FrameworkID \(Actual: zzz vs Expected: .*-0000\)$/,
    ],
  ];

  it('is told by TASK_ERROR, in the words of Mesos, and harms no other task of the call', async () => {
    const { master } = await cluster();
    const framework = await RawFramework.subscribe(master.url);
    for (const [what, fields, message] of cases) {
      const offer = await framework.offer();
      const bad = task('bad', offer, fields) as { task_id: { value: string } };
      const good = task(`good ${what}`, offer, { command: { value: 'true' } });
      await framework.accept(offer, [launch(bad, good)]);
      const status = await framework.update(bad.task_id.value);
      expect(status, what).toMatchObject({
        state: 'TASK_ERROR',
        source: 'SOURCE_MASTER',
        reason: 'REASON_TASK_INVALID',
      });
      if (typeof message === 'string') expect(status.message, what).toBe(message);
      else expect(status.message, what).toMatch(message);
      await framework.update(`good ${what}`, 'TASK_FINISHED');
    }
  });

  it('is TASK_LOST for offers that are no more, TASK_DROPPED for partition-aware frameworks', async () => {
    const { master } = await cluster({ agents: [] });
    for (const aware of [false, true]) {
      const framework = await RawFramework.subscribe(master.url, {
        capabilities: [{ type: 'MULTI_ROLE' }, ...(aware ? [{ type: 'PARTITION_AWARE' as const }] : [])],
      });
      const stale = {
        id: { value: 'nope' },
        agent_id: { value: 'a' },
        framework_id: { value: framework.id },
        hostname: '',
      };
      await framework.accept(stale, [launch(task('t', stale, { command: { value: 'true' } }))]);
      expect(await framework.update('t')).toMatchObject({
        state: aware ? 'TASK_DROPPED' : 'TASK_LOST',
        reason: 'REASON_INVALID_OFFERS',
        message: 'Task launched with invalid offers: Offer nope is no longer valid',
      });
    }
  });
});

describe('reconciliation', () => {
  it('answers explicit and implicit questions as recorded', async () => {
    const { master } = await cluster();
    const framework = await RawFramework.subscribe(master.url);
    const offer = await framework.offer();
    await framework.accept(offer, [launch(task('t1', offer, { command: { value: 'sleep 1000' } }))]);
    await framework.update('t1', 'TASK_RUNNING');
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: [] } });
    const implicit = await framework.update('t1');
    expect(implicit).toMatchObject({
      state: 'TASK_RUNNING',
      message: 'Reconciliation: Latest task state',
      source: 'SOURCE_MASTER',
      reason: 'REASON_RECONCILIATION',
    });
    expect(implicit.uuid).toBeUndefined();
    const asked = [
      { task_id: { value: 'unknown' }, agent_id: offer.agent_id },
      { task_id: { value: 'unknown-agent' }, agent_id: { value: 'nope' } },
      { task_id: { value: 'no-agent' } },
    ];
    await framework.call({ type: 'RECONCILE', reconcile: { tasks: asked } });
    expect((await framework.update('unknown')).message).toBe('Reconciliation: Task is unknown to the agent');
    expect(await framework.update('unknown-agent')).toMatchObject({
      state: 'TASK_LOST',
      message: 'Reconciliation: Task is unknown',
    });
    expect((await framework.update('no-agent')).agent_id).toBeUndefined();
  });
});

describe('updates that are not acknowledged', () => {
  it('hold back those behind them, and come again after a new subscription', async () => {
    const { master } = await cluster();
    const framework = await RawFramework.subscribe(master.url, { failover_timeout: 600 });
    const offer = await framework.offer();
    await framework.accept(offer, [launch(task('t', offer, { command: { value: 'true' } }))]);
    const first = await framework.update('t', undefined, false);
    const back = await RawFramework.subscribe(master.url, { id: { value: framework.id }, failover_timeout: 600 });
    const again = await back.update('t', undefined);
    expect(again).toEqual(first);
    expect((await back.update('t')).state).toBe('TASK_RUNNING');
    expect((await back.update('t')).state).toBe('TASK_FINISHED');
  });
});

function oneOf(text: string): { resources: string } {
  return { resources: text };
}
