import { parseAddress, parseRange } from '../../json/address.js';

const ip = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const cidr = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** What is wrong with an IP address. */
export const addressProblems = (text: string): readonly string[] => (parseAddress(text) ? [] : [ip]);

/** What is wrong with a range of addresses. */
export const rangeProblems = (text: string): readonly string[] => (parseRange(text) ? [] : [cidr]);
