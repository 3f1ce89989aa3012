import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { User } from '../requests/backend.js';

/** A bearer token and whom it stands for, as a line of the token file has them. */
export interface TokenUser {
  readonly token: string;
  readonly user: string;
  readonly uid: string;
  readonly groups?: readonly string[];
}

/** A name and password, as a line of the basic-auth file has them. */
export interface PasswordUser {
  readonly username: string;
  readonly password: string;
  readonly uid: string;
  readonly groups?: readonly string[];
}

export interface Credentials {
  readonly tokens: readonly TokenUser[];
  readonly users: readonly PasswordUser[];
  /** Whether client certificates are asked for and were checked by the TLS layer. */
  readonly certificates: boolean;
  /** Tokens that are no entry of `tokens`: those of service accounts. */
  byToken?(token: string): User | undefined;
}

export type Authenticate = (request: IncomingMessage) => User | undefined;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const authenticated = (username: string, uid: string, groups: readonly string[] = []): User => ({
  username,
  uid,
  groups: [...groups, 'system:authenticated'],
});

/**
 * Finds out who makes a request: by client certificate (CN is the user, O the groups), bearer token, or name and password.
 * Undefined is nobody: there are no anonymous users. Secrets are compared by their digests in constant time, and every entry
 * is compared, so that time tells nothing.
 */
export function createAuthenticator(credentials: Credentials): Authenticate {
  const tokens = credentials.tokens.map(({ token, user, uid, groups }) => ({
    secret: digest(token),
    user: authenticated(user, uid, groups),
  }));
  const users = credentials.users.map(({ username, password, uid, groups }) => ({
    secret: digest(`${username}\0${password}`),
    user: authenticated(username, uid, groups),
  }));
  const find = (entries: readonly { secret: Buffer; user: User }[], offered: string): User | undefined => {
    const secret = digest(offered);
    let found: User | undefined;
    for (const entry of entries) if (timingSafeEqual(entry.secret, secret)) found = entry.user;
    return found;
  };
  return (request) => {
    if (credentials.certificates) {
      const known = byCertificate(request);
      if (known) return known;
    }
    const header = request.headers.authorization ?? '';
    const [scheme = '', offered = ''] = header.split(/ +/);
    if (offered === '') return undefined;
    if (scheme.toLowerCase() === 'bearer') return find(tokens, offered) ?? credentials.byToken?.(offered);
    if (scheme.toLowerCase() !== 'basic') return undefined;
    const pair = Buffer.from(offered, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    return colon < 0 ? undefined : find(users, `${pair.slice(0, colon)}\0${pair.slice(colon + 1)}`);
  };
}

function byCertificate({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  // A connection without a client certificate has an empty one.
  if (subject === undefined) return undefined;
  const name = [subject.CN].flat()[0];
  if (name === undefined || name === '') return undefined;
  const groups = subject.O === undefined ? [] : [subject.O].flat();
  return authenticated(name, '', groups);
}

/** Who everyone is on the insecure port, and in the server's own process. */
export const insecureUser: User = {
  username: 'system:unsecured',
  uid: '',
  groups: ['system:masters', 'system:authenticated'],
};
