import type { CommandInfo } from '@kmd/mesos-client';
import { expect, it } from 'vitest';
import { crc64, isExecutorId, nameExecutor } from './executor-id.js';

it('computes the check value of CRC-64/XZ', () => {
  expect(crc64('123456789').toString(16)).toBe('995dc9bbdf1939fa');
  expect(crc64('')).toBe(0n);
});

it('gives equal commands one id, whatever the order of their parts, and changed ones another', () => {
  const command: CommandInfo = {
    shell: false,
    value: 'node',
    arguments: ['b', 'a'],
    environment: {
      variables: [
        { name: 'X', value: '1' },
        { name: 'Y', value: '2' },
      ],
    },
  };
  const id = nameExecutor('e', 'kubernetes', command);
  expect(id).toMatch(/^[0-9a-f]{16}_k8sm-executor$/);
  expect(isExecutorId(id)).toBe(true);
  const reordered: CommandInfo = {
    ...command,
    arguments: ['a', 'b'],
    environment: {
      variables: [
        { name: 'Y', value: '2' },
        { name: 'X', value: '1' },
      ],
    },
  };
  expect(nameExecutor('e', 'kubernetes', reordered)).toBe(id);
  expect(nameExecutor('e', 'kubernetes', { ...command, arguments: ['b', 'c'] })).not.toBe(id);
  expect(nameExecutor('e', 'kubernetes', { ...command, uris: [{ value: 'http://x' }] })).not.toBe(id);
});
