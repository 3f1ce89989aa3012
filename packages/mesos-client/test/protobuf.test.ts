import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  accept,
  acknowledge,
  createExecutorClient,
  createMasterClient,
  createSchedulerClient,
  encodeRecord,
  kill,
  launch,
  parseExactJson,
  parseExecutorEnvironment,
  printJson,
  RecordIoDecoder,
  teardown,
  type FrameworkInfo,
  type SchedulerClientEvent,
} from '../src/index.js';
import { decodeMessage, UndecodableError } from '../src/protobuf/decode.js';
import { encodeMessage, UnencodableError } from '../src/protobuf/encode.js';
import { MESSAGES, messageType } from '../src/schema/message-type.js';
import { FakeMesos, replay } from './fake-mesos.js';
import { readLines, readRecording } from './recording.js';

/** As the recorded framework described itself. */
const framework: FrameworkInfo = {
  user: 'root',
  name: 'pbfw',
  failover_timeout: 0,
  checkpoint: false,
  roles: ['dev'],
  capabilities: [{ type: 'MULTI_ROLE' }],
};

/** The body of a recorded request. */
function bodyOf(name: string): Buffer {
  const raw = readFileSync(fileURLToPath(new URL(`../testdata/protobuf/${name}`, import.meta.url)));
  return raw.subarray(raw.indexOf('\r\n\r\n') + 4);
}

describe('the tables', () => {
  it('can be read whole, without a number used twice', () => {
    for (const name of Object.keys(MESSAGES)) {
      const { fields, byNumber } = messageType(name);
      expect(byNumber.size, name).toBe(fields.length);
      expect(fields.every(({ number }) => number > 0)).toBe(true);
    }
  });
});

describe('a recorded stream of events', () => {
  const decoder = new RecordIoDecoder();
  const decoded = decoder
    .push(readRecording('protobuf/subscribe.resp').body)
    .map((record) => decodeMessage('SchedulerEvent', record));

  it('gives what other decoders read, with the defaults that JSON shows', () => {
    const others = readLines('protobuf/events-decoded.jsonl').map((line) => JSON.parse(line).event);
    expect(decoded).toHaveLength(others.length);
    // The recorder's decoder writes 64-bit integers as text.
    others.forEach((other, index) => expect(toNumbers(decoded[index])).toMatchObject(toNumbers(other)));
  });

  it('gives a capability that the protocol does not know as JSON does: without a type', () => {
    expect(decoded[0]).toMatchObject({
      subscribed: { master_info: { capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, {}] } },
    });
  });

  it('has the same keys as JSON for an offer', () => {
    const json = readRecording('scheduler/subscribe-basic.resp').body;
    const offer = new RecordIoDecoder()
      .push(json)
      .map((record) => JSON.parse(Buffer.from(record).toString()))
      .find(({ type }) => type === 'OFFERS').offers.offers[0];
    const mine = Reflect.get(Object(decoded.find(({ type }) => type === 'OFFERS')?.offers), 'offers')[0];
    const ignored = new Set(['attributes', 'executor_ids']);
    const keysOf = (value: object) =>
      Object.keys(value)
        .filter((key) => !ignored.has(key))
        .sort();
    expect(keysOf(mine)).toEqual(keysOf(offer));
    expect(typeof mine.resources[0].ranges.range[0].begin).toBe('number');
  });
});

