import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock } from './lock.js';
import { identifyProcess } from './process.js';

describe('acquireLock', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kmd-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is held by one, and given back', () => {
    const path = join(folder, 'a', 'lock');
    const unlock = acquireLock(path, 'local');
    expect(() => acquireLock(path, 'local')).toThrow(expect.objectContaining({ code: 'Busy' }));
    unlock();
    expect(existsSync(path)).toBe(false);
    acquireLock(path, 'local')();
  });

  it.each([
    ['a process that has ended', JSON.stringify({ pid: 2 ** 22 + 1 })],
    ['an earlier process of the same id', JSON.stringify({ ...identifyProcess(process.pid), started: '1' })],
    ['nobody', ''],
    ['nobody that can be read', '\u0000{'],
  ])('is taken over from %s', (_, content) => {
    const path = join(folder, 'lock');
    writeFileSync(path, content);
    acquireLock(path, 'local')();
    expect(existsSync(path)).toBe(false);
  });

  it('says where it cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => acquireLock(join(folder, 'file', 'lock'), 'local')).toThrow(
      expect.objectContaining({ code: 'StateUnwritable', message: expect.stringContaining('KMD_HOME') as string }),
    );
  });
});
