import { mediaTypeOf, type CodecOptions } from '../codec/codec.js';
import { silentLogger, type Logger } from '../logger.js';
import type { Exchange } from './answer.js';
import { Authorizer, type Credentials } from './credentials.js';
import { ProtocolError } from './errors.js';
import type { LeaderDetector } from './leader-detector.js';
import { createNodeTransport, type TlsOptions } from './node-transport.js';
import type { Transport, TransportRequest } from './transport.js';

/** How to reach masters. */
export interface EndpointOptions extends CodecOptions {
  /**
   * `http://host:port` of the master, or of each master: the leader is found by asking them in turn. Or who knows the leader, for instance
   * `createZooKeeperDetector` of `@kmd/mesos-client/zookeeper`.
   */
  master: string | readonly string[] | LeaderDetector;
  credentials?: Credentials | undefined;
  tls?: TlsOptions | undefined;
  /**
   * Changes the address that a master gives for its leader, for instance where it names hosts that only a container network knows.
   * Credentials are sent to the hosts in `master`, or to those that its detector names, and, when this hook is given, to those it answers.
   */
  rewriteAddress?: ((leader: URL) => URL) | undefined;
  transport?: Transport | undefined;
  logger?: Logger | undefined;
  /** Milliseconds to wait for the head of an answer, and for every further piece of one that is no stream. Default 75000: five heartbeats. */
  answerTimeout?: number | undefined;
  /** Bytes that an answer, or one event of a stream, may have. Default 256 MiB: the state of a very large cluster stays below it. */
  maxBytes?: number | undefined;
}

type Message = Pick<TransportRequest, 'body' | 'connection' | 'signal'> & {
  /** For errors: the type of the call. */
  what: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Follow redirects to the leader. Default true. */
  follow?: boolean;
  /** Instead of `answerTimeout`. */
  timeout?: number;
};

const MAX_HOPS = 3;
/** Before a detector has told of any master. */
const NOWHERE = new URL('http://no-leader-yet.invalid');

/** A path at the leading master, or at one agent: knows where the leader was last, follows its changes, adds credentials. */
export class Endpoint {
  readonly #candidates: readonly URL[];
  readonly #options: EndpointOptions;
  readonly #transport: Transport;
  readonly #authorizer: Authorizer;
  readonly #logger: Logger;
  readonly #path: string;
  readonly #detector: LeaderDetector | undefined;
  /** Origins besides those of `master` that get to see the credentials. */
  readonly #trusted = new Set<string>();
  #index = 0;
  #leader: URL | undefined;

