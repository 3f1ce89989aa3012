import { MesosError } from '../errors.js';

/** The source of tokens failed; its error is the `cause`. Worth another try: a subscription goes on trying. */
export class CredentialsError extends MesosError {
  override readonly name = 'CredentialsError';

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super('MESOS_CREDENTIALS', `credentials.token: no token (${reason}); throw a MesosError to end a subscription`, {
      cause,
      retryable: true,
    });
  }
}

/**
 * Who the client is: a principal and its secret (HTTP Basic), or a source of tokens (HTTP Bearer), asked before the first request and
 * again after a 401.
 */
export type Credentials = { principal: string; secret: string } | { token: TokenSource };

type TokenSource = (options: { refresh: boolean }) => string | Promise<string>;

/** Makes `Authorization` headers; concurrent refreshes become one. */
export class Authorizer {
  readonly #credentials: Credentials | undefined;
  readonly #mayKnow: (url: URL) => boolean;
  #pending: Promise<string> | undefined;
  #header: string | undefined;

  /** `mayKnow` tells which servers get to see the credentials. */
  constructor(credentials: Credentials | undefined, mayKnow: (url: URL) => boolean) {
    this.#credentials = credentials;
    this.#mayKnow = mayKnow;
  }

  /** The headers to add for `url`: none where the host is not to see the credentials. */
  async headersFor(url: URL): Promise<Record<string, string>> {
    if (!this.#credentials || !this.#mayKnow(url)) return {};
    return { Authorization: this.#header ?? (await this.#fetch(this.#credentials, false)) };
  }

  /** After a 401 to `used`: true if there is another header to try. */
  async refresh(used: string | undefined): Promise<boolean> {
    const credentials = this.#credentials;
    if (!credentials || !('token' in credentials) || used === undefined) return false;
    if (this.#header !== undefined && this.#header !== used) return true;
    return (await this.#fetch(credentials, true)) !== used;
  }

  #fetch(credentials: Credentials, refresh: boolean): Promise<string> {
    this.#pending ??= this.#make(credentials, refresh).finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #make(credentials: Credentials, refresh: boolean): Promise<string> {
    const header =
      'token' in credentials
        ? `Bearer ${await this.#ask(credentials.token, refresh)}`
        : `Basic ${Buffer.from(`${credentials.principal}:${credentials.secret}`, 'utf8').toString('base64')}`;
    this.#header = header;
    return header;
  }

  async #ask(token: TokenSource, refresh: boolean): Promise<string> {
    try {
      return await token({ refresh });
    } catch (cause) {
      throw cause instanceof MesosError ? cause : new CredentialsError(cause);
    }
  }
}
