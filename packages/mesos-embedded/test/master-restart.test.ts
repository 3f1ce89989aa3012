import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { MasterGetAgents } from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import { startAgent, startMaster, type MasterOptions, type RunningAgent, type RunningMaster } from '../src/index.js';
import { atEnd, oneAgent, temporaryFolder } from './cluster.js';
import { exchange, launch, postJson, RawFramework, task } from './raw-framework.js';

/** A master whose next one, on the same folder and port, takes over from it. */
async function startChain(options: MasterOptions = {}) {
  const workDir = await temporaryFolder();
  let master: RunningMaster | undefined;
  atEnd(() => master?.close() ?? Promise.resolve());
  const start = async (port = 0): Promise<RunningMaster> => (master = await startMaster({ ...options, workDir, port }));
  const first = await start();
  return {
    workDir,
    url: first.url,
    stop: async () => {
      await master?.close();
      master = undefined;
    },
    again: () => start(first.port),
  };
}

async function agentOf(url: string): Promise<RunningAgent> {
  const agent = await startAgent({ ...oneAgent, master: url, workDir: await temporaryFolder() });
  atEnd(() => agent.close());
  return agent;
}

const operate = (url: string, call: object) => postJson(`${url}/api/v1`, call);

async function agentsOf(url: string): Promise<MasterGetAgents> {
  const { body } = await operate(url, { type: 'GET_AGENTS' });
  return (JSON.parse(body) as { get_agents: MasterGetAgents }).get_agents;
}

const framework = {
  failover_timeout: 600,
  checkpoint: true,
  capabilities: [{ type: 'MULTI_ROLE' as const }, { type: 'PARTITION_AWARE' as const }],
};

describe('a master that is started again on its folder', () => {
  it('knows quotas, weights and maintenance', async () => {
    const chain = await startChain();
    const write = async (call: object): Promise<void> => {
      expect((await operate(chain.url, call)).status).toBe(200);
    };
    const limits = { cpus: { value: 2 } };
    const windows = [{ machine_ids: [{ hostname: 'h1' }, { hostname: 'h2' }], unavailability: { start: { nanoseconds: 1 } } }]; // prettier-ignore
    await write({ type: 'UPDATE_QUOTA', update_quota: { force: true, quota_configs: [{ role: 'a', limits }] } });
    await write({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: 'b', weight: 2.5 }] } });
    await write({ type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule: { windows } } });
    await write({ type: 'START_MAINTENANCE', start_maintenance: { machines: [{ hostname: 'h2' }] } });
    const reads = ['GET_QUOTA', 'GET_WEIGHTS', 'GET_MAINTENANCE_SCHEDULE', 'GET_MAINTENANCE_STATUS'];
    const read = () => Promise.all(reads.map(async (type) => (await operate(chain.url, { type })).body));
    const before = await read();
    await chain.stop();
    await chain.again();
    expect(await read()).toEqual(before);
    expect(before.join()).toContain('"down_machines":[{"hostname":"h2"}]');
  });

  it('waits for the agents of its registry, and knows what operators said of them', async () => {
    const chain = await startChain();
    const agent = await agentOf(chain.url);
    const raw = await RawFramework.subscribe(chain.url, framework);
    await raw.offer();
    const deactivate = { type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id: { value: agent.id } } };
    expect((await operate(chain.url, deactivate)).status).toBe(200);
    const { id } = agent;
    await chain.stop();
    await agent.close();
    await chain.again();
    const { agents, recovered_agents: recovered } = await agentsOf(chain.url);
    expect(agents ?? []).toEqual([]);
    expect(recovered?.map((info) => [info.id?.value, info.hostname])).toEqual([[id, 'agent1']]);
    const legacy = JSON.parse((await exchange(`${chain.url}/slaves`)).body) as { recovered_slaves: object[] };
    expect(legacy.recovered_slaves).toMatchObject([{ id, hostname: 'agent1' }]);

    const back = await startAgent({ ...oneAgent, id, master: chain.url, workDir: await temporaryFolder() });
    atEnd(() => back.close());
    while (((await agentsOf(chain.url)).agents ?? []).length === 0) await turn();
    const now = await agentsOf(chain.url);
    expect(now.recovered_agents ?? []).toEqual([]);
    expect(now.agents).toMatchObject([{ agent_info: { id: { value: id } }, deactivated: true }]);
  });

  it('gives agents up that do not come back in time', async () => {
    const chain = await startChain({ flags: { agentReregisterTimeout: 20 } });
    const agent = await agentOf(chain.url);
    const raw = await RawFramework.subscribe(chain.url, framework);
    const { agent_id } = await raw.offer();
    await chain.stop();
    await agent.close();
    await chain.again();
    const again = await RawFramework.subscribe(chain.url, { ...framework, id: { value: raw.id } });
    const reconcile = { type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 't' }, agent_id }] } };
    let told: string | undefined;
    while (told === undefined) {
      await again.call(reconcile);
      await turn();
      told = again.events.seen.find((event) => event.type === 'UPDATE')?.update.status.state;
    }
    expect(told).toBe('TASK_UNREACHABLE');
  });

  it('refuses a folder with something else in it', async () => {
    const workDir = await temporaryFolder();
    writeFileSync(join(workDir, 'registry.json'), '{"agents":1}');
    await expect(startMaster({ workDir })).rejects.toMatchObject({
      code: 'WORK_DIRECTORY',
      message: expect.stringContaining('registry.json') as unknown,
    });
    expect(readFileSync(join(workDir, 'registry.json'), 'utf8')).toBe('{"agents":1}');
  });
});

