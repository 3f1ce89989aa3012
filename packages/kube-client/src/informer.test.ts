import { describe, expect, it, vi } from 'vitest';
import type { KubeApi, KubeObject, List, ListOptions, Resource, WatchEvent, WatchOptions } from './api.js';
import { KubeError } from './errors.js';
import { createInformer, type InformerOptions } from './informer.js';
import type { Pod } from './index.js';
import { listAll } from './pages.js';
import { pods } from './resources.js';

const pod = (name: string, version: number, uid = name): Pod => ({
  metadata: { name, namespace: 'ns', uid, resourceVersion: String(version) },
});
const listOf = (version: number, ...items: Pod[]): List<Pod> => ({
  metadata: { resourceVersion: String(version) },
  items,
});
const expired = (): KubeError => new KubeError(410, 'Expired', 'too old resource version');

/** The server has nothing more to say, and leaves the watch open. */
const HANG = Symbol('the watch stays open');
type WatchStep = (WatchEvent<Pod> | Error | typeof HANG)[];

/** An API that answers lists and watches one after the other as written down, and then leaves the watch open. */
function scripted(lists: (List<Pod> | Error)[], watches: WatchStep[]) {
  const asked: (ListOptions & WatchOptions)[] = [];
  let exhausted: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (exhausted = resolve));
  const hang = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      exhausted();
      signal?.addEventListener('abort', () => resolve());
    });
  const refuse = (): never => {
    throw new Error('not in the script');
  };
  const api: KubeApi = {
    get: refuse,
    create: refuse,
    update: refuse,
    patch: refuse,
    delete: refuse,
    createSubresource: refuse,
    async list<T extends KubeObject>(_: Resource<T>, options: ListOptions = {}) {
      asked.push(options);
      const answer = lists.shift() ?? refuse();
      if (answer instanceof Error) throw answer;
      return answer as unknown as List<T>;
    },
    async *watch<T extends KubeObject>(_: Resource<T>, options: WatchOptions = {}) {
      asked.push(options);
      for (const step of watches.shift() ?? [HANG]) {
        if (step === HANG) await hang(options.signal);
        else if (step instanceof Error) throw step;
        else yield step as unknown as WatchEvent<T>;
      }
    },
  };
  return { api, asked, done };
}

