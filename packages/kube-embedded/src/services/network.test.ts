import { describe, expect, it } from 'vitest';
import { createServiceNetwork } from './network.js';

describe('service addresses', () => {
  it('gives the upper part of the range first and the lower part when that is used up', () => {
    const network = createServiceNetwork('10.10.10.0/24', '30000-32767');
    expect(network.first).toBe('10.10.10.1');
    const used = new Set([network.first]);
    const given: string[] = [];
    for (let address = network.nextAddress(used); address !== undefined; address = network.nextAddress(used)) {
      given.push(address);
      used.add(address);
    }
    expect(given[0]).toBe('10.10.10.17');
    expect(given).toHaveLength(253);
    expect(used.has('10.10.10.255') || used.has('10.10.10.0')).toBe(false);
    expect(given.indexOf('10.10.10.10')).toBeGreaterThan(given.indexOf('10.10.10.254'));
  });

  it('gives each node port once', () => {
    const network = createServiceNetwork('10.10.10.0/24', '30000-30040');
    const used = new Set<number>();
    for (let port = network.nextPort(used); port !== undefined; port = network.nextPort(used)) used.add(port);
    expect(used.size).toBe(41);
  });

  it.each([
    ['10.10.10.0', '30000-32767'],
    ['10.10.10.0/33', '30000-32767'],
    ['fd00::/64', '30000-32767'],
    ['10.10.10.0/24', '30000'],
    ['10.10.10.0/24', '32767-30000'],
  ])('refuses %s with ports %s, and says how to write it', (cidr, ports) => {
    expect(() => createServiceNetwork(cidr, ports)).toThrowError(/such as/);
  });
});
