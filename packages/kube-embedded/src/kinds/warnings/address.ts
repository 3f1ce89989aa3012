import { isIPv4, isIPv6 } from 'node:net';
import { isMapped, parseAddress, parseRange, printAddress } from '../../json/address.js';

const future = 'will be considered invalid in a future Kubernetes release: use';

/** An address in a form that is taken only for old times' sake, or not in the one form that it should have. */
export function warnOfAddress(field: string, value: string): readonly string[] {
  const address = parseAddress(value);
  if (!address) return [];
  const plain = printAddress(address);
  if (isMapped(address) || !(isIPv4(value) || isIPv6(value))) {
    return [`${field}: non-standard IP address "${value}" ${future} "${plain}"`];
  }
  return address.length === 16 && plain !== value
    ? [`${field}: IPv6 address "${value}" should be in RFC 5952 canonical format ("${plain}")`]
    : [];
}

/** A range of addresses in such a form, or one that may be meant as a single address. */
export function warnOfRange(field: string, value: string): readonly string[] {
  const range = parseRange(value);
  if (!range) return [];
  const { address, bits, network } = range;
  // An IPv4 range in the form of an IPv6 one is printed as what it is.
  const whole = `${printAddress(network)}/${isMapped(network) ? bits - 96 : bits}`;
  const [before = '', digits = ''] = value.split('/');
  const warnings: string[] = [];
  if (address.some((byte, index) => byte !== network[index])) {
    const single = `${printAddress(address)}/${address.length * 8}`;
    warnings.push(
      `${field}: CIDR value "${value}" is ambiguous in this context (should be "${whole}" or "${single}"?)`,
    );
  }
  if (isMapped(address) || !(isIPv4(before) || isIPv6(before)) || digits !== String(bits)) {
    warnings.push(`${field}: non-standard CIDR value "${value}" ${future} "${whole}"`);
  }
  if (warnings.length === 0 && address.length === 16 && value !== whole) {
    warnings.push(`${field}: IPv6 CIDR value "${value}" should be in RFC 5952 canonical format ("${whole}")`);
  }
  return warnings;
}