  constructor(path: string, options: EndpointOptions) {
    this.#path = path;
    this.#options = options;
    this.#detector = isDetector(options.master) ? options.master : undefined;
    this.#candidates = isDetector(options.master) ? [NOWHERE] : [options.master].flat().map(parseMasterUrl);
    if (this.#candidates.length === 0) throw new TypeError('master: give at least one address, http://host:port');
    this.#transport = options.transport ?? createNodeTransport({ tls: options.tls });
    this.#logger = options.logger ?? silentLogger;
    this.#authorizer = new Authorizer(options.credentials, ({ origin }) => {
      // The scheme counts: what is meant for https is not for http.
      return this.#trusted.has(origin) || this.#candidates.some((candidate) => candidate.origin === origin);
    });
  }

  /** Where the next request goes. */
  get url(): URL {
    const candidate = this.#candidates[this.#index % this.#candidates.length] ?? NOWHERE;
    return this.#leader ?? this.#at(candidate);
  }

  /** The master failed to answer well: ask the next of the list. */
  rotate(): void {
    this.#leader = undefined;
    this.#index += 1;
  }

  /** Sends to the leader; gives every answer but redirects it can follow. */
  async send(message: Message): Promise<Exchange> {
    let url = await this.#find(message.signal);
    for (let hops = 0; ; hops += 1) {
      const exchange = await this.#authorized(url, message);
      if (exchange.response.status !== 307 || message.follow === false) return exchange;
      const location = exchange.response.headers.location;
      exchange.response.abort();
      if (location === undefined) throw new ProtocolError(url, 'a redirect without Location');
      if (hops === MAX_HOPS) throw new ProtocolError(url, `more than ${MAX_HOPS} redirects, now to ${location}`);
      url = this.#follow(location, url);
    }
  }

  /** Calls back when a detector tells of another leader than the one that answered last. Gives the function that ends that. */
  onOtherLeader(listener: () => void): () => void {
    const undo = this.#detector?.onChange((leader) => {
      if (leader !== undefined && this.#rewrite(parseMasterUrl(leader)).host !== this.url.host) listener();
    });
    return () => undo?.();
  }

  close(): void {
    if (this.#options.transport === undefined) this.#transport.close();
  }

  async #find(signal: AbortSignal | undefined): Promise<URL> {
    if (!this.#detector || this.#leader) return this.url;
    const leader = this.#rewrite(parseMasterUrl(await this.#detector.leader({ signal })));
    this.#trusted.add(leader.origin);
    this.#leader = this.#at(leader);
    return this.#leader;
  }

  /** An address may have a path of its own, for instance that of a proxy. */
  #at(address: URL): URL {
    return new URL(address.pathname.replace(/\/+$/, '') + this.#path, address);
  }

  #rewrite(announced: URL): URL {
    return this.#options.rewriteAddress?.(announced) ?? announced;
  }

  #follow(location: string, from: URL): URL {
    // Protocol-relative in recordings (`//host:port/master/api/v1/scheduler`), so https stays https.
    if (!URL.canParse(location, from.href)) throw new ProtocolError(from, `a redirect to ${JSON.stringify(location)}`);
    const announced = new URL(location, from);
    if (!/^https?:$/.test(announced.protocol)) throw new ProtocolError(from, `a redirect to ${announced.protocol}`);
    // Node would send them.
    announced.username = announced.password = '';
    const target = this.#rewrite(announced);
    if (this.#options.rewriteAddress) this.#trusted.add(target.origin);
    this.#logger.debug({ from: from.host, leader: target.host }, 'redirected to the leading master');
    this.#leader = target;
    return target;
  }

  async #authorized(url: URL, message: Message): Promise<Exchange> {
    const authorization = await this.#authorizer.headersFor(url);
    const exchange = await this.#post(url, message, authorization);
    // What an iterable has given is gone.
    const again = typeof message.body === 'string' || message.body instanceof Uint8Array;
    if (exchange.response.status !== 401 || !again || !(await this.#authorizer.refresh(authorization.Authorization)))
      return exchange;
    exchange.response.abort();
    return this.#post(url, message, await this.#authorizer.headersFor(url));
  }

  async #post(url: URL, message: Message, authorization: Record<string, string>): Promise<Exchange> {
    const { body, connection, signal, headers = {} } = message;
    const mediaType = mediaTypeOf(this.#options);
    const patience = message.timeout ?? this.#options.answerTimeout ?? 75_000;
    const response = await this.#transport.send({
      url,
      headers: { Accept: mediaType, 'Content-Type': mediaType, ...authorization, ...headers },
      body,
      connection,
      timeout: patience,
      signal,
    });
    return { url, response, patience, maxBytes: this.#options.maxBytes ?? 256 * 1024 * 1024 };
  }
}

function isDetector(master: EndpointOptions['master']): master is LeaderDetector {
  return typeof master === 'object' && 'leader' in master;
}

function parseMasterUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    const advice = text.startsWith('zk://')
      ? 'give createZooKeeperDetector(address) of @kmd/mesos-client/zookeeper'
      : 'write http://host:port';
    throw new TypeError(`master: ${JSON.stringify(withoutSecret(text))} is not an address; ${advice}`);
  }
  // Node would send them, also where `credentials` are not to be seen.
  if (url.username !== '' || url.password !== '') {
    throw new TypeError(`master: ${JSON.stringify(withoutSecret(text))} had a user in it; give { credentials }`);
  }
  return url;
}

function withoutSecret(address: string): string {
  return address.replace(/\/\/[^/]*@/, '//');
}
