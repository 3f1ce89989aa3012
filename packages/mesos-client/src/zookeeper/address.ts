import { MesosSyntaxError } from '../errors.js';

/** A server of a ZooKeeper ensemble. */
export interface ZooKeeperServer {
  readonly host: string;
  readonly port: number;
}

/** What `zk://user:password@host:port,host:port/path` says. */
export interface ZooKeeperAddress {
  readonly servers: readonly ZooKeeperServer[];
  /** Where the masters announce themselves: absolute, without a slash at the end. */
  readonly path: string;
  /** For the `digest` scheme: `user:password`. */
  readonly credentials: string | undefined;
}

const DEFAULT_PORT = 2181;
const ADVICE = 'write zk://host:port,host:port/path';

/**
 * Reads the address that Mesos takes for `--zk` and `--master`.
 *
 * ```ts
 * parseZooKeeperAddress('zk://ops:secret@zk1:2181,zk2/mesos').path; // '/mesos'
 * ```
 */
export function parseZooKeeperAddress(text: string): ZooKeeperAddress {
  const fail = (position: number, reason: string): never => {
    // Errors are logged: the secret is not for logs.
    const shown = text.replace(/^(zk:\/\/)[^@/]*@/, (all, scheme: string) => scheme + '*'.repeat(all.length - 6) + '@');
    throw new MesosSyntaxError('ZooKeeper address', shown, position, reason, ADVICE);
  };
  if (!text.startsWith('zk://')) fail(0, 'it does not begin with zk://');
  const slash = text.indexOf('/', 5);
  if (slash < 0) return fail(text.length, 'the path is missing');
  const authority = text.slice(5, slash);
  const at = authority.lastIndexOf('@');
  const credentials = at < 0 ? undefined : authority.slice(0, at);
  if (credentials !== undefined && !credentials.includes(':')) fail(5, 'the credentials are not user:password');
  const path = text.slice(slash).replace(/\/+$/, '');
  if (path === '') fail(slash, 'the path is /, where masters cannot announce themselves');
  if (path.includes('//')) fail(slash + path.indexOf('//'), 'the path has an empty part');
  let position = 5 + at + 1;
  const servers = authority
    .slice(at + 1)
    .split(',')
    .map((entry) => {
      const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry.trim()) ?? [];
      const host = bracketed ?? plain;
      const number = port === undefined ? DEFAULT_PORT : Number(port);
      if (host === undefined) return fail(position, `${JSON.stringify(entry)} is not host:port`);
      if (number < 1 || number > 65_535) return fail(position, `${number} is no port`);
      position += entry.length + 1;
      return { host, port: number };
    });
  return { servers, path, credentials };
}