describe('a task that runs while the master is started again', () => {
  const sleep = { command: { value: 'sleep 1000' } };

  it('is asked after in vain until its agent is back: no answer is not lost', async () => {
    const chain = await startChain();
    const agent = await agentOf(chain.url);
    const raw = await RawFramework.subscribe(chain.url, framework);
    const { agent_id } = await raw.offer();
    await chain.stop();
    await agent.close();
    await chain.again();
    const again = await RawFramework.subscribe(chain.url, { ...framework, id: { value: raw.id } });
    const tasks = [{ task_id: { value: 'there' }, agent_id }, { task_id: { value: 'nowhere' } }];
    await again.call({ type: 'RECONCILE', reconcile: { tasks } });
    expect((await again.update('nowhere')).state).toBe('TASK_UNKNOWN');
    expect(again.events.seen.filter(({ type }) => type === 'UPDATE')).toHaveLength(1);
  });

  it('is kept when its agent is back before its framework', async () => {
    const chain = await startChain();
    await agentOf(chain.url);
    const raw = await RawFramework.subscribe(chain.url, framework);
    const offer = await raw.offer();
    await raw.accept(offer, [launch(task('t', offer, sleep))]);
    await raw.update('t', 'TASK_RUNNING');
    await chain.stop();
    await chain.again();
    while (((await agentsOf(chain.url)).agents ?? []).length === 0) await turn();
    const { body } = await operate(chain.url, { type: 'GET_FRAMEWORKS' });
    expect(JSON.parse(body)).toMatchObject({
      get_frameworks: { frameworks: [{ framework_info: { id: { value: raw.id } }, active: false, recovered: true }] },
    });
    const again = await RawFramework.subscribe(chain.url, { ...framework, id: { value: raw.id } });
    await again.call({
      type: 'RECONCILE',
      reconcile: { tasks: [{ task_id: { value: 't' }, agent_id: offer.agent_id }] },
    });
    expect((await again.update('t')).state).toBe('TASK_RUNNING');
    await again.call({ type: 'KILL', kill: { task_id: { value: 't' } } });
    expect((await again.update('t', 'TASK_KILLED')).state).toBe('TASK_KILLED');
  });
});

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
