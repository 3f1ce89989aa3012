import { isIP } from 'node:net';
import { type Address, type Range, isMapped, parseAddress, parseRange, printAddress } from '../../json/address.js';
import { readQuantity } from '../../json/quantity.js';
import {
  type NameRule,
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelText,
  qualified,
} from '../../kinds/validation/name.js';
import { CelEvaluationError } from '../errors.js';
import { type Opaque, type Value, optional } from '../value.js';
import { int } from './operators.js';
import { type Overload, global, method } from './overload.js';
import { readTimestamp } from './time.js';

/** Userinfo, and the host: an address in brackets or a name, and a port. */
const authorityForm =
  /^(?:[\w.:~!$&'()*+,;=%@-]*@)?(?<host>(?:\[(?<address>[^\]]*)\]|(?<name>[\w.~!$&'()*+,;=<>"%\u0080-\uffff-]*))(?::(?<port>\d*))?)$/;

/** A URL as Go's `url.ParseRequestURI` takes it: absolute, or an absolute path. Undefined when it is none. */
function parseUrl(text: string) {
  if (text === '' || /[\0-\x1f\x7f]/.test(text)) return undefined;
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z\d+.-]*):)?(.*)$/s.exec(text) ?? [];
  const [before = ''] = rest.split('?', 1);
  const known = { scheme: scheme.toLowerCase(), query: rest.slice(before.length + 1) };
  // `mailto:me` is a URL without a host or a path.
  if (!before.startsWith('/'))
    return scheme === '' ? undefined : { ...known, host: '', hostname: '', port: '', path: '' };
  const [, authority = '', path = before] = (scheme === '' ? undefined : /^\/\/([^/]*)(.*)$/s.exec(before)) ?? [];
  const parts = authorityForm.exec(authority)?.groups;
  if (!parts || /%(?![\da-fA-F]{2})/.test(path)) return undefined;
  const { host = '', address, name = '', port = '' } = parts;
  return { ...known, host, hostname: address ?? name, port, path };
}
type Parsed = NonNullable<ReturnType<typeof parseUrl>>;

function urlOf(text: string): Parsed {
  const url = parseUrl(text);
  if (!url)
    throw new CelEvaluationError(
      `URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`,
    );
  return url;
}

