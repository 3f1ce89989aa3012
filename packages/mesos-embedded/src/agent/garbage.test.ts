import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { cluster, oneAgent, temporaryFolder } from '../../test/cluster.js';
import { ManualClock } from '../../test/manual-clock.js';
import { launch, postJson, RawFramework, task } from '../../test/raw-framework.js';
import { silent } from '../logger.js';
import { defaultAgentFlags, type AgentFlags } from './flags.js';
import { Garbage } from './garbage.js';

const HOUR = 3_600_000;

async function setUp(flags: Partial<AgentFlags>, usage = 0) {
  const workDir = await temporaryFolder();
  const clock = new ManualClock();
  const garbage = new Garbage({
    workDir,
    flags: { ...defaultAgentFlags, ...flags },
    clock,
    logger: silent,
    diskUsage: () => Promise.resolve(usage),
  });
  const folder = (...names: string[]): string => {
    const path = join(workDir, ...names);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return { clock, garbage, folder };
}

describe('folders of no use', () => {
  it('are removed after their time, unless they are of use again', async () => {
    const { clock, garbage, folder } = await setUp({ gcDelay: HOUR, gcDiskHeadroom: 0 });
    const [old, kept] = [folder('old', 'inside'), folder('kept')];
    garbage.schedule(old);
    clock.advance(HOUR / 2);
    garbage.schedule(kept);
    garbage.keep(kept);
    const young = folder('young');
    garbage.schedule(young);
    clock.advance(HOUR / 2);
    await expect.poll(() => garbage.succeeded).toBe(1);
    expect([old, kept, young].map((path) => existsSync(path))).toEqual([false, true, true]);
    expect(garbage.pending).toBe(1);
  });

  it('are removed at the next look when the disk has not the headroom', async () => {
    const { clock, garbage, folder } = await setUp({ gcDelay: HOUR, gcDiskHeadroom: 0.1 }, 0.95);
    const path = folder('full');
    garbage.schedule(path);
    clock.advance(defaultAgentFlags.diskWatchInterval);
    await expect.poll(() => garbage.succeeded).toBe(1);
    expect(existsSync(path)).toBe(false);
    expect(garbage.longestAge).toBe(0);
  });

  it('that are gone already are counted as failures, and no more', async () => {
    const { clock, garbage } = await setUp({ gcDelay: HOUR });
    garbage.schedule('/no/such/folder');
    clock.advance(HOUR);
    await expect.poll(() => garbage.failed).toBe(1);
    expect(garbage.pending).toBe(0);
  });

  it('are those of agents and executors before this one, from the time on when they were written', async () => {
    const { garbage, folder } = await setUp({});
    const runs = (agent: string, executor: string) =>
      folder('slaves', agent, 'frameworks', 'f', 'executors', executor, 'runs', 'r');
    runs('S0', 'any');
    const running = runs('S1', 'running');
    runs('S1', 'over');
    folder('slaves', 'S1', 'frameworks', 'gone');
    garbage.scheduleLeftovers('S1', [running]);
    expect(garbage.pending).toBe(3);
  });
});

describe('an agent', () => {
  it('removes the sandboxes of executors that have ended, and of no other', async () => {
    const flags = { gcDelay: 300 };
    const mesos = await cluster({ agents: [{ ...oneAgent, flags }] });
    const [agent] = mesos.agents;
    const framework = await RawFramework.subscribe(mesos.master.url);
    const offer = await framework.offer();
    const commands = [task('short', offer, { command: { value: 'true' } }), task('long', offer, { command: { value: 'exec sleep 1000' } })]; // prettier-ignore
    await framework.accept(offer, [launch(...commands)]);
    await framework.update('short', 'TASK_FINISHED');
    await framework.update('long', 'TASK_RUNNING');
    const executors = join(mesos.workDir, 'agent1/slaves', agent?.id ?? '', 'frameworks', framework.id, 'executors');
    await expect.poll(() => readdirSync(executors), { timeout: 20_000 }).toEqual(['long']);
    const answer = JSON.parse((await postJson(`${agent?.url ?? ''}/api/v1`, { type: 'GET_METRICS', get_metrics: {} })).body) as { get_metrics: { metrics: { name: string; value: number }[] } }; // prettier-ignore
    const removed = answer.get_metrics.metrics.find(({ name }) => name === 'gc/path_removals_succeeded');
    expect(removed?.value).toBe(2);
  });
});