/** Runs an informer to the end of its script and tells what its handlers heard. */
async function run(script: ReturnType<typeof scripted>, options: InformerOptions = {}) {
  const slept: number[] = [];
  const clock = {
    now: () => 0,
    sleep: async (milliseconds: number) => void slept.push(milliseconds),
  };
  const informer = createInformer(script.api, pods, { namespace: 'ns', clock, random: () => 0.5, ...options });
  const heard: string[] = [];
  informer.subscribe({
    added: ({ metadata }) => heard.push(`+${metadata?.name}@${metadata?.resourceVersion}`),
    updated: ({ metadata }, old) =>
      heard.push(`~${metadata?.name}@${old.metadata?.resourceVersion}>${metadata?.resourceVersion}`),
    deleted: ({ metadata }) => heard.push(`-${metadata?.name}@${metadata?.resourceVersion}`),
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  await script.done;
  stop.abort();
  await running;
  return { informer, heard, slept };
}

describe('createInformer', () => {
  it('lists, then follows the changes from the version of the list', async () => {
    const script = scripted(
      [listOf(5, pod('a', 1), pod('b', 2))],
      [
        [
          { type: 'MODIFIED', object: pod('a', 6) },
          { type: 'ADDED', object: pod('c', 7) },
          { type: 'DELETED', object: pod('b', 8) },
          HANG,
        ],
      ],
    );
    const { informer, heard } = await run(script);
    expect(heard).toEqual(['+a@1', '+b@2', '~a@1>6', '+c@7', '-b@8']);
    expect(informer.get('ns', 'a')).toMatchObject({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { resourceVersion: '6' },
    });
    expect(informer.get('ns', 'b')).toBeUndefined();
    expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['a', 'c']);
    expect(script.asked[1]).toMatchObject({ resourceVersion: '5', allowWatchBookmarks: true, timeoutSeconds: 450 });
  });

  it('goes on after a watch has ended where it was, bookmarks counting', async () => {
    const script = scripted(
      [listOf(5)],
      [[{ type: 'BOOKMARK', object: pod('', 90) }], [{ type: 'ADDED', object: pod('a', 95) }], [HANG]],
    );
    const { heard, slept } = await run(script);
    expect(script.asked.slice(1).map(({ resourceVersion }) => resourceVersion)).toEqual(['5', '90', '95']);
    expect(heard).toEqual(['+a@95']);
    expect(slept).toEqual([]);
  });

  it('watches anew when the server has not ended a watch long after its time', async () => {
    vi.useFakeTimers();
    try {
      const script = scripted([listOf(5)], [[HANG], [{ type: 'ADDED', object: pod('a', 6) }, HANG]]);
      const informer = createInformer(script.api, pods, { random: () => 0.5 });
      const stop = new AbortController();
      const running = informer.run(stop.signal);
      await informer.synced;
      await vi.advanceTimersByTimeAsync(479_000);
      expect(informer.list()).toEqual([]);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(informer.list().map(({ metadata }) => metadata?.name)).toEqual(['a']);
      expect(script.asked.slice(1).map(({ resourceVersion }) => resourceVersion)).toEqual(['5', '5']);
      stop.abort();
      await running;
    } finally {
      vi.useRealTimers();
    }
  });

  it('lists again when its version has expired, telling only the differences', async () => {
    const script = scripted(
      [listOf(5, pod('a', 1), pod('b', 2), pod('c', 3)), listOf(50, pod('a', 1), pod('b', 40), pod('d', 41))],
      [[expired()], [HANG]],
    );
    const { heard, slept } = await run(script);
    expect(heard.slice(3)).toEqual(['-c@3', '~b@2>40', '+d@41']);
    expect(slept).toEqual([]);
    expect(script.asked[3]).toMatchObject({ resourceVersion: '50' });
  });

  it('tells an object made anew under its old name as another', async () => {
    const script = scripted([listOf(5, pod('a', 1, 'first')), listOf(9, pod('a', 8, 'second'))], [[expired()], [HANG]]);
    expect((await run(script)).heard).toEqual(['+a@1', '-a@1', '+a@8']);
  });

  it('backs off with full jitter while the server fails, and says so', async () => {
    const down = new KubeError(0, 'Unreachable', 'down');
    const script = scripted([down, down, down, listOf(5, pod('a', 1))], [[HANG]]);
    const errors: unknown[] = [];
    const warned: unknown[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
      warn: (it: unknown) => warned.push(it),
    };
    const { heard, slept } = await run(script, { onError: (error) => errors.push(error), logger });
    expect(slept).toEqual([50, 100, 200]);
    expect(errors).toEqual([down, down, down]);
    expect(warned).toHaveLength(3);
    expect(heard).toEqual(['+a@1']);
  });

  it('does not run in circles with a server that always answers 410, or ends watches at once', async () => {
    const circle = scripted([listOf(1), listOf(1), listOf(1)], [[expired()], [expired()], [HANG]]);
    expect((await run(circle)).slept).toEqual([50]);
    const short = scripted([listOf(1)], [[], [], [HANG]]);
    expect((await run(short)).slept).toEqual([50, 100]);
  });

  it('survives a handler that throws, and tells late subscribers what there is', async () => {
    const script = scripted([listOf(5, pod('a', 1))], [[{ type: 'ADDED', object: pod('b', 6) }, HANG]]);
    const informer = createInformer(script.api, pods);
    informer.subscribe({
      added: () => {
        throw new Error('mine');
      },
    });
    const stop = new AbortController();
    const running = informer.run(stop.signal);
    await informer.synced;
    await script.done;
    const late: unknown[] = [];
    const unsubscribe = informer.subscribe({ added: ({ metadata }) => late.push(metadata?.name) });
    expect(late).toEqual(['a', 'b']);
    unsubscribe();
    stop.abort();
    await running;
    await expect(informer.run(stop.signal)).rejects.toThrow(/runs already/);
  });

  it('rejects those who wait for the first list when it is stopped before', async () => {
    const script = scripted([], []);
    const stop = new AbortController();
    const informer = createInformer(script.api, pods);
    stop.abort(new Error('enough'));
    await informer.run(stop.signal);
    await expect(informer.synced).rejects.toThrow('enough');
  });
});

describe('listAll', () => {
  it('puts the pages together', async () => {
    const { api, asked } = scripted(
      [
        { metadata: { resourceVersion: '5', continue: 'next', remainingItemCount: 1 }, items: [pod('a', 1)] },
        { metadata: { resourceVersion: '5' }, items: [pod('b', 2)] },
      ],
      [],
    );
    const list = await listAll(api, pods, { limit: 1, resourceVersion: '0' });
    expect(list).toEqual({ metadata: { resourceVersion: '5' }, items: [pod('a', 1), pod('b', 2)] });
    expect(asked).toEqual([
      { limit: 1, resourceVersion: '0' },
      { limit: 1, continue: 'next', resourceVersion: undefined },
    ]);
  });

  it('starts again in one piece when the version expires between two pages', async () => {
    const { api, asked } = scripted(
      [{ metadata: { continue: 'next' }, items: [pod('a', 1)] }, expired(), listOf(9, pod('a', 1), pod('b', 8))],
      [],
    );
    expect((await listAll(api, pods)).items).toHaveLength(2);
    expect(asked.map(({ limit }) => limit)).toEqual([500, 500, undefined]);
  });
});
