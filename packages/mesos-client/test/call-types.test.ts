import { describe, expect, it } from 'vitest';
import {
  accept,
  createMasterClient,
  launch,
  type AgentCall,
  type ExecutorCallBody,
  type MasterCall,
  type SchedulerCallBody,
  type SchedulerClientEvent,
  type SchedulerClientOptions,
  type TaskInfo,
} from '../src/index.js';

// What must not compile: the compiler checks this file, and an error that is expected and does not come is one itself.
const id = { value: 'x' };

describe('the compiler refuses', () => {
  it('keys that Mesos does not know', () => {
    // @ts-expect-error -- it is called task_id
    const kill: SchedulerCallBody = { type: 'KILL', kill: { taskId: id } };
    // @ts-expect-error -- it is called agent_id
    const task: TaskInfo = { name: 't', task_id: id, slave_id: id };
    const sleeping = { name: 't', task_id: id, agent_id: id };
    // @ts-expect-error -- it is called kill_policy
    const launched = launch([{ ...sleeping, killPolicy: {} }]);
    // @ts-expect-error -- it is called refuse_seconds
    const accepted = accept({ offerIds: [id], operations: [], filters: { refuseSeconds: 5 } });
    // @ts-expect-error -- it is called max_grace_period
    const drain: MasterCall = { type: 'DRAIN_AGENT', drain_agent: { agent_id: id, grace_period: {} } };
    // @ts-expect-error -- it is called container_id
    const wait: AgentCall = { type: 'WAIT_CONTAINER', wait_container: { id } };
    // @ts-expect-error -- it is called failover_timeout
    const options: SchedulerClientOptions = { master: '', framework: { user: '', name: '', failoverTimeout: 1 } };
    expect([kill, task, launched, accepted, drain, wait, options]).toHaveLength(7);
  });

  it('bodies that belong to another call, and missing ones', () => {
    // @ts-expect-error -- decline is missing
    const decline: SchedulerCallBody = { type: 'DECLINE', accept: {} };
    // @ts-expect-error -- accept is missing
    const missing: SchedulerCallBody = { type: 'ACCEPT' };
    // @ts-expect-error -- update is missing
    const update: ExecutorCallBody = { type: 'UPDATE', status: {} };
    // @ts-expect-error -- a reservation is no launch
    const operation: SchedulerCallBody = { type: 'ACCEPT', accept: { operations: [{ type: 'LAUNCH', reserve: {} }] } };
    expect([decline, missing, update, operation]).toHaveLength(4);
  });

  it('values that a field cannot hold, and types of calls that are none', () => {
    // @ts-expect-error -- it is called TASK_RUNNING
    const state: ExecutorCallBody = { type: 'UPDATE', update: { status: { task_id: id, state: 'TASK_RUNING' } } };
    // @ts-expect-error -- a number
    const filters: SchedulerCallBody = { type: 'DECLINE', decline: { filters: { refuse_seconds: '5' } } };
    // @ts-expect-error -- it is called SUPPRESS
    const type: SchedulerCallBody = { type: 'SUPRESS' };
    expect([state, filters, type]).toHaveLength(3);
  });

  it('what an event or answer does not have', async () => {
    const read = (event: SchedulerClientEvent) => {
      // @ts-expect-error -- only OFFERS has offers
      if (event.type === 'UPDATE') return event.offers;
      return event.type === 'OFFERS' ? event.offers.offers.length : 0;
    };
    expect(read({ type: 'OFFERS', offers: { offers: [] } })).toBe(0);
    const master = createMasterClient({ master: 'http://127.0.0.1:1' });
    const answering = master.call({ type: 'GET_HEALTH' });
    // @ts-expect-error -- the answer to GET_HEALTH has get_health
    const misread = answering.then((answer) => answer.get_state);
    await expect(misread).rejects.toMatchObject({ code: 'MESOS_UNREACHABLE' });
  });
});
