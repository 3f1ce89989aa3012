import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.js';
import type { Store } from './store.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kmd-journal-'));
  path = join(directory, 'journal');
});
afterEach(() => rmSync(directory, { recursive: true }));

const object = (name: string, text = '') => ({ kind: 'ConfigMap', metadata: { name }, data: { text } });
const texts = (store: Store) =>
  Object.fromEntries(
    store
      .list('configmaps')
      .objects.map((item) => [(item['metadata'] as { name: string }).name, (item['data'] as { text: string }).text]),
  );

describe('a journal', () => {
  it('has everything again after it was closed, versions too, and no history before', () => {
    const first = openJournal({ directory });
    first.store.put('configmaps', 'a/x', object('x', 'one'));
    first.store.put('configmaps', 'a/y', object('y', 'ünï\n"code"'));
    first.store.put('configmaps', 'a/x', object('x', 'two'));
    first.store.put('configmaps', 'a/z', object('z'));
    first.store.remove('configmaps', 'a/z');
    first.close();
    const second = openJournal({ directory });
    expect(second.repairs).toEqual([]);
    expect(texts(second.store)).toEqual({ x: 'two', y: 'ünï\n"code"' });
    expect(second.store.version).toBe(5);
    expect(second.store.get('configmaps', 'a/x')).toMatchObject({ metadata: { resourceVersion: '3' } });
    const log = second.store.log('configmaps');
    expect(() => log.placeAfter(3)).toThrowError(/too old resource version/);
    expect(log.placeAfter(5)).toBe(log.end);
    expect(second.store.put('configmaps', 'a/x', object('x'))['metadata']).toMatchObject({ resourceVersion: '6' });
    second.close();
  });

  it('takes away a last record that was cut off, at whichever byte, and says so', () => {
    const journal = openJournal({ directory });
    journal.store.put('configmaps', 'a/x', object('x', 'kept'));
    const good = statSync(path).size;
    journal.store.put('configmaps', 'a/y', object('y', 'cut'));
    journal.close();
    const whole = readFileSync(path);
    for (let length = good + 1; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const again = openJournal({ directory });
      expect(again.repairs).toHaveLength(1);
      expect(texts(again.store)).toEqual({ x: 'kept' });
      again.close();
      expect(statSync(path).size).toBe(good);
    }
  });

  it('refuses a journal that is damaged in its midst, and leaves it as it is', () => {
    const journal = openJournal({ directory });
    for (const name of ['x', 'y', 'z']) journal.store.put('configmaps', `a/${name}`, object(name, 'text'));
    journal.close();
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('"text":"text"') + 8] = 35;
    writeFileSync(path, bytes);
    expect(() => openJournal({ directory })).toThrowError(/damaged at byte \d+/);
    expect(readFileSync(path)).toEqual(bytes);
    // Refused for the damage, not for a lock that was left.
    expect(() => openJournal({ directory })).toThrowError(/damaged/);
  });

  it('is one server’s alone, until that has ended', () => {
    const first = openJournal({ directory });
    expect(() => openJournal({ directory })).toThrowError(/in use by process/);
    first.close();
    const second = openJournal({ directory });
    expect(() => first.store.put('configmaps', 'a/x', object('x'))).toThrowError(/closed/);
    second.close();
    // The lock of a process that is no more, or of another that has its id now.
    for (const stale of ['999999999 1 x\n', `${process.pid} 1 x\n`]) {
      writeFileSync(`${path}.lock`, stale);
      openJournal({ directory }).close();
    }
  });

  it('is written anew when most of it is history', () => {
    const journal = openJournal({ directory, slack: 1000 });
    for (let count = 0; count < 1000; count++) {
      journal.store.put('configmaps', 'a/x', object('x', String(count)));
      journal.store.put('configmaps', `a/${count % 3}`, object(String(count % 3)));
      journal.store.remove('configmaps', `a/${count % 3}`);
    }
    expect(statSync(path).size).toBeLessThan(10_000);
    const { version } = journal.store;
    journal.close();
    const again = openJournal({ directory });
    expect(texts(again.store)).toEqual({ x: '999' });
    expect(again.store.version).toBe(version);
    again.close();
  });

  it('begins anew beside the remains of a rewriting that did not end', () => {
    const journal = openJournal({ directory });
    journal.store.put('configmaps', 'a/x', object('x', 'kept'));
    journal.close();
    appendFileSync(`${path}.next`, 'half of a');
    const again = openJournal({ directory });
    expect(texts(again.store)).toEqual({ x: 'kept' });
    again.close();
  });
});