describe('recorded calls', () => {
  const framework_id = { value: '0a9ab1e0-f368-4e43-92b4-7780a0f22549-0000' };
  const agent = { value: '0a9ab1e0-f368-4e43-92b4-7780a0f22549-S0' };
  it.each<[string, object]>([
    [
      'subscribe.req',
      {
        type: 'SUBSCRIBE',
        subscribe: {
          framework_info: framework,
        },
      },
    ],
    [
      'accept-launch.req',
      {
        framework_id,
        ...accept({
          offerIds: [{ value: '0a9ab1e0-f368-4e43-92b4-7780a0f22549-O0' }],
          operations: [
            launch([
              {
                name: 'p1',
                task_id: { value: 'p1' },
                agent_id: agent,
                resources: [
                  { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
                  { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
                ],
                command: { value: 'sleep 1000' },
              },
            ]),
          ],
        }),
      },
    ],
    [
      'acknowledge.req',
      {
        framework_id,
        ...acknowledge({
          task_id: { value: 'p1' },
          state: 'TASK_STARTING',
          agent_id: agent,
          uuid: '3fAYxK8tS3GFsaIRs+VJFA==',
        }),
      },
    ],
    ['kill.req', { framework_id, ...kill({ value: 'p1' }) }],
    ['teardown.req', { framework_id, ...teardown() }],
  ])('%s is encoded to the same bytes', (name, call) => {
    expect(Buffer.from(encodeMessage('SchedulerCall', call)).toString('hex')).toBe(bodyOf(name).toString('hex'));
  });
});

describe('values', () => {
  const range = (begin: number | bigint, end: number | bigint) => ({ range: [{ begin, end }] });

  it('keeps 64-bit integers: numbers while they are exact, bigints beyond', () => {
    const ranges = range(2 ** 53 - 1, 2n ** 64n - 1n);
    expect(decodeMessage('Ranges', encodeMessage('Ranges', ranges))).toEqual(ranges);
    const time = { nanoseconds: 1795341105858180097n };
    expect(decodeMessage('TimeInfo', encodeMessage('TimeInfo', time))).toEqual(time);
    expect(decodeMessage('DurationInfo', encodeMessage('DurationInfo', { nanoseconds: -5 }))).toEqual({
      nanoseconds: -5,
    });
    expect(parseExactJson(printJson(time))).toEqual(time);
    expect(
      parseExactJson('{"a":12345678901234567890,"b":0.12345678901234567,"c":"12345678901234567890","d":1}'),
    ).toEqual({ a: 12345678901234567890n, b: 0.12345678901234567, c: '12345678901234567890', d: 1 });
  });

  it('leaves an unset enum out, and one that it does not know', () => {
    const status = encodeMessage('TaskStatus', { task_id: { value: 't' }, state: 'TASK_STARTING' });
    expect(decodeMessage('TaskStatus', status)).toEqual({ task_id: { value: 't' }, state: 'TASK_STARTING' });
    // Field 10, reason, with the number 99.
    expect(decodeMessage('TaskStatus', Buffer.concat([status, Buffer.from([0x50, 99])]))).not.toHaveProperty('reason');
    expect(decodeMessage('CheckInfo', new Uint8Array(0))).not.toHaveProperty('type');
  });

  it('skips unknown fields and merges messages that come in parts', () => {
    const known = encodeMessage('TTYInfo', { window_size: { rows: 1, columns: 2 } });
    expect(decodeMessage('TTYInfo', Buffer.concat([Buffer.from('f2bf0103616263', 'hex'), known]))).toEqual({
      window_size: { rows: 1, columns: 2 },
    });
    const part = (address: object) => encodeMessage('MasterGetMaster', { master_info: address });
    const info = { id: 'a', ip: 1, port: 2 };
    const twice = Buffer.concat([part({ ...info, hostname: 'h' }), part({ ...info, version: 'v' })]);
    expect(decodeMessage('MasterGetMaster', twice)).toEqual({
      master_info: { ...info, hostname: 'h', version: 'v' },
    });
  });

  it('carries maps with any key', () => {
    const config = { role: 'r', limits: { cpus: { value: 1.5 }, __proto__x: { value: 2 } } };
    Object.defineProperty(config.limits, '__proto__', { value: { value: 3 }, enumerable: true });
    const decoded = decodeMessage('QuotaConfig', encodeMessage('QuotaConfig', config));
    expect(Object.keys(Object(decoded.limits)).sort()).toEqual(['__proto__', '__proto__x', 'cpus']);
    expect(Object.getPrototypeOf(decoded.limits)).toBe(Object.prototype);
  });

  it.each<[string, object, string]>([
    ['Id', { value: 5 }, 'value: it holds 5 instead of a text'],
    [
      'TaskStatus',
      { task_id: { value: 't' }, state: 'TASK_RUNING' },
      'state: it holds "TASK_RUNING"; did you mean "TASK_RUNNING"?',
    ],
    ['Ranges', { range: [{ begin: 1.5, end: 2 }] }, 'range[0].begin: it holds 1.5 instead of an integer (uint64)'],
    ['Ranges', { range: [{ begin: -1, end: 2 }] }, 'range[0].begin: it holds -1 instead of an integer (uint64)'],
    ['Ranges', { range: { begin: 1, end: 2 } }, 'range: it must be a list'],
    ['WindowSize', { rows: 2 ** 32, columns: 1 }, 'rows: it holds 4294967296 instead of an integer (uint32)'],
    ['GetHealth', { healthy: 'yes' }, 'healthy: it holds "yes" instead of true or false'],
  ])('%s: refuses what a field cannot hold', (message, value, expected) => {
    expect(() => encodeMessage(message, value)).toThrow(UnencodableError);
    expect(() => encodeMessage(message, value)).toThrow(expected);
  });
});

describe('hostile bytes', () => {
  const roots = ['SchedulerEvent', 'ExecutorEvent', 'MasterEvent', 'MasterResponse', 'AgentResponse', 'ProcessIO'];

  it('end in an UndecodableError, whatever they are', () => {
    fc.assert(
      fc.property(fc.constantFrom(...roots), fc.uint8Array({ maxLength: 200 }), (root, bytes) => {
        try {
          decodeMessage(root, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(UndecodableError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('end in an UndecodableError when a recorded message is damaged', () => {
    const state = readRecording('protobuf/get-state.resp').body;
    fc.assert(
      fc.property(
        fc.nat(state.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (at, damage, cut) => {
          const bytes = Buffer.from(state);
          bytes.set(damage.subarray(0, bytes.length - at), at);
          try {
            decodeMessage('MasterResponse', cut ? bytes.subarray(0, at) : bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(UndecodableError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('cannot exhaust the stack', () => {
    let nested = encodeMessage('ContainerID', { value: 'c' });
    for (let depth = 0; depth < 200; depth += 1) {
      const length = nested.length < 128 ? [nested.length] : [(nested.length & 127) | 128, nested.length >> 7];
      nested = Buffer.concat([Buffer.from([10, 1, 99, 18, ...length]), nested]);
    }
    expect(() => decodeMessage('ContainerID', nested)).toThrow('nested more than 64 deep');
  });

  it('say which required field is missing', () => {
    expect(() => decodeMessage('SchedulerEvent', Buffer.from('08012200', 'hex'))).toThrow(
      'SchedulerEventRescind: required field offer_id is missing',
    );
  });
});

describe('clients that speak protobuf', () => {
  let mesos: FakeMesos;

  beforeEach(async () => {
    mesos = await FakeMesos.start();
  });

  afterEach(() => mesos.close());

  it('run a recorded scheduler session', async () => {
    mesos.on('SUBSCRIBE', replay('protobuf/subscribe.resp'));
    const scheduler = createSchedulerClient({
      master: mesos.url,
      framework,
      contentType: 'protobuf',
    });
    const seen: string[] = [];
    let offer: SchedulerClientEvent | undefined;
    for await (const event of scheduler.subscribe()) {
      seen.push(event.type === 'UPDATE' ? event.update.status.state : event.type);
      if (event.type === 'OFFERS') offer ??= event;
      if (event.type === 'UPDATE' && event.update.status.state === 'TASK_KILLED') break;
    }
    expect(seen.slice(0, 3)).toEqual(['SUBSCRIBED', 'HEARTBEAT', 'OFFERS']);
    expect(seen).toContain('TASK_RUNNING');
    expect(offer).toMatchObject({ offers: { offers: [{ hostname: 'agent1' }, { hostname: 'agent2' }] } });
    const [subscribe] = mesos.calls;
    expect(subscribe?.raw.equals(bodyOf('subscribe.req'))).toBe(true);
    expect(subscribe?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      accept: 'application/x-protobuf',
    });
    expect((await mesos.call('ACKNOWLEDGE')).raw.equals(bodyOf('acknowledge.req'))).toBe(true);
    scheduler.close();
  });

  it('drop events of a later Mesos', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', { type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } }));
    const scheduler = createSchedulerClient({
      master: mesos.url,
      framework: { user: '', name: 'f' },
      contentType: 'protobuf',
    });
    const events = scheduler.subscribe()[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: 'SUBSCRIBED' });
    const stream = await mesos.stream(0);
    stream.write(encodeRecord(Buffer.from([8, 77])));
    stream.send({ type: 'HEARTBEAT' });
    expect((await events.next()).value).toMatchObject({ type: 'HEARTBEAT' });
    await events.return?.();
    scheduler.close();
  });

  it('refuse a value that a field cannot hold, before it is sent', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', { type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } }));
    const scheduler = createSchedulerClient({
      master: mesos.url,
      framework: { user: '', name: 'f' },
      contentType: 'protobuf',
    });
    for await (const event of scheduler.subscribe()) {
      expect(event.type).toBe('SUBSCRIBED');
      await expect(
        scheduler.call({ type: 'DECLINE', decline: { filters: { refuse_seconds: Object('5') } } }),
      ).rejects.toMatchObject({ code: 'MESOS_CALL_INVALID', path: 'decline.filters.refuse_seconds' });
      break;
    }
    scheduler.close();
  });

  it('read the state of a recorded master', async () => {
    mesos.on('GET_STATE', replay('protobuf/get-state.resp'));
    mesos.on('GET_VERSION', replay('protobuf/get-version-json.resp'));
    const client = createMasterClient({ master: mesos.url, contentType: 'protobuf' });
    const { get_state: state } = await client.call({ type: 'GET_STATE' });
    expect(mesos.calls[0]?.raw.equals(bodyOf('get-state.req'))).toBe(true);
    expect(state.get_agents?.agents?.[0]?.registered_time?.nanoseconds).toBe(1795341105858180096n);
    expect(state.get_tasks?.tasks?.[0]).toMatchObject({ name: 'task-1', state: 'TASK_RUNNING' });
    // A server that answers in JSON all the same is understood.
    expect((await client.call({ type: 'GET_VERSION' })).get_version.version_info.version).toBe('1.11.0');
    client.close();
  });

  it('say so when an answer is not protobuf', async () => {
    mesos.on('GET_STATE', (_, response) => void response.end('<html>'));
    const client = createMasterClient({ master: mesos.url, contentType: 'protobuf' });
    await expect(client.call({ type: 'GET_STATE' })).rejects.toThrow('an answer to GET_STATE that is not protobuf');
    client.close();
  });

  it('run an executor', async () => {
    const subscribed = {
      executor_info: { executor_id: { value: 'E' } },
      framework_info: { user: '', name: 'f' },
      agent_info: { hostname: 'a' },
    };
    const task = { name: 't', task_id: { value: 't' }, agent_id: { value: 'S' } };
    mesos.on(
      'SUBSCRIBE',
      mesos.open(undefined, { type: 'SUBSCRIBED', subscribed }, { type: 'LAUNCH', launch: { task } }),
    );
    const environment = parseExecutorEnvironment({
      MESOS_FRAMEWORK_ID: 'F',
      MESOS_EXECUTOR_ID: 'E',
      MESOS_DIRECTORY: '/',
      MESOS_AGENT_ENDPOINT: mesos.host,
    });
    const executor = createExecutorClient({ environment, contentType: 'protobuf' });
    for await (const event of executor.subscribe()) {
      if (event.type !== 'LAUNCH') continue;
      await executor.update({ task_id: event.launch.task.task_id, state: 'TASK_RUNNING' });
      break;
    }
    expect((await mesos.call('UPDATE')).body).toMatchObject({
      executor_id: { value: 'E' },
      update: { status: { task_id: { value: 't' }, state: 'TASK_RUNNING', source: 'SOURCE_EXECUTOR' } },
    });
    executor.close();
  });
});

function toNumbers(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)),
    (_, item: unknown) => (typeof item === 'string' && /^\d+$/.test(item) ? Number(item) : item),
  );
}
