import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { MesosSyntaxError } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import { atEnd, cluster, isAlive, oneAgent, temporaryFolder } from '../test/cluster.js';
import { exchange, launch, postJson, RawFramework, task } from '../test/raw-framework.js';
import { AddressInUseError, startAgent, startMaster, startMesos } from './index.js';

describe('a cluster', () => {
  it('leaves no process behind when it is closed', async () => {
    const workDir = await temporaryFolder();
    const mesos = await startMesos({ agents: [oneAgent, { ...oneAgent, hostname: 'agent2' }], workDir });
    const framework = await RawFramework.subscribe(mesos.master.url);
    const { offers } = (await framework.events.next('OFFERS')).offers;
    const pids: number[] = [];
    for (const [index, offer] of offers.entries()) {
      const id = `t${String(index)}`;
      const command = { value: "trap '' TERM; sleep 1000 & sleep 1000" };
      await framework.accept(offer, [launch(task(id, offer, { command }))]);
      const { container_status } = await framework.update(id, 'TASK_RUNNING');
      pids.push(container_status?.executor_pid ?? 0);
    }
    expect(pids).toHaveLength(2);
    expect(pids.every(isAlive)).toBe(true);
    await mesos.close();
    expect(pids.some(isAlive)).toBe(false);
    await expect.poll(() => pids.some((pid) => isAlive(-pid))).toBe(false);
    expect(await readdir(join(workDir, 'agent1', 'processes'))).toEqual([]);
  });

  it('ends what a killed run left behind when it starts on the same folder', async () => {
    const { ProcessRecords } = await import('./agent/leftovers.js');
    const workDir = await temporaryFolder();
    const child = spawn('/bin/sh', ['-c', 'sleep 1000 & wait'], { detached: true, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    const pid = child.pid ?? 0;
    new ProcessRecords(join(workDir, 'agent1')).add(pid, '/nowhere');
    await cluster({ workDir });
    expect(await ended).toBe('SIGKILL');
    await expect.poll(() => isAlive(-pid)).toBe(false);
  });

  it('takes an agent more at any time', async () => {
    const mesos = await cluster({ agents: [] });
    const framework = await RawFramework.subscribe(mesos.master.url);
    const agent = await mesos.addAgent({ ...oneAgent, attributes: 'rack:r1;level:3' });
    const offer = await framework.offer();
    expect(offer.agent_id.value).toBe(agent.id);
    expect(offer.attributes).toEqual([
      { name: 'rack', type: 'TEXT', text: { value: 'r1' } },
      { name: 'level', type: 'SCALAR', scalar: { value: 3 } },
    ]);
  });

  it('says what is wrong with resources, and where', async () => {
    const workDir = await temporaryFolder();
    const starting = startMesos({ agents: [{ resources: 'cpus:x' }], workDir });
    await expect(starting).rejects.toThrow(MesosSyntaxError);
    await expect(starting).rejects.toThrow(/cpus:x/);
  });

  it('says that a port is taken', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    atEnd(() => new Promise((resolve) => other.close(() => resolve())));
    const starting = startMaster({ port });
    await expect(starting).rejects.toThrow(AddressInUseError);
    await expect(starting).rejects.toMatchObject({ code: 'ADDRESS_IN_USE', port });
  });

  it('lets hundreds of small tasks flow over ten agents', async () => {
    const agents = Array.from({ length: 10 }, (_, index) => ({
      resources: 'cpus:20;mem:4096',
      hostname: `agent${String(index)}`,
    }));
    const instant = {
      launch: () => ({ exited: Promise.resolve({ code: 0, signal: null }), kill: () => undefined }),
    };
    const mesos = await cluster({ agents, launcher: instant });
    const framework = await RawFramework.subscribe(mesos.master.url);
    let launched = 0;
    let finished = 0;
    while (finished < 200) {
      if (launched < 200) {
        const { offers } = (await framework.events.next('OFFERS')).offers;
        for (const offer of offers) {
          const ids = Array.from({ length: Math.min(20, 200 - launched) }, () => `t${String(launched++)}`);
          const command = { value: 'true' };
          if (ids.length > 0) await framework.accept(offer, [launch(...ids.map((id) => task(id, offer, { command })))]);
        }
        continue;
      }
      const { update } = await framework.events.next('UPDATE');
      await framework.acknowledge(update.status);
      if (update.status.state === 'TASK_FINISHED') finished += 1;
    }
    expect(
      new Set(
        framework.events.seen.flatMap((event) =>
          event.type === 'UPDATE' ? [event.update.status.agent_id?.value] : [],
        ),
      ).size,
    ).toBe(10);
  });
});

describe('master and agent apart', () => {
  it('find each other over HTTP, whoever comes first, and again after a broken connection', async () => {
    const workDir = await temporaryFolder();
    const first = await startMaster();
    const agent = await startAgent({ ...oneAgent, master: first.url, workDir });
    atEnd(() => agent.close());
    const framework = await RawFramework.subscribe(first.url);
    const offer = await framework.offer();
    await framework.accept(offer, [launch(task('t', offer, { command: { value: 'exit 3' } }))]);
    expect(await framework.update('t', 'TASK_FAILED')).toMatchObject({ message: 'Command exited with status 3' });
    await first.close();
    const second = await startMaster({ port: first.port });
    atEnd(() => second.close());
    const later = await RawFramework.subscribe(second.url, { name: 'later' });
    expect((await later.offer()).hostname).toBe('agent1');
  });
});

describe('what operators and tools read', () => {
  it('has the shape of the recordings', async () => {
    const { master, agents } = await cluster();
    const framework = await RawFramework.subscribe(master.url);
    const offer = await framework.offer();
    await framework.accept(offer, [launch(task('t', offer, { command: { value: 'sleep 1000' } }))], 600);
    await framework.update('t', 'TASK_RUNNING');
    expect(await exchange(`${master.url}/health`)).toMatchObject({ status: 200, body: '' });
    for (const path of ['/state', '/master/state', '/state']) {
      const state = JSON.parse((await exchange(master.url + path)).body) as Record<string, never>;
      expect(state).toMatchObject({
        version: '1.11.0',
        activated_slaves: 1,
        slaves: [{ hostname: 'agent1', used_resources: { cpus: 0.1, mem: 32 }, resources: { ports: '[31000-32000]' } }],
        frameworks: [{ id: framework.id, name: 'raw', tasks: [{ id: 't', state: 'TASK_RUNNING', executor_id: '' }] }],
      });
    }
    for (const path of [
      '/state-summary',
      '/slaves',
      '/frameworks',
      '/tasks',
      '/roles',
      '/metrics/snapshot',
      '/version',
    ]) {
      expect(await exchange(master.url + path), path).toMatchObject({ status: 200 });
    }
    const state = await postJson(`${master.url}/api/v1`, { type: 'GET_STATE' });
    expect(JSON.parse(state.body)).toMatchObject({
      type: 'GET_STATE',
      get_state: {
        get_tasks: { tasks: [{ task_id: { value: 't' }, state: 'TASK_RUNNING' }] },
        get_agents: { agents: [{ agent_info: { hostname: 'agent1' }, active: true }] },
        get_frameworks: { frameworks: [{ framework_info: { name: 'raw' }, connected: true }] },
        get_executors: { executors: [] },
      },
    });
    const agent = JSON.parse((await exchange(`${agents[0]?.url ?? ''}/state`)).body) as object;
    expect(agent).toMatchObject({ frameworks: [{ executors: [{ id: 't', source: 't', tasks: [{ id: 't' }] }] }] });
    expect(await exchange(`${master.url}/redirect`)).toMatchObject({
      status: 307,
      headers: { location: master.url.slice('http:'.length) },
    });
    expect(await exchange(`${master.url}/nope`)).toMatchObject({ status: 404, body: '404 Not Found.' });
    expect(await postJson(`${master.url}/api/v1`, { type: 'UNKNOWN' })).toMatchObject({
      status: 501,
      body: '501 Not Implemented.',
    });
  });
});
