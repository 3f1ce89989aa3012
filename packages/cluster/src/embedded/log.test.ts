import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatEntry, ServiceLogs } from './log.js';

const time = new Date('2026-01-02T03:04:05.678Z');

describe('formatEntry', () => {
  it.each([
    [['started'], 'started'],
    [[{ agent: 'a-1', cpus: 4 }, 'registered'], 'registered agent=a-1 cpus=4'],
    [[{ text: 'two words', none: undefined, list: [1] }, 'm'], 'm text="two words" list=[1]'],
    [[new Error('broken'), 'failed'], 'failed error=broken'],
    [[{ error: new Error('broken') }, 'failed'], 'failed error=broken'],
    [['two\nlines'], 'two\\nlines'],
    [[7, 'm'], 'm 7'],
  ] as [[unknown, string?], string][])('prints %j', ([fields, message], expected) => {
    expect(formatEntry(time, 'info', fields, message)).toBe(`2026-01-02T03:04:05.678Z INFO  ${expected}\n`);
  });
});

describe('ServiceLogs', () => {
  it('has a file for each service, complete when closed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmd-log-'));
    const logs = new ServiceLogs(join(folder, 'log'));
    for (let index = 0; index < 100; index++) logs.logger('scheduler').info({ index }, 'offer');
    logs.logger('kmd').warn('x');
    await logs.close();
    expect(readFileSync(join(folder, 'log', 'scheduler.log'), 'utf8').split('\n')).toHaveLength(101);
    expect(readFileSync(join(folder, 'log', 'kmd.log'), 'utf8')).toMatch(/WARN {2}x\n$/);
    rmSync(folder, { recursive: true });
  });
});
