import { describe, expect, it } from 'vitest';
import { InvalidCallError } from '../scheduler/errors.js';
import { validateCall, type CallKind } from './validate-call.js';

const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'S' } };
const launching = (more: object) => ({
  type: 'ACCEPT',
  accept: { operations: [{ type: 'LAUNCH', launch: { task_infos: [{ ...task, ...more }] } }] },
});
const subscribing = (more: object) => ({
  type: 'SUBSCRIBE',
  subscribe: { framework_info: { user: '', name: 'f', ...more } },
});

function refusalOf(kind: CallKind, call: { type: string }): InvalidCallError {
  try {
    validateCall(kind, call);
  } catch (error) {
    if (error instanceof InvalidCallError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('validateCall', () => {
  const place = 'accept.operations[0].launch.task_infos[0]';
  it.each([
    [launching({ taskId: { value: 't' } }), `${place}.taskId`, 'did you mean "task_id"?'],
    [launching({ task_id: null }), `${place}.task_id`, 'required and missing'],
    [launching({ name: 5 }), `${place}.name`, 'it holds 5 instead of a text'],
    [launching({ resources: {} }), `${place}.resources`, 'it must be a list'],
    [launching({ command: [] }), `${place}.command`, 'it must not be a list'],
    [launching({ command: 'echo' }), `${place}.command`, 'it holds "echo" instead of an object'],
    [launching({ command: { shell: 'yes' } }), `${place}.command.shell`, 'instead of true or false'],
    [launching({ data: 'no base64' }), `${place}.data`, 'instead of bytes in Base64'],
    [launching({ limits: { mem: { value: NaN } } }), `${place}.limits.mem.value`, 'it holds NaN instead of a number'],
    [launching({ limits: { mem: 5 } }), `${place}.limits.mem`, 'it holds 5 instead of an object'],
    [
      launching({ health_check: { type: 'TCP', tcp: { port: 80.5 } } }),
      `${place}.health_check.tcp.port`,
      'instead of an integer (uint32)',
    ],
    // Mesos drops an unknown value of an optional enum without a word: the capability would be missing.
    [
      subscribing({ capabilities: [{ type: 'PARTITION_AWAR' }] }),
      'subscribe.framework_info.capabilities[0].type',
      'did you mean "PARTITION_AWARE"?',
    ],
    [subscribing({ roles: ['a', 5] }), 'subscribe.framework_info.roles[1]', 'instead of a text'],
    [{ type: 'ACCEPTT' }, 'type', 'did you mean "ACCEPT"?'],
    [{ type: 'ACCEPT' }, 'accept', 'required and missing'],
    [{ type: 'REVIVE', suppress: {} }, 'suppress', 'belongs to SUPPRESS'],
  ])('refuses %j', (call, path, reason) => {
    const error = refusalOf('SchedulerCall', call);
    expect(error.path).toBe(path);
    expect(error.message).toContain(reason);
  });

  it.each([
    [launching({ limits: { mem: { value: Infinity }, cpus: { value: 'Infinity' } } })],
    [launching({ max_completion_time: { nanoseconds: 2n ** 62n } })],
    [
      launching({
        resources: [{ name: 'ids', type: 'RANGES', ranges: { range: [{ begin: 0, end: 2n ** 64n - 1n }] } }],
      }),
    ],
    [launching({ labels: undefined, executor: null })],
    [{ type: 'REVIVE' }],
    [{ type: 'TEARDOWN' }],
  ])('lets pass what Mesos takes', (call) => {
    validateCall('SchedulerCall', call);
  });

  it('ends for an object that holds itself', () => {
    const container: Record<string, unknown> = { value: 'c' };
    container.parent = container;
    const call = { type: 'WAIT_CONTAINER', wait_container: { container_id: container } };
    expect(refusalOf('AgentCall', call).message).toContain('nested more than 64 deep');
  });
});
