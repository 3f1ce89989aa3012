import {
  accept,
  createExecutorClient,
  createMasterClient,
  createSchedulerClient,
  launch,
  parseExecutorEnvironment,
  type TaskInfo,
} from '@kmd/mesos-client';
import { describe, expect, it } from 'vitest';

import type { Exit, Launched, Launcher } from '../src/index.js';
import { cluster } from './cluster.js';
import { postJson, RawFramework } from './raw-framework.js';

/** Runs executors inside this process: each starts every task it is given. */
const insideLauncher: Launcher = {
  launch(_command, { env }): Launched {
    const stop = new AbortController();
    const executor = createExecutorClient({ environment: parseExecutorEnvironment({ ...env }) });
    const run = async (): Promise<Exit> => {
      for await (const event of executor.subscribe({ signal: stop.signal })) {
        if (event.type === 'SHUTDOWN') break;
        if (event.type !== 'LAUNCH') continue;
        const { task_id } = event.launch.task;
        void executor.update({ task_id, state: 'TASK_STARTING' });
        void executor.update({ task_id, state: 'TASK_RUNNING' });
      }
      return { code: 0, signal: null };
    };
    return {
      exited: run().catch((): Exit => ({ code: null, signal: 'SIGKILL' })),
      kill: () => {
        stop.abort();
      },
    };
  },
};

describe('the clients of @kmd/mesos-client', () => {
  it('run tasks of an executor inside this process, over real sockets', async () => {
    const agents = [{ resources: 'cpus:40;mem:8192' }, { resources: 'cpus:40;mem:8192' }];
    const { master } = await cluster({ agents, launcher: insideLauncher });
    const scheduler = createSchedulerClient({
      master: master.url,
      framework: { user: '', name: 'clients', roles: ['*'], capabilities: [{ type: 'MULTI_ROLE' }] },
    });
    const stop = new AbortController();
    const running = new Set<string>();
    let launched = 0;
    for await (const event of scheduler.subscribe({ signal: stop.signal })) {
      if (event.type === 'OFFERS') {
        for (const offer of event.offers.offers) {
          if (launched >= 40) continue;
          const tasks = Array.from({ length: 20 }, (): TaskInfo => {
            const id = `t${String(launched++)}`;
            return {
              name: id,
              task_id: { value: id },
              agent_id: offer.agent_id,
              resources: amounts(0.1),
              executor: { executor_id: { value: 'ex' }, command: { value: 'inside' }, resources: amounts(0.1) },
            };
          });
          await scheduler.call(accept({ offerIds: [offer.id], operations: [launch(tasks)] }));
        }
      } else if (event.type === 'UPDATE' && event.update.status.state === 'TASK_RUNNING') {
        running.add(event.update.status.task_id.value);
        if (running.size < 40) continue;
        const { get_state } = await createMasterClient({ master: master.url }).call({ type: 'GET_STATE' });
        expect(get_state.get_tasks?.tasks?.filter(({ state }) => state === 'TASK_RUNNING')).toHaveLength(40);
        expect(get_state.get_executors?.executors).toHaveLength(2);
        break;
      }
    }
    expect(running.size).toBe(40);
  });
});

describe('operators', () => {
  it('end a framework, and deactivate an agent, whose offers are rescinded', async () => {
    const { master, agents } = await cluster();
    const framework = await RawFramework.subscribe(master.url);
    const offer = await framework.offer();
    const agent_id = { value: agents[0]?.id };
    const call = (body: object) => postJson(`${master.url}/api/v1`, body);
    await call({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } });
    expect((await framework.events.next('RESCIND')).rescind.offer_id).toEqual(offer.id);
    await call({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } });
    await framework.offer();
    const unknown = await call({ type: 'TEARDOWN', teardown: { framework_id: { value: 'nope' } } });
    expect(unknown).toMatchObject({ status: 400, body: 'No framework found with specified ID' });
    const done = await call({ type: 'TEARDOWN', teardown: { framework_id: { value: framework.id } } });
    expect(done).toMatchObject({ status: 200, body: '' });
    await framework.events.end();
  });
});

function amounts(cpus: number): { name: string; type: 'SCALAR'; scalar: { value: number } }[] {
  return [
    { name: 'cpus', type: 'SCALAR', scalar: { value: cpus } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
  ];
}
