import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as the real server reads one: 4 or 16 bytes. */
export type Address = readonly number[];

/** Zeros may lead the numbers of an IPv4 address, as Go once let them. Zones are no part of an address. */
export function parseAddress(text: string): Address | undefined {
  const [dotted] = /\d+(\.\d+){3}$/.exec(text) ?? [];
  const plain = dotted?.split('.').map(Number).join('.');
  const written = dotted === undefined ? text : `${text.slice(0, -dotted.length)}${plain}`;
  if (isIPv4(written)) return written.split('.').map(Number);
  return isIPv6(written) && !written.includes('%') ? bytesOf(shorten(written)) : undefined;
}

/** An IPv6 address in the form of RFC 5952, an embedded IPv4 address in hexadecimal too. */
const shorten = (text: string): string => new URL(`http://[${text}]`).hostname.slice(1, -1);

function bytesOf(text: string): Address {
  const [head = [], tail = []] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return groups.map((group) => parseInt(group, 16)).flatMap((group) => [group >> 8, group & 255]);
}

/** Whether it is an IPv4 address in the form of an IPv6 one: `::ffff:10.1.2.3`. */
export const isMapped = (address: Address): boolean =>
  address.length === 16 &&
  address.slice(0, 10).every((byte) => byte === 0) &&
  address.slice(10, 12).every((byte) => byte === 255);

/** Its one written form. That of a mapped address is the IPv4 address's. */
export function printAddress(address: Address): string {
  if (isMapped(address)) return address.slice(12).join('.');
  if (address.length === 4) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((address[2 * index] ?? 0) << 8) | (address[2 * index + 1] ?? 0)).toString(16),
  );
  return shorten(groups.join(':'));
}

/** A range of addresses in CIDR notation. */
export interface Range {
  readonly address: Address;
  readonly bits: number;
  /** The first address of the range. */
  readonly network: Address;
}

/** Zeros may lead the number of bits as well. */
export function parseRange(text: string): Range | undefined {
  const [, before = '', digits = ''] = /^([^/]+)\/(\d+)$/.exec(text) ?? [];
  const address = parseAddress(before);
  const bits = Number(digits);
  if (!address || bits > address.length * 8) return undefined;
  const network = address.map((byte, index) => byte & (0xff00 >> Math.min(Math.max(bits - 8 * index, 0), 8)) & 255);
  return { address, bits, network };
}
