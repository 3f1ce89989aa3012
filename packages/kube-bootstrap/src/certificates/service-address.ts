import { isIP } from 'node:net';
import { CredentialsError } from './errors.js';

/** The first address of the services' range: the address of the service `kubernetes`. `10.10.10.0/24` gives `10.10.10.1`. */
export function firstServiceAddress(cidr: string): string {
  const [address = '', prefix = ''] = cidr.split('/');
  const version = isIP(address);
  const bits = version === 6 ? 128 : 32;
  const length = Number(prefix);
  // An apiserver wants at least four addresses: kubernetes, the DNS server and some services.
  if (version === 0 || !/^\d+$/.test(prefix) || length > bits - 2)
    throw new CredentialsError(
      'CREDENTIALS_INVALID',
      `"${cidr}" is no range of service addresses: give one such as 10.10.10.0/24`,
    );
  const hostBits = BigInt(bits - length);
  const first = ((toNumber(address) >> hostBits) << hostBits) + 1n;
  return version === 4 ? toIPv4(first) : toIPv6(first);
}

function toNumber(address: string): bigint {
  if (isIP(address) === 4) return address.split('.').reduce((all, part) => (all << 8n) + BigInt(part), 0n);
  // The URL parser knows every way of writing an IPv6 address, and prints one.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const middle = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].reduce((all, part) => (all << 16n) + BigInt(`0x${part}`), 0n);
}

const toIPv4 = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');

function toIPv6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  return new URL(`http://[${parts.join(':')}]`).hostname.slice(1, -1);
}
