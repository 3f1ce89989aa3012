import { silentLogger } from '@kmd/kube-client';
import { describe, expect, it } from 'vitest';
import { openPodNetwork } from './pod-network.js';

describe("an agent's network of pods", () => {
  const open = (line: string, refuses: () => string | undefined = () => undefined) => {
    const commands: string[] = [];
    const network = openPodNetwork(line, silentLogger, (args) => {
      commands.push(args.join(' '));
      return refuses();
    });
    return { network, commands };
  };

  it('gives addresses of the range, each to the device, and takes them back for others', () => {
    const { network, commands } = open('172.30.1.128/29 docker0\n');
    const taken = Array.from({ length: 6 }, () => network.take());
    expect(taken).toEqual([129, 130, 131, 132, 133, 134].map((last) => `172.30.1.${last}`));
    expect(network.take()).toBeUndefined();
    network.release('172.30.1.131');
    network.release('10.0.0.1');
    expect(network.take()).toBe('172.30.1.131');
    expect(commands.slice(5)).toEqual([
      'address add 172.30.1.134/32 dev docker0',
      'address del 172.30.1.131/32 dev docker0',
      'address add 172.30.1.131/32 dev docker0',
    ]);
  });

  it('gives none where the machine does not let it', () => {
    const { network } = open('172.30.1.128/25 docker0', () => 'Operation not permitted');
    expect(network.take()).toBeUndefined();
  });

  it('takes away what an executor before left on the device', () => {
    // The loopback device of every machine has this one.
    const { commands } = open('127.0.0.0/30 lo');
    expect(commands).toEqual(['address del 127.0.0.1/32 dev lo']);
  });

  it.each(['', 'docker0', '172.30.1.128/25', '172.30.1.300/25 docker0', '172.30.1.0/31 docker0'])(
    'refuses %j',
    (line) => {
      expect(() => openPodNetwork(line, silentLogger)).toThrow('is no network of pods');
    },
  );
});
