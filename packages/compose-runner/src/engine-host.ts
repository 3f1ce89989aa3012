/** How an engine is reached: a socket on this machine, a TCP address, or ssh to the machine that it is on. */
export type EngineHost =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly hostname: string; readonly port: number; readonly tls: boolean }
  /** `path` is that of the engine's socket there; what `docker` takes there by default. */
  | {
      readonly kind: 'ssh';
      readonly hostname: string;
      readonly user?: string;
      readonly port?: number;
      readonly path?: string;
    };

/** A host that cannot be read; the message says which text, and what is accepted. */
export class EngineHostError extends Error {
  override readonly name = 'EngineHostError';
  readonly code = 'engine-host';
}

/**
 * Reads a host as `DOCKER_HOST` holds it: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`, `https://engine:2376`,
 * `ssh://user@machine`.
 * @param tls whether `tcp://` means TLS (`DOCKER_TLS_VERIFY`); it chooses the default port too, 2376 and not 2375
 * @throws EngineHostError
 */
export function parseEngineHost(text: string, tls = false): EngineHost {
  const wrong = (why: string): EngineHostError =>
    new EngineHostError(
      `engine host ${JSON.stringify(text)}: ${why}; unix:///path/to.sock, tcp://host:port and ssh://user@host are accepted`,
    );
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1];
  if (scheme === 'unix') {
    const path = text.slice('unix://'.length);
    if (!path.startsWith('/')) throw wrong('the path of the socket must be absolute');
    return { kind: 'socket', path };
  }
  if (scheme === undefined) throw wrong('it has no scheme');
  if (!['tcp', 'http', 'https', 'ssh'].includes(scheme)) throw wrong(`${scheme} hosts are not supported`);
  const secure = scheme === 'https' || (scheme === 'tcp' && tls);
  let url: URL;
  try {
    url = new URL(text.replace(/^(?:tcp|ssh):/, 'http:'));
  } catch (cause) {
    throw new EngineHostError(wrong('it is not a URL').message, { cause });
  }
  // Addresses of IP version 6 stand in brackets in a URL, and without them everywhere else.
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (scheme === 'ssh') {
    if (url.password !== '') throw wrong('ssh takes no password here; use a key or an agent');
    // ssh would take it for an option.
    if (/^-/.test(hostname) || /^-/.test(url.username)) throw wrong('a name begins with a letter or a digit');
    return {
      kind: 'ssh',
      hostname,
      ...(url.username !== '' && { user: decodeURIComponent(url.username) }),
      ...(url.port !== '' && { port: Number(url.port) }),
      ...(url.pathname !== '/' && url.pathname !== '' && { path: url.pathname }),
    };
  }
  const port = url.port === '' ? (secure ? 2376 : 2375) : Number(url.port);
  return { kind: 'tcp', hostname, port, tls: secure };
}

/** The host in the form of `DOCKER_HOST`. */
export function printEngineHost(host: EngineHost): string {
  if (host.kind === 'socket') return `unix://${host.path}`;
  const name = host.hostname.includes(':') ? `[${host.hostname}]` : host.hostname;
  if (host.kind === 'ssh') {
    const { user, port, path = '' } = host;
    return `ssh://${user === undefined ? '' : `${encodeURIComponent(user)}@`}${name}${port === undefined ? '' : `:${port}`}${path}`;
  }
  return `${host.tls ? 'https' : 'tcp'}://${name}:${host.port}`;
}
