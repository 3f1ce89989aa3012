import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, configMaps, deployments, pods } from '@kmd/kube-client';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, startControllers } from '../src/index.js';
import type { Store } from '../src/storage/store.js';
import { start } from './server.js';

const mebibyte = 1024 * 1024;
const at = { namespace: 'default' };

/** A disk of four mebibytes at a folder. False where this user may not mount one. */
function mount(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const disk = mkdtempSync(join(tmpdir(), 'kmd-full-disk-'));
// Also when a test left a file open.
const unmount = (): void => void execFileSync('umount', ['--lazy', disk]);
const able = mount(disk);
if (able) unmount();
else console.log('skipped: a full disk: this user may not mount a small one');
const directory = join(disk, 'state');
const ballast = join(disk, 'ballast');

/** Leaves so many bytes of the disk, at most. */
function fill(left: number): void {
  for (let size = 4 * mebibyte; size > 0; size -= 4096) {
    try {
      writeFileSync(ballast, Buffer.alloc(size));
      break;
    } catch {
      rmSync(ballast, { force: true });
    }
  }
  execFileSync('truncate', [`--size=-${left}`, ballast]);
}
const empty = (): void => rmSync(ballast, { force: true });

/** A logger, and what was said to it. */
function listener(): { said: string[]; logger: Logger } {
  const said: string[] = [];
  const say = (_: unknown, text = ''): void => void said.push(text);
  return { said, logger: { debug: say, info: say, warn: say, error: say } };
}

const put = (store: Store, name: string, text: string) =>
  store.put('configmaps', `a/${name}`, { kind: 'ConfigMap', metadata: { name }, data: { text } });
const names = (store: Store) =>
  store.list('configmaps').objects.map((object) => (object['metadata'] as { name: string }).name);

afterAll(() => rmSync(disk, { recursive: true }));

describe.skipIf(!able)('a full disk', () => {
  beforeEach(() => void mount(disk));
  afterEach(unmount);

  it('refuses a write and nothing else, leaves no half of it, and takes writes again when there is room', () => {
    const { said, logger } = listener();
    const journal = openJournal({ directory, logger });
    const { store } = journal;
    put(store, 'before', 'kept');
    fill(100_000);
    const { version } = store;
    // Of each of these a part is written.
    for (let count = 0; count < 3; count++) {
      expect(() => put(store, 'large', 'x'.repeat(200_000))).toThrowError(
        expect.objectContaining({ status: 500, message: expect.stringMatching(/nothing was stored: ENOSPC/) }),
      );
    }
    expect([names(store), store.version]).toEqual([['before'], version]);
    put(store, 'small', 'fits');
    fill(0);
    expect(() => put(store, 'more', 'x'.repeat(10_000))).toThrowError(/ENOSPC/);
    empty();
    put(store, 'after', 'x'.repeat(200_000));
    journal.close();
    const again = openJournal({ directory });
    expect([again.repairs, names(again.store)]).toEqual([[], ['after', 'before', 'small']]);
    again.close();
    const once = ['the journal cannot be written: writes are refused', 'the journal is written again'];
    expect(said).toEqual([...once, ...once]);
  });

  it('puts off writing the journal anew until there is room for it', () => {
    const { said, logger } = listener();
    const journal = openJournal({ directory, slack: 100_000, logger });
    const { store } = journal;
    for (let name = 0; name < 7; name++) put(store, `o${name}`, 'x'.repeat(100_000));
    // Room for history, but not for a second copy of what is alive beside it.
    fill(900_000);
    const refused = () => {
      try {
        put(store, 'o0', 'y'.repeat(100_000));
        return false;
      } catch {
        return true;
      }
    };
    let stored = 0;
    while (!refused()) stored += 1;
    expect(stored).toBeGreaterThan(3);
    expect(said).toContain('the journal could not be written anew: it goes on growing');
    empty();
    for (let count = 0; count < 60; count++) put(store, 'o0', `${count} ${'z'.repeat(100_000)}`);
    expect(statSync(join(directory, 'journal')).size).toBeLessThan(2 * mebibyte);
    journal.close();
    const again = openJournal({ directory });
    expect([again.repairs, names(again.store)]).toEqual([[], ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6']]);
    expect(again.store.get('configmaps', 'a/o0')?.['data']).toMatchObject({ text: expect.stringMatching(/^59 z/) });
    again.close();
  });

  it('is told to whoever starts a server on it', () => {
    openJournal({ directory }).close();
    fill(0);
    expect(() => openJournal({ directory })).toThrowError(
      expect.objectContaining({ code: 'JournalUnusable', message: expect.stringMatching(/ENOSPC.*Make room/) }),
    );
    empty();
    openJournal({ directory }).close();
  });

  it('does not end a server or its controllers: what they could not do they do later', async () => {
    const journal = openJournal({ directory });
    const server = await start({ store: journal.store });
    const controllers = startControllers({ api: server.api });
    try {
      await controllers.synced;
      await server.api.create(deployments, {
        metadata: { name: 'web', ...at },
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'web' } },
          template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
        },
      });
      await expect.poll(async () => (await server.api.list(pods, at)).items.length).toBe(1);
      fill(0);
      const [pod] = (await server.api.list(pods, at)).items;
      await expect(
        server.api.create(configMaps, { metadata: { name: 'a', ...at }, data: { text: 'x'.repeat(10_000) } }),
      ).rejects.toMatchObject({ status: 500 });
      // Reads go on, and so does what fits into the rest of a block.
      expect((await server.api.list(pods, at)).items).toHaveLength(1);
      empty();
      await server.api.delete(pods, pod?.metadata?.name ?? '', { ...at, gracePeriodSeconds: 0 });
      await expect
        .poll(async () => (await server.api.list(pods, at)).items.map(({ metadata }) => metadata?.name))
        .toEqual([expect.not.stringMatching(`^${pod?.metadata?.name ?? ''}$`)]);
    } finally {
      empty();
      await controllers.close();
      await server.close();
      journal.close();
    }
  });
});
