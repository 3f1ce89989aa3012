import { KubeError } from '@kmd/kube-client';

/** IPv4 addresses of services, and ports on nodes: the ranges, and which one to give next. */
export interface ServiceNetwork {
  /** The range in CIDR notation. */
  readonly cidr: string;
  /** The first address: the service `kubernetes`. */
  readonly first: string;
  includes(address: string): boolean;
  /** A free address, outside the range's lower part, which is left to addresses asked for by number while others are free. */
  nextAddress(used: ReadonlySet<string>): string | undefined;
  readonly ports: { readonly low: number; readonly high: number };
  nextPort(used: ReadonlySet<number>): number | undefined;
}

const toNumber = (address: string): number | undefined => {
  const parts = address.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  if (parts.length !== 4 || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

const toText = (value: number): string =>
  [value / 2 ** 24, value / 2 ** 16, value / 2 ** 8, value].map((part) => Math.floor(part) % 256).join('.');

/** Size of the part of a range that is handed out last: min(max(16, size / step), most), as the real allocators have it. */
const reserved = (size: number, step: number, most: number): number =>
  Math.min(Math.max(16, Math.floor(size / step)), most, size);

export function createServiceNetwork(cidr: string, portRange: string): ServiceNetwork {
  const [base = '', bits = ''] = cidr.split('/');
  const start = toNumber(base);
  const prefix = Number(bits);
  if (start === undefined || !/^\d+$/.test(bits) || prefix < 8 || prefix > 30) {
    throw new KubeError(
      0,
      'InvalidServiceCidr',
      `serviceCidr "${cidr}": write an IPv4 range of /8 to /30, such as 10.10.10.0/24`,
    );
  }
  const size = 2 ** (32 - prefix);
  const network = Math.floor(start / size) * size;
  const range = /^(\d+)-(\d+)$/.exec(portRange);
  const low = Number(range?.[1]);
  const high = Number(range?.[2]);
  if (!range || low < 1 || high > 65535 || low > high) {
    throw new KubeError(
      0,
      'InvalidNodePortRange',
      `nodePortRange "${portRange}": write two ports, such as 30000-32767`,
    );
  }
  // Neither the network's own address nor the broadcast address is given.
  const usable = size - 2;
  let nextOffset = reserved(usable, 16, 256);
  let nextPort = reserved(high - low + 1, 32, 128);

  const pick = <T>(count: number, from: number, free: (offset: number) => T | undefined): [T, number] | undefined => {
    for (let step = 0; step < count; step++) {
      const offset = (from + step) % count;
      const found = free(offset);
      if (found !== undefined) return [found, offset + 1];
    }
    return undefined;
  };

  return {
    cidr,
    first: toText(network + 1),
    includes(address) {
      const value = toNumber(address);
      return value !== undefined && value > network && value < network + size - 1;
    },
    nextAddress(used) {
      const found = pick(usable, nextOffset, (offset) => {
        const address = toText(network + 1 + offset);
        return used.has(address) ? undefined : address;
      });
      if (!found) return undefined;
      nextOffset = found[1] >= usable ? reserved(usable, 16, 256) % usable : found[1];
      return found[0];
    },
    ports: { low, high },
    nextPort(used) {
      const count = high - low + 1;
      const found = pick(count, nextPort, (offset) => (used.has(low + offset) ? undefined : low + offset));
      if (!found) return undefined;
      nextPort = found[1] >= count ? reserved(count, 32, 128) % count : found[1];
      return found[0];
    },
  };
}
