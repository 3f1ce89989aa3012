import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { configMaps, subjectAccessReviews, tokenReviews, type KubeApi, type Logger } from '@kmd/kube-client';

/** Where an API server publishes, for those who stand behind it, whose client certificates it takes (`--client-ca-file`). */
const PUBLISHED = { namespace: 'kube-system', name: 'extension-apiserver-authentication', key: 'client-ca-file' };
/** Authorities change seldom; while there is none it is looked for again, but not for everybody who connects. Milliseconds. */
const AUTHORITY_AGE = 300_000;
const RETRY = 1_000;

/** Who asks, in the words of Kubernetes' reviews. */
interface User {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: string[];
  readonly extra?: Record<string, string[]>;
}

export interface Refusal {
  readonly status: 401 | 403 | 500;
  readonly text: string;
}

/**
 * Asks of each request who makes it, and whether he may, as a kubelet that lets nobody in unnamed and leaves both questions to the API server
 * (`--anonymous-auth=false --authentication-token-webhook --authorization-mode=Webhook`): people are known by a client certificate of the
 * API server's own authority, or by a bearer token, and need the right to `nodes/proxy` of the node.
 */
export class KubeletAccess {
  readonly #kube: KubeApi;
  readonly #node: string;
  readonly #logger: Logger;
  #authority: Promise<string | undefined> = Promise.resolve(undefined);
  #nextReading = 0;

  constructor({ kube, node, logger }: { kube: KubeApi; node: string; logger: Logger }) {
    this.#kube = kube;
    this.#node = node;
    this.#logger = logger;
  }

  /** PEM certificates of the authority whose client certificates count; undefined where the API server takes none, or does not say. */
  authority(): Promise<string | undefined> {
    if (Date.now() >= this.#nextReading) {
      this.#nextReading = Date.now() + RETRY;
      this.#authority = this.#readAuthority();
    }
    return this.#authority;
  }

  async #readAuthority(): Promise<string | undefined> {
    const { namespace, name, key } = PUBLISHED;
    try {
      const found = (await this.#kube.get(configMaps, name, { namespace })).data?.[key];
      if (found !== undefined) this.#nextReading = Date.now() + AUTHORITY_AGE;
      return found;
    } catch (error) {
      this.#logger.warn({ err: error, configMap: `${namespace}/${name}` }, 'client certificates cannot be checked');
      return undefined;
    }
  }

  /** Undefined: the request may be answered. */
  async refusal(request: IncomingMessage): Promise<Refusal | undefined> {
    let user: User | undefined;
    try {
      user = byCertificate(request) ?? (await this.#byToken(request));
    } catch (error) {
      this.#logger.warn({ err: error }, 'a token cannot be checked');
    }
    if (user === undefined) return { status: 401, text: 'Unauthorized' };
    try {
      return (await this.#may(user)) ? undefined : { status: 403, text: `Forbidden (${this.#question(user)})` };
    } catch (error) {
      this.#logger.warn({ err: error }, 'rights cannot be checked');
      return { status: 500, text: `Authorization error (${this.#question(user)})` };
    }
  }

  async #byToken({ headers }: IncomingMessage): Promise<User | undefined> {
    const [, token] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return undefined;
    const { status } = await this.#kube.create(tokenReviews, { spec: { token } });
    return status?.authenticated === true ? status.user : undefined;
  }

  async #may({ username, ...user }: User): Promise<boolean> {
    const resourceAttributes = {
      verb: 'get',
      version: 'v1',
      resource: 'nodes',
      subresource: 'proxy',
      name: this.#node,
    };
    const spec = { ...user, ...(username !== undefined && { user: username }), resourceAttributes };
    const { status } = await this.#kube.create(subjectAccessReviews, { spec });
    return status?.allowed === true;
  }

  #question({ username = '' }: User): string {
    return `user=${username}, verb=get, resource=nodes, subresource=proxy`;
  }
}

/** CN is the user, O his groups; TLS has checked who signed it. */
function byCertificate({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const username = [subject?.CN].flat()[0];
  if (!username) return undefined;
  return { username, groups: [...[subject.O ?? []].flat(), 'system:authenticated'] };
}
