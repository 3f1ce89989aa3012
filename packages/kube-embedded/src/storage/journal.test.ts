import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOf } from './journal-record.js';
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

/** A journal with these objects, each with its name as its text. */
function write(...names: string[]): void {
  const journal = openJournal({ directory });
  for (const name of names) journal.store.put('configmaps', `a/${name}`, object(name, name));
  journal.close();
}

function refusal(): string {
  try {
    openJournal({ directory }).close();
  } catch (error) {
    expect(error).toMatchObject({ code: 'JournalCorrupt' });
    return error instanceof Error ? error.message : '';
  }
  throw new Error('it was not refused');
}

/** What there is after the journal is opened again, and what was repaired. */
function reopen(): { repairs: readonly string[]; names: string[] } {
  const { store, repairs, close } = openJournal({ directory });
  close();
  return { repairs, names: Object.keys(texts(store)) };
}

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

  it.each([
    ['in its midst', 'y'],
    ['in its last record, which was whole', 'z'],
  ])('refuses a journal that is damaged %s, leaves it as it is, and says what can be saved', (_where, name) => {
    write('x', 'y', 'z');
    const bytes = readFileSync(path);
    bytes[bytes.indexOf(`"text":"${name}"`) + 8] = 35;
    writeFileSync(path, bytes);
    const refused = refusal();
    expect(refused).toMatch(/damaged at byte \d+: a record does not fit its checksum/);
    expect(readFileSync(path)).toEqual(bytes);
    // Refused for the damage, not for a lock that was left.
    expect(refusal()).toBe(refused);
    execFileSync('sh', ['-c', /`(.*?)`/.exec(refused)?.[1] ?? 'false']);
    expect(reopen()).toEqual({ repairs: [], names: name === 'y' ? ['x'] : ['x', 'y'] });
  });

  it('takes away zeros that the death of the machine left at the end, in whatever pieces', () => {
    write('x', 'y');
    const whole = readFileSync(path);
    const last = whole.lastIndexOf('\n', whole.length - 2) + 1;
    const zeros = Buffer.alloc(5000);
    const holed = Buffer.from(whole);
    holed.fill(0, last + 4, last + 30);
    for (const tail of [
      zeros,
      Buffer.concat([Buffer.from('1234'), zeros]),
      Buffer.concat([zeros, Buffer.from('e"}\n')]),
    ]) {
      writeFileSync(path, Buffer.concat([whole, tail]));
      const { repairs, names } = reopen();
      expect([names, repairs]).toEqual([['x', 'y'], [expect.stringContaining(`last ${tail.length} bytes`)]]);
    }
    writeFileSync(path, holed);
    expect(reopen()).toEqual({ names: ['x'], repairs: [expect.stringContaining('cut off')] });
  });

  it('refuses zeros with good records after them', () => {
    write('x', 'y', 'z');
    const bytes = readFileSync(path);
    bytes.fill(0, bytes.indexOf('"text":"y"'), bytes.indexOf('"text":"y"') + 5);
    writeFileSync(path, bytes);
    expect(refusal()).toMatch(/damaged/);
  });

  it('refuses a journal that was written anew and cut short, at whichever byte, and offers no part of it', () => {
    const journal = openJournal({ directory, slack: 0 });
    for (const name of ['x', 'y', 'z', 'x', 'y', 'z', 'x'])
      journal.store.put('configmaps', `a/${name}`, object(name, 'text'));
    journal.close();
    const whole = readFileSync(path);
    const header = whole.indexOf('\n') + 1;
    expect(whole.subarray(0, header).toString()).toContain('"objects":3');
    const third = whole.toString().split('\n', 4).join('\n').length;
    for (let length = header; length < third; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(refusal()).toMatch(/cut short: [123] of the objects/);
      expect(refusal()).not.toContain('truncate');
    }
  });

  it.each([
    ['another file', Buffer.from('a file of somebody else\nthat must not go\n')],
    ['zeros', Buffer.alloc(100)],
    ['a journal of a later format', Buffer.from(lineOf('{"format":"kmd-kube-journal/9"}'))],
  ])('refuses %s in its place, and leaves it as it is', (_what, bytes) => {
    writeFileSync(path, bytes);
    expect(refusal()).toMatch(/damaged at byte 0: .*move it away/);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('never gives anything else than what was stored, whichever bit is wrong', () => {
    write('x', 'y', 'z');
    const whole = readFileSync(path);
    for (let place = 0; place < whole.length; place++) {
      const bytes = Buffer.from(whole);
      bytes[place] = (whole[place] ?? 0) ^ (1 << (place % 8));
      writeFileSync(path, bytes);
      try {
        // The newline of the last record is all that tells a whole one from one that was cut off.
        expect(reopen()).toEqual({ names: ['x', 'y'], repairs: [expect.any(String)] });
        expect(place).toBe(whole.length - 1);
      } catch (error) {
        expect(error).toMatchObject({ code: 'JournalCorrupt' });
      }
    }
  });

  it('says so when the system does not let it be opened', () => {
    writeFileSync(path, '');
    expect(() => openJournal({ directory: path })).toThrowError(
      expect.objectContaining({ code: 'JournalUnusable', message: expect.stringContaining('choose another folder') }),
    );
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

  it('is written anew also when no process that has it lives for long', () => {
    for (let life = 0; life < 100; life++) {
      const journal = openJournal({ directory, slack: 1000 });
      journal.store.put('configmaps', 'a/x', object('x', 'y'.repeat(200)));
      journal.close();
    }
    expect(statSync(path).size).toBeLessThan(3000);
    const { store, close } = openJournal({ directory });
    close();
    expect(store.version).toBe(100);
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