function escapedPath(path: string): string {
  return path.replace(/[^\w!$&'()*+,\-./:;=@~%]/gsu, (letter) => encodeURIComponent(letter));
}

function queryOf(query: string): ReadonlyMap<Value, Value> {
  const map = new Map<Value, string[]>();
  for (const [key, value] of new URLSearchParams(query)) map.set(key, [...(map.get(key) ?? []), value]);
  return map;
}

const urls: readonly Overload[] = [
  global('url', ['string'], 'url', (value) => (urlOf(value), { type: 'url', value })),
  global('isURL', ['string'], 'bool', (text) => parseUrl(text) !== undefined),
  method('getScheme', ['url'], 'string', ({ value }) => urlOf(value).scheme),
  method('getHost', ['url'], 'string', ({ value }) => urlOf(value).host),
  method('getHostname', ['url'], 'string', ({ value }) => urlOf(value).hostname),
  method('getPort', ['url'], 'string', ({ value }) => urlOf(value).port),
  method('getEscapedPath', ['url'], 'string', ({ value }) => escapedPath(urlOf(value).path)),
  method('getQuery', ['url'], 'map<string,list<string>>', ({ value }) => queryOf(urlOf(value).query)),
];

const unit = 1_000_000_000n;
const quantityOf = (value: bigint): Value => ({ type: 'quantity', value });

const quantities: readonly Overload[] = [
  global('quantity', ['string'], 'quantity', (text) => {
    const value = readQuantity(text);
    if (value === undefined) {
      throw new CelEvaluationError(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
    return quantityOf(value);
  }),
  global('isQuantity', ['string'], 'bool', (text) => readQuantity(text) !== undefined),
  method('sign', ['quantity'], 'int', ({ value }) => (value > 0n ? 1n : value < 0n ? -1n : 0n)),
  method(
    'isInteger',
    ['quantity'],
    'bool',
    ({ value }) => value % unit === 0n && BigInt.asIntN(64, value / unit) === value / unit,
  ),
  method('asInteger', ['quantity'], 'int', ({ value }) => {
    if (value % unit !== 0n) throw new CelEvaluationError('cannot convert value to integer');
    return int(value / unit);
  }),
  method('asApproximateFloat', ['quantity'], 'double', ({ value }) => Number(value) / Number(unit)),
  method('add', ['quantity', 'quantity'], 'quantity', (one, other) => quantityOf(one.value + other.value)),
  method('add', ['quantity', 'int'], 'quantity', (one, other) => quantityOf(one.value + other * unit)),
  method('sub', ['quantity', 'quantity'], 'quantity', (one, other) => quantityOf(one.value - other.value)),
  method('sub', ['quantity', 'int'], 'quantity', (one, other) => quantityOf(one.value - other * unit)),
  method('isGreaterThan', ['quantity', 'quantity'], 'bool', (one, other) => one.value > other.value),
  method('isLessThan', ['quantity', 'quantity'], 'bool', (one, other) => one.value < other.value),
  method('compareTo', ['quantity', 'quantity'], 'int', (one, other) =>
    one.value < other.value ? -1n : one.value > other.value ? 1n : 0n,
  ),
];

/** As Go's `netip` reads an address: no zeros lead, no zone, no IPv4 address as an IPv6 one. */
function addressOf(text: string): Address | undefined {
  const address = isIP(text) === 0 ? undefined : parseAddress(text);
  return address && !isMapped(address) ? address : undefined;
}

function rangeOf(text: string): Range | undefined {
  const [address = '', bits = '', ...more] = text.split('/');
  if (more.length > 0 || !/^(0|[1-9]\d*)$/.test(bits) || !addressOf(address)) return undefined;
  return parseRange(text);
}

const ipOf = (address: Address): Opaque & { readonly type: 'ip' } => ({
  type: 'ip',
  value: printAddress(address),
  address,
});
const cidrOf = (range: Range): Opaque & { readonly type: 'cidr' } => ({
  type: 'cidr',
  value: `${printAddress(range.address)}/${range.bits}`,
  range,
});

function ip(text: string) {
  const address = addressOf(text);
  if (!address) {
    throw new CelEvaluationError(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    );
  }
  return ipOf(address);
}

function cidr(text: string) {
  const range = rangeOf(text);
  if (!range) {
    throw new CelEvaluationError(
      `network address parse error during conversion from string: netip.ParsePrefix(${JSON.stringify(text)}): invalid CIDR address`,
    );
  }
  return cidrOf(range);
}

/** Whether an address is in a range. */
const contains = ({ network, bits }: Range, address: Address): boolean =>
  network.length === address.length && printAddress(networkOf(address, bits)) === printAddress(network);

const networkOf = (address: Address, bits: number): Address =>
  parseRange(`${printAddress(address)}/${bits}`)?.network ?? address;

const containsRange = (outer: Range, inner: Range): boolean =>
  outer.bits <= inner.bits && contains(outer, inner.network);

const isZero = (address: Address): boolean => address.every((byte) => byte === 0);
const isLoopback = (address: Address): boolean =>
  address.length === 4 ? address[0] === 127 : isZero(address.slice(0, 15)) && address[15] === 1;
const isLinkLocal = ([first = 0, second = 0, ...rest]: Address): boolean =>
  rest.length === 2 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
const isMulticast = ([first = 0, ...rest]: Address): boolean =>
  rest.length === 3 ? first >> 4 === 14 : first === 0xff;
const isLinkLocalMulticast = ([first = 0, second = 0, third = 0, ...rest]: Address): boolean =>
  rest.length === 1 ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 15) === 2;
const isBroadcast = (address: Address): boolean => address.length === 4 && address.every((byte) => byte === 255);

const addresses: readonly Overload[] = [
  global('ip', ['string'], 'ip', ip),
  global('isIP', ['string'], 'bool', (text) => addressOf(text) !== undefined),
  global('ip.isCanonical', ['string'], 'bool', (text) => ip(text).value === text),
  global('string', ['ip'], 'string', ({ value }) => value),
  method('family', ['ip'], 'int', ({ address }) => (address.length === 4 ? 4n : 6n)),
  method('isUnspecified', ['ip'], 'bool', ({ address }) => isZero(address)),
  method('isLoopback', ['ip'], 'bool', ({ address }) => isLoopback(address)),
  method('isLinkLocalMulticast', ['ip'], 'bool', ({ address }) => isLinkLocalMulticast(address)),
  method('isLinkLocalUnicast', ['ip'], 'bool', ({ address }) => isLinkLocal(address)),
  method('isGlobalUnicast', ['ip'], 'bool', ({ address }) =>
    [isZero, isBroadcast, isLoopback, isMulticast, isLinkLocal].every((excluded) => !excluded(address)),
  ),
  global('cidr', ['string'], 'cidr', cidr),
  global('isCIDR', ['string'], 'bool', (text) => rangeOf(text) !== undefined),
  global('string', ['cidr'], 'string', ({ value }) => value),
  method('ip', ['cidr'], 'ip', ({ range }) => ipOf(range.address)),
  method('masked', ['cidr'], 'cidr', ({ range }) => cidrOf({ ...range, address: range.network })),
  method('prefixLength', ['cidr'], 'int', ({ range }) => BigInt(range.bits)),
  method('containsIP', ['cidr', 'ip'], 'bool', ({ range }, { address }) => contains(range, address)),
  method('containsIP', ['cidr', 'string'], 'bool', ({ range }, text) => contains(range, ip(text).address)),
  method('containsCIDR', ['cidr', 'cidr'], 'bool', (outer, inner) => containsRange(outer.range, inner.range)),
  method('containsCIDR', ['cidr', 'string'], 'bool', ({ range }, text) => containsRange(range, cidr(text).range)),
];

/** Names that something is to be appended to may end with a hyphen. */
const prefixOf =
  (rule: NameRule): NameRule =>
  (text) =>
    rule(text.replace(/-$/, 'a'));

const form =
  (pattern: RegExp, why: string): NameRule =>
  (text) =>
    pattern.test(text) ? [] : [why];

const formats: Readonly<Record<string, NameRule>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label,
  qualifiedName: qualified,
  dns1123LabelPrefix: prefixOf(dnsLabel),
  dns1123SubdomainPrefix: prefixOf(dnsSubdomain),
  dns1035LabelPrefix: prefixOf(dns1035Label),
  labelValue: labelText,
  uri: (text) => (parseUrl(text) ? [] : [`parse ${JSON.stringify(text)}: invalid URI for request`]),
  uuid: form(/^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i, 'does not match the UUID format'),
  byte: form(/^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=|[A-Za-z\d+/]{4})$/, 'invalid base64'),
  date: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && readTimestamp(`${text}T00:00:00Z`) ? [] : ['invalid date']),
  datetime: (text) => (readTimestamp(text) ? [] : ['invalid datetime']),
};

const names: readonly Overload[] = [
  ...Object.keys(formats).map((name) =>
    global(`format.${name}`, [], 'format', () => ({ type: 'format', value: name })),
  ),
  global('format.named', ['string'], 'optional<format>', (name) =>
    Object.hasOwn(formats, name) ? optional({ type: 'format', value: name }) : optional(),
  ),
  method('validate', ['format', 'string'], 'optional<list<string>>', ({ value }, text) => {
    const problems = formats[value]?.(text) ?? [];
    return problems.length === 0 ? optional() : optional(problems);
  }),
];

/** What Kubernetes adds to CEL: URLs, quantities, addresses, and the forms of names. */
export const kubernetes: readonly Overload[] = [...urls, ...quantities, ...addresses, ...names];
