import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSchedulerClient,
  FencedError,
  OfferStore,
  printMetrics,
  revive,
  suppress,
  type SchedulerClient,
  type SchedulerClientOptions,
} from '../src/index.js';
import { FakeMesos, refuse } from './fake-mesos.js';

let mesos: FakeMesos;
let scheduler: SchedulerClient;

const subscribed = { type: 'SUBSCRIBED', subscribed: { framework_id: { value: 'F' } } };
const update = (id: string) => ({
  type: 'UPDATE',
  update: { status: { task_id: { value: id }, agent_id: { value: 'S' }, state: 'TASK_RUNNING', uuid: 'AAAA' } },
});

function createClient(options: Partial<SchedulerClientOptions> = {}): SchedulerClient {
  scheduler = createSchedulerClient({ master: mesos.url, framework: { user: '', name: 'f' }, ...options });
  return scheduler;
}

beforeEach(async () => {
  mesos = await FakeMesos.start();
});

afterEach(() => {
  scheduler.close();
  return mesos.close();
});

describe('use()', () => {
  it('puts code around events, the first used outermost', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', subscribed, update('a')));
    createClient();
    const log: string[] = [];
    for (const name of ['outer', 'inner'])
      scheduler.use({
        event: async (event, next) => {
          log.push(`${name} before ${event.type}`);
          await next();
          log.push(`${name} after ${event.type}`);
        },
      });
    for await (const event of scheduler.subscribe()) {
      log.push(`body ${event.type}`);
      if (event.type === 'UPDATE') break;
    }
    expect(log).toEqual([
      'outer before SUBSCRIBED',
      'inner before SUBSCRIBED',
      'body SUBSCRIBED',
      'inner after SUBSCRIBED',
      'outer after SUBSCRIBED',
      'outer before UPDATE',
      'inner before UPDATE',
      'body UPDATE',
      // The body left: only middleware hears that the subscription is gone.
      'outer before DISCONNECTED',
      'inner before DISCONNECTED',
      'inner after DISCONNECTED',
      'outer after DISCONNECTED',
    ]);
    // The consumer left: it is not known to be done with the update.
    expect(mesos.calls.map(({ type }) => type)).toEqual(['SUBSCRIBE']);
  });

  it('can keep an event back, and be taken out again', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', subscribed, { type: 'HEARTBEAT' }, update('a'), { type: 'HEARTBEAT' }));
    createClient();
    const remove = scheduler.use({
      event: (event, next) => (event.type === 'HEARTBEAT' ? Promise.resolve() : next()),
    });
    const seen: string[] = [];
    for await (const event of scheduler.subscribe()) {
      seen.push(event.type);
      if (event.type === 'UPDATE') remove();
      if (event.type === 'HEARTBEAT') break;
    }
    expect(seen).toEqual(['SUBSCRIBED', 'UPDATE', 'HEARTBEAT']);
  });

  it('ends the iteration with the error of a middleware, retryable or not', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', subscribed));
    createClient();
    scheduler.use({ event: () => Promise.reject(new Error('mine')) });
    const consume = async () => {
      for await (const event of scheduler.subscribe()) expect(event).toBeUndefined();
    };
    await expect(consume()).rejects.toThrow('mine');
  });

  it('sees calls, acknowledgements too, and may change them', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', subscribed, update('a'), { type: 'HEARTBEAT' }));
    createClient();
    const calls: string[] = [];
    scheduler.use({
      call: (call, next) => {
        calls.push(call.type);
        return next(call.type === 'REVIVE' ? suppress(['r']) : call);
      },
    });
    for await (const event of scheduler.subscribe()) {
      if (event.type === 'SUBSCRIBED') await scheduler.call(revive());
      if (event.type === 'HEARTBEAT') break;
    }
    expect((await mesos.call('SUPPRESS')).body.suppress).toEqual({ roles: ['r'] });
    await mesos.call('ACKNOWLEDGE');
    expect(calls).toEqual(['REVIVE', 'ACKNOWLEDGE']);
  });
});

describe('acknowledgement', () => {
  it('can hold the next event back until the master has taken it', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', subscribed, update('a'), { type: 'HEARTBEAT' }));
    const order: string[] = [];
    mesos.on('ACKNOWLEDGE', (_, response) => {
      order.push('taken');
      response.writeHead(202).end();
    });
    createClient({ acknowledge: 'awaited' });
    for await (const event of scheduler.subscribe()) {
      order.push(event.type);
      if (event.type === 'HEARTBEAT') break;
    }
    expect(order).toEqual(['SUBSCRIBED', 'UPDATE', 'taken', 'HEARTBEAT']);
  });

  it('does not end the iteration when it is refused', async () => {
    mesos.on('SUBSCRIBE', mesos.open('s', subscribed, update('a'), { type: 'HEARTBEAT' }));
    mesos.on('ACKNOWLEDGE', refuse(500, 'no'));
    createClient({ acknowledge: 'awaited' });
    const seen: string[] = [];
    for await (const event of scheduler.subscribe()) {
      seen.push(event.type);
      if (event.type === 'HEARTBEAT') break;
    }
    expect(seen).toEqual(['SUBSCRIBED', 'UPDATE', 'HEARTBEAT']);
    expect(scheduler.counters.failures).toEqual({ ACKNOWLEDGE: 1 });
  });
});

it('counters are printed as Prometheus reads them', async () => {
  mesos.on('SUBSCRIBE', mesos.open('s', subscribed, update('a'), { type: 'HEARTBEAT' }));
  createClient();
  for await (const event of scheduler.subscribe()) if (event.type === 'HEARTBEAT') break;
  const lines = printMetrics(scheduler.counters, { labels: { framework: 'say "hi"\n' } }).split('\n');
  expect(lines).toContain('# TYPE mesos_scheduler_events_total counter');
  expect(lines).toContain('mesos_scheduler_subscriptions_total{framework="say \\"hi\\"\\n"} 1');
  expect(lines).toContain('mesos_scheduler_events_total{framework="say \\"hi\\"\\n",type="UPDATE"} 1');
  expect(lines).toContain('mesos_scheduler_calls_total{framework="say \\"hi\\"\\n",type="ACKNOWLEDGE"} 1');
  expect(lines.filter((line) => line !== '' && !/^(# (HELP|TYPE) \w+ .+|\w+\{.*\} \d+)$/.test(line))).toEqual([]);
});

describe('a subscription that ends with the iteration', () => {
  const offered = {
    type: 'OFFERS',
    offers: {
      offers: [
        { id: { value: 'O' }, framework_id: { value: 'F' }, agent_id: { value: 'S' }, hostname: 'h', resources: [] },
      ],
    },
  };

  it.each([
    ['left', undefined],
    ['fenced', { type: 'ERROR', error: { message: 'Framework failed over' } }],
  ])('is told to middleware when it is %s: offers are void', async (_, last) => {
    mesos.on('SUBSCRIBE', mesos.open('S', subscribed, offered, ...(last ? [last] : [])));
    createClient();
    const store = new OfferStore();
    store.attach(scheduler);
    const told: string[] = [];
    scheduler.use({ event: async ({ type }, next) => (told.push(type), next()) });
    try {
      for await (const event of scheduler.subscribe()) {
        if (event.type !== 'OFFERS') continue;
        expect(store.size).toBe(1);
        if (!last) break;
      }
    } catch (error) {
      expect(error).toBeInstanceOf(FencedError);
    }
    expect(told).toEqual(['SUBSCRIBED', 'OFFERS', 'DISCONNECTED']);
    expect(store.size).toBe(0);
  });
});
