import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterPaths } from './paths.js';
import { type EmbeddedRecord, listRecords, readRecord, writeRecord } from './record.js';
import { identifyProcess } from './process.js';
import { isRunning } from './running.js';

const record = (name: string): EmbeddedRecord => ({
  version: 1,
  name,
  runtime: 'embedded',
  created: '2026-01-01T00:00:00.000Z',
  phase: 'ready',
  process: identifyProcess(process.pid),
  control: { port: 1, token: 'secret' },
  apiServer: 'https://127.0.0.1:6443',
  mesosMaster: 'http://127.0.0.1:5050',
  agents: 2,
  user: { name: 'admin', password: 'admin' },
  addons: ['dns'],
});

describe('cluster records', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'kmd-record-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('are written for their owner alone, and read back', () => {
    const paths = clusterPaths(home, 'local');
    expect(readRecord(paths)).toBeUndefined();
    writeRecord(paths, record('local'));
    expect(readRecord(paths)).toEqual(record('local'));
    expect(statSync(paths.state).mode & 0o777).toBe(0o600);
    expect(statSync(paths.directory).mode & 0o777).toBe(0o700);
  });

  it('are listed by name; what cannot be understood is left out', () => {
    for (const name of ['two', 'local']) writeRecord(clusterPaths(home, name), record(name));
    const broken = clusterPaths(home, 'broken');
    mkdirSync(broken.directory, { recursive: true });
    writeFileSync(broken.state, '{"version": 1');
    mkdirSync(join(home, 'clusters', 'Not A Name'));
    expect(listRecords(home).map(({ name }) => name)).toEqual(['local', 'two']);
    expect(listRecords(join(home, 'nowhere'))).toEqual([]);
  });

  it('tell a process from a later one of the same id', async () => {
    expect(await isRunning(record('local'))).toBe(true);
    expect(await isRunning({ ...record('local'), process: { pid: process.pid, started: '1' } })).toBe(
      process.platform !== 'linux',
    );
    expect(await isRunning({ ...record('local'), process: { pid: 2 ** 22 + 1 } })).toBe(false);
  });
});
