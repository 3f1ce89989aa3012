import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createExecutorClient,
  createMasterClient,
  createSchedulerClient,
  encodeRecord,
  MesosError,
  MesosHttpError,
  parseExactJson,
  parseExecutorEnvironment,
  printJson,
  type ContentType,
  type Transport,
  type TransportResponse,
} from '../src/index.js';
import { encodeMessage } from '../src/protobuf/encode.js';
import { readRecording } from './recording.js';

/** An answer made of these chunks. */
function answerOf(chunks: readonly Uint8Array[], status = 200): TransportResponse {
  return {
    status,
    headers: { 'mesos-stream-id': 's', 'content-type': 'application/json' },
    body: (async function* () {
      yield* chunks;
    })(),
    abort: () => undefined,
  };
}

/** Gives one stream; whatever comes after it is refused for good. */
function transportOf(chunks: readonly Uint8Array[]): Transport {
  let given = false;
  return {
    send: ({ url, connection }) => {
      if (connection !== 'own') return Promise.resolve(answerOf([], 202));
      if (given) return Promise.reject(new MesosHttpError(401, 'enough', 'SUBSCRIBE', url));
      given = true;
      return Promise.resolve(answerOf(chunks));
    },
    close: () => undefined,
  };
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : (sorted[index - 1] ?? 0), end));
}

const environment = parseExecutorEnvironment({
  MESOS_FRAMEWORK_ID: 'F',
  MESOS_EXECUTOR_ID: 'E',
  MESOS_DIRECTORY: '/',
  MESOS_AGENT_ENDPOINT: '127.0.0.1:1',
  MESOS_CHECKPOINT: '1',
});

/** Consumes a scheduler's stream to its end; gives the number of events and the error. */
async function consumeScheduler(chunks: readonly Uint8Array[], contentType: ContentType) {
  const scheduler = createSchedulerClient({
    master: 'http://127.0.0.1:1',
    framework: { user: '', name: 'f' },
    transport: transportOf(chunks),
    contentType,
    random: () => 0,
  });
  let events = 0;
  try {
    for await (const event of scheduler.subscribe()) {
      expect(typeof event.type).toBe('string');
      events += 1;
    }
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

const places = fc.array(fc.nat(100_000), { maxLength: 8 });
const contentTypes = fc.constantFrom<ContentType>('json', 'protobuf');
const recordings: Record<ContentType, Buffer> = {
  json: readRecording('scheduler/subscribe-basic.resp').body,
  protobuf: readRecording('protobuf/subscribe.resp').body,
};

describe('a stream of random bytes', () => {
  it('ends in a MesosError, whatever client reads it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          // Records with something in them.
          fc
            .array(
              fc.oneof(
                fc.uint8Array({ maxLength: 40 }),
                fc.json().map((text) => Buffer.from(text)),
              ),
            )
            .map((all) => Buffer.concat(all.map((record) => encodeRecord(record)))),
        ),
        places,
        contentTypes,
        async (bytes, at, contentType) => {
          const chunks = cut(bytes, at);
          expect((await consumeScheduler(chunks, contentType)).error).toBeInstanceOf(MesosError);
          const executor = createExecutorClient({
            environment,
            transport: transportOf(chunks),
            contentType,
            random: () => 0,
          });
          const master = createMasterClient({
            master: 'http://127.0.0.1:1',
            transport: transportOf(chunks),
            contentType,
          });
          for (const stream of [executor.subscribe(), master.subscribe()]) {
            try {
              for await (const event of stream) expect(typeof event.type).toBe('string');
            } catch (error) {
              expect(error).toBeInstanceOf(MesosError);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a recorded stream', () => {
  it('is read alike, wherever it is cut', async () => {
    for (const contentType of ['json', 'protobuf'] as const) {
      const whole = await consumeScheduler([recordings[contentType]], contentType);
      expect(whole.events).toBeGreaterThan(5);
      await fc.assert(
        fc.asyncProperty(places, async (at) => {
          expect((await consumeScheduler(cut(recordings[contentType], at), contentType)).events).toBe(whole.events);
        }),
        { numRuns: 200 },
      );
    }
  });

  it('that is damaged ends in a MesosError', async () => {
    await fc.assert(
      fc.asyncProperty(
        contentTypes,
        fc.array(fc.record({ at: fc.nat(100_000), byte: fc.nat(255) }), { minLength: 1, maxLength: 5 }),
        places,
        async (contentType, damages, at) => {
          const bytes = Buffer.from(recordings[contentType]);
          for (const damage of damages) bytes[damage.at % bytes.length] = damage.byte;
          expect((await consumeScheduler(cut(bytes, at), contentType)).error).toBeInstanceOf(MesosError);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('an answer of random bytes', () => {
  it('is an answer or a MesosError', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
        ),
        fc.constantFrom(200, 202, 307, 400, 401, 403, 404, 409, 429, 500, 503, 599),
        contentTypes,
        async (bytes, status, contentType) => {
          const transport: Transport = {
            send: () => Promise.resolve(answerOf([bytes], status)),
            close: () => undefined,
          };
          const master = createMasterClient({ master: 'http://127.0.0.1:1', transport, contentType });
          try {
            await master.call({ type: 'GET_STATE' });
          } catch (error) {
            expect(error).toBeInstanceOf(MesosError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('JSON', () => {
  it('with bigints is read as JSON.parse reads it, but for integers that a number cannot hold', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(parseExactJson(text)).toEqual(asExact(JSON.parse(text)));
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), (value) => {
        const read = parseExactJson(printJson({ list: [value, 1.5, 'text'] }));
        const safe = Number.isSafeInteger(Number(value));
        expect(read).toEqual({ list: [safe ? Number(value) : value, 1.5, 'text'] });
      }),
    );
  });
});

describe('what is written in protobuf', () => {
  it('is read back as it was, whatever the values', async () => {
    const { decodeMessage } = await import('../src/protobuf/decode.js');
    const text = fc.string({ unit: 'binary', maxLength: 40 }).filter((value) => value.isWellFormed());
    const resource = fc.record({
      name: text,
      type: fc.constantFrom('SCALAR', 'RANGES', 'SET'),
      scalar: fc.record({ value: fc.double({ noNaN: true }) }),
      ranges: fc.record({
        range: fc.array(fc.record({ begin: fc.maxSafeNat(), end: fc.maxSafeNat() }), { minLength: 1, maxLength: 3 }),
      }),
      set: fc.record({ item: fc.array(text, { minLength: 1, maxLength: 3 }) }),
    });
    const task = fc.record({
      name: text,
      task_id: fc.record({ value: text }),
      agent_id: fc.record({ value: text }),
      resources: fc.array(resource, { minLength: 1, maxLength: 4 }),
      data: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      max_completion_time: fc.record({ nanoseconds: fc.maxSafeInteger() }),
      limits: fc.dictionary(text, fc.record({ value: fc.double({ noNaN: true }) }), {
        minKeys: 1,
        noNullPrototype: true,
      }),
    });
    fc.assert(
      fc.property(task, (value) => {
        expect(decodeMessage('TaskInfo', encodeMessage('TaskInfo', value))).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Integers beyond what is exact, as bigints: only those that were written without point and exponent are such. */
function asExact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asExact);
  if (typeof value !== 'object' || value === null) {
    const isLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
    return isLong && /^-?\d+$/.test(JSON.stringify(value)) ? BigInt(JSON.stringify(value)) : value;
  }
  const copy: object = {};
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(copy, key, { value: asExact(item), enumerable: true, configurable: true, writable: true });
  }
  return copy;
}
