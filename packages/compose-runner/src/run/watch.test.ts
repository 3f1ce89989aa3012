import { describe, expect, it } from 'vitest';
import type { ContainerState, DockerEngine, EngineEvent } from '../engine/docker-engine.js';
import { ContainerWatch } from './watch.js';

type Watched = Pick<DockerEngine, 'events' | 'inspect'>;

/** An engine whose containers change when the test says so; it counts how often it is asked. */
function fake(): {
  engine: Watched;
  asked: () => number;
  set(health: string, action?: string): void;
  end(error: Error): void;
} {
  let health = 'starting';
  let inspections = 0;
  const queue: EngineEvent[] = [];
  let wake: () => void = () => undefined;
  let failure: Error | undefined;
  const state = (): ContainerState => ({
    id: '1',
    name: 'a',
    status: 'running',
    exitCode: 0,
    health,
    healthLog: [],
    error: '',
    tty: false,
  });
  return {
    asked: () => inspections,
    set(next, action = 'health_status') {
      health = next;
      queue.push({ action, id: '1', attributes: { name: 'a' } });
      wake();
    },
    end(error) {
      failure = error;
      wake();
    },
    engine: {
      inspect: async () => {
        inspections += 1;
        return state();
      },
      events: async () =>
        (async function* () {
          for (;;) {
            for (let event = queue.shift(); event !== undefined; event = queue.shift()) yield event;
            if (failure !== undefined) throw failure;
            await new Promise<void>((resolve) => (wake = resolve));
          }
        })(),
    },
  };
}

const forever = new AbortController().signal;
const healthy = (state: ContainerState): true | undefined => (state.health === 'healthy' ? true : undefined);
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

// The watch asks for these two alone.
const watching = (engine: Watched): ContainerWatch => new ContainerWatch(engine as DockerEngine, 'demo');

describe('watching containers', () => {
  it('asks once, and again only when the engine tells of something', async () => {
    const { engine, set, asked } = fake();
    const waiting = watching(engine).until('a', healthy, forever);
    await turns();
    expect(asked()).toBe(1);
    set('starting', 'exec_create: true');
    set('starting', 'exec_die');
    await turns();
    expect(asked()).toBe(1);
    set('healthy');
    expect(await waiting).toBe(true);
    expect(asked()).toBe(2);
  });

  it('sees what happens between its question and the answer', async () => {
    const { engine, set } = fake();
    const slow: Watched = {
      ...engine,
      async inspect(container) {
        const before = await engine.inspect(container);
        if (before.health === 'starting') set('healthy');
        return before;
      },
    };
    expect(await watching(slow).until('a', healthy, forever)).toBe(true);
  });

  it('ends with the engine, and with the signal', async () => {
    const { engine, end } = fake();
    const waiting = watching(engine).until('a', healthy, forever);
    await turns();
    end(new Error('the engine ended'));
    await expect(waiting).rejects.toThrow('the engine ended');
    const stopping = new AbortController();
    const other = watching(fake().engine).until('a', healthy, stopping.signal);
    await turns();
    stopping.abort(new Error('enough'));
    await expect(other).rejects.toThrow('enough');
  });
});
