import { isIP, isIPv4 } from 'node:net';

const ip = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const cidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** What is wrong with an IP address. */
export const addressProblems = (text: string): readonly string[] => (isIP(text) === 0 ? [ip] : []);

/** What is wrong with a range of addresses. */
export function rangeProblems(text: string): readonly string[] {
  const [address = '', bits = ''] = text.split('/');
  const limit = isIPv4(address) ? 32 : 128;
  return isIP(address) !== 0 && /^\d+$/.test(bits) && Number(bits) <= limit ? [] : [cidr];
}
