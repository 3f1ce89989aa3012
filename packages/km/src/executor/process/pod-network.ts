import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import type { Logger } from '@kmd/kube-client';

/** Addresses that pods of one agent may have on a network which all of the cluster's machines share. */
export interface PodNetwork {
  /** An address that this machine answers at from now on; undefined where there is none left, or it cannot be had. */
  take(): string | undefined;
  release(address: string): void;
}

/** Runs `ip` with these arguments; returns what it complained of. */
export type IpCommand = (args: readonly string[]) => string | undefined;

const ip: IpCommand = (args) => {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
};

/**
 * The network of a line such as `172.30.1.128/25 docker0`: the agent's own range, and the device that gets its addresses. What an executor that was killed left on the
 * device is taken away. Throws where the line is something else.
 */
export function openPodNetwork(line: string, logger: Logger, run: IpCommand = ip): PodNetwork {
  const [, first = '', bits = '', device = ''] = /^([\d.]+)\/(\d+)\s+(\S+)\s*$/.exec(line) ?? [];
  const base = toNumber(first);
  const size = 2 ** (32 - Number(bits));
  if (base === undefined || bits === '' || Number(bits) > 30)
    throw new Error(`"${line.trim()}" is no network of pods: it takes RANGE/BITS DEVICE, as 172.30.1.128/25 docker0`);
  const used = new Set<string>();
  const inRange = (address: string): boolean => {
    const number = toNumber(address);
    return number !== undefined && number >= base && number < base + size;
  };
  const remove = (address: string): void => {
    const wrong = run(['address', 'del', `${address}/32`, 'dev', device]);
    if (wrong !== undefined) logger.warn({ address, wrong }, 'the address of a pod cannot be taken back');
  };
  for (const { address } of networkInterfaces()[device] ?? []) if (inRange(address)) remove(address);
  return {
    take() {
      // Neither the first nor the last of the range, which some take for the network's own.
      for (let offset = 1; offset < size - 1; offset += 1) {
        const address = toAddress(base + offset);
        if (used.has(address)) continue;
        const wrong = run(['address', 'add', `${address}/32`, 'dev', device]);
        if (wrong !== undefined) {
          logger.warn({ address, wrong }, 'a pod gets no address of its own');
          return undefined;
        }
        used.add(address);
        return address;
      }
      return undefined;
    },
    release(address) {
      if (used.delete(address)) remove(address);
    },
  };
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
