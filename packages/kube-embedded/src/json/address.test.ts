import { describe, expect, it } from 'vitest';
import { isMapped, parseAddress, parseRange, printAddress } from './address.js';

const printed = (text: string): string | undefined => {
  const address = parseAddress(text);
  return address && printAddress(address);
};

describe('addresses', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['010.001.002.003', '10.1.2.3'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::', '::'],
    ['::1.2.3.4', '::102:304'],
    ['::ffff:10.1.2.03', '10.1.2.3'],
    ['fe80::1%eth0', undefined],
    ['1.2.3', undefined],
    ['1.2.3.256', undefined],
    ['x', undefined],
    ['', undefined],
  ])('%s is %s', (text, plain) => {
    expect(printed(text)).toBe(plain);
  });

  it('tells an IPv4 address in the form of an IPv6 one', () => {
    expect(['::ffff:1.2.3.4', '1.2.3.4', '::1.2.3.4'].map((text) => isMapped(parseAddress(text) ?? []))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['10.1.2.3/8', '10.0.0.0'],
    ['10.1.2.3/012', '10.0.0.0'],
    ['10.1.2.3/32', '10.1.2.3'],
    ['10.1.2.3/0', '0.0.0.0'],
    ['2001:db8:ffff::1/34', '2001:db8:c000::'],
    ['10.1.2.3/33', undefined],
    ['10.1.2.3', undefined],
    ['10.1.2.3/-1', undefined],
  ])('the range %s begins at %s', (text, network) => {
    const range = parseRange(text);
    expect(range && printAddress(range.network)).toBe(network);
  });
});
