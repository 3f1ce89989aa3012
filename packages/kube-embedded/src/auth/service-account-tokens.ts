import {
  type KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import { KubeError } from '@kmd/kube-client';
import { type JsonObject, isObject, listAt, numberAt, objectAt, textAt } from '../json/tree.js';
import type { User } from '../requests/backend.js';

/** With what tokens of service accounts are signed and checked. */
export interface ServiceAccountKeys {
  /** Private key, PEM: P-256, P-384 or RSA. One that lives as long as the server when left out. */
  key?: string;
  /** More public keys whose tokens are taken, PEM: those of before a change of the key. */
  publicKeys?: readonly string[];
  /** `iss` of the tokens, and their audience where none is asked for. `https://kubernetes.default.svc.cluster.local` by default. */
  issuer?: string;
}

/** What a token is bound to: it is worth nothing once that is gone. */
export interface TokenClaims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  /** Seconds. */
  readonly lifetime: number;
  readonly bound?: { readonly kind: string; readonly name: string; readonly uid: string };
}

export interface CheckedToken {
  readonly user: User;
  readonly audiences: readonly string[];
}

/** Makes and checks the tokens of service accounts: JSON Web Tokens (RFC 7519) with the claims of the real server. */
export interface ServiceAccountTokens {
  readonly issuer: string;
  issue(claims: TokenClaims, now: Date): string;
  /** Undefined for what is no token of this server, ended, or bound to what is gone. Without `audiences` those of the server are expected. */
  check(token: string, now: Date, audiences?: readonly string[]): CheckedToken | undefined;
  /** What its keys sign with: `RS256`, `ES256`. */
  readonly algorithms: readonly string[];
  /** Public keys as a JSON Web Key Set (RFC 7517), as `/openid/v1/jwks` tells them. */
  keySet(): object;
}

/** Finds an object that a token names: its uid, or undefined when there is none. */
export type FindUid = (store: string, namespace: string, name: string) => string | undefined;

const algorithms: Readonly<Record<string, { name: string; hash: string }>> = {
  rsa: { name: 'RS256', hash: 'sha256' },
  prime256v1: { name: 'ES256', hash: 'sha256' },
  secp384r1: { name: 'ES384', hash: 'sha384' },
};

interface Key {
  readonly id: string;
  readonly algorithm: { name: string; hash: string };
  readonly publicKey: KeyObject;
}

function keyOf(publicKey: KeyObject): Key {
  const algorithm = algorithms[publicKey.asymmetricKeyDetails?.namedCurve ?? publicKey.asymmetricKeyType ?? ''];
  if (!algorithm) {
    throw new KubeError(
      0,
      'InvalidServiceAccountKey',
      `a key of type ${publicKey.asymmetricKeyType ?? 'unknown'} cannot sign tokens of service accounts: use P-256, P-384 or RSA`,
    );
  }
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  return { id, algorithm, publicKey };
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Where objects of the kinds that a token can be bound to are kept. */
const boundStores: Readonly<Record<string, string>> = { pod: 'pods', secret: 'secrets', node: 'nodes' };

/** The user that a service account is. */
export const serviceAccountUser = (namespace: string, name: string, uid: string, extra?: User['extra']): User => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  uid,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  ...(extra === undefined ? {} : { extra }),
});

export function createServiceAccountTokens(options: ServiceAccountKeys, findUid: FindUid): ServiceAccountTokens {
  const issuer = options.issuer ?? 'https://kubernetes.default.svc.cluster.local';
  let made: { privateKey: KeyObject; keys: readonly Key[] } | undefined;
  // A key is made at the first use only: most starts need none.
  const keys = (): { privateKey: KeyObject; keys: readonly Key[] } => {
    if (made) return made;
    try {
      const privateKey =
        options.key === undefined
          ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
          : createPrivateKey(options.key);
      const all = [createPublicKey(privateKey), ...(options.publicKeys ?? []).map((pem) => createPublicKey(pem))];
      return (made = { privateKey, keys: all.map(keyOf) });
    } catch (cause) {
      if (cause instanceof KubeError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new KubeError(0, 'InvalidServiceAccountKey', `the key of service accounts cannot be used: ${why}`, {
        cause,
      });
    }
  };
  if (options.key !== undefined) keys();

  return {
    issuer,
    get algorithms() {
      return [...new Set(keys().keys.map(({ algorithm }) => algorithm.name))].sort();
    },
    issue({ namespace, name, uid, audiences, lifetime, bound }, now) {
      const { privateKey, keys: known } = keys();
      const [own] = known;
      if (!own) throw new KubeError(500, 'InternalError', 'there is no key to sign tokens with');
      const seconds = Math.floor(now.getTime() / 1000);
      const claims = {
        aud: audiences,
        exp: seconds + lifetime,
        iat: seconds,
        iss: issuer,
        jti: randomUUID(),
        'kubernetes.io': {
          namespace,
          ...(bound ? { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } } : {}),
          serviceaccount: { name, uid },
        },
        nbf: seconds,
        sub: `system:serviceaccount:${namespace}:${name}`,
      };
      const text = `${encode({ alg: own.algorithm.name, kid: own.id })}.${encode(claims)}`;
      const signature = sign(own.algorithm.hash, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },

    check(token, now, audiences = [issuer]) {
      const [head = '', body = '', signature = '', ...rest] = token.split('.');
      if (signature === '' || rest.length > 0) return undefined;
      const header = decode(head);
      const id = textAt(header, 'kid');
      const key = keys().keys.find((known) => known.id === id && known.algorithm.name === textAt(header, 'alg'));
      const data = Buffer.from(`${head}.${body}`);
      if (!key) return undefined;
      const verifying = { key: key.publicKey, dsaEncoding: 'ieee-p1363' as const };
      if (!verify(key.algorithm.hash, data, verifying, Buffer.from(signature, 'base64url'))) return undefined;
      const claims = decode(body);
      const seconds = now.getTime() / 1000;
      if (textAt(claims, 'iss') !== issuer) return undefined;
      if (seconds >= (numberAt(claims, 'exp') ?? 0) || seconds < (numberAt(claims, 'nbf') ?? 0)) return undefined;
      const meant = listAt(claims, 'aud').filter((item) => typeof item === 'string');
      const common = meant.filter((item) => audiences.includes(item));
      if (common.length === 0) return undefined;
      const about = objectAt(claims, 'kubernetes.io');
      const namespace = textAt(about, 'namespace') ?? '';
      const name = textAt(about, 'serviceaccount', 'name') ?? '';
      const uid = textAt(about, 'serviceaccount', 'uid') ?? '';
      if (uid === '' || findUid('serviceaccounts', namespace, name) !== uid) return undefined;
      const extra: Record<string, readonly string[]> = {
        'authentication.kubernetes.io/credential-id': [`JTI=${textAt(claims, 'jti') ?? ''}`],
      };
      for (const [kind, store] of Object.entries(boundStores)) {
        const bound = objectAt(about, kind);
        if (!bound) continue;
        const boundName = textAt(bound, 'name') ?? '';
        const boundUid = textAt(bound, 'uid') ?? '';
        if (findUid(store, kind === 'node' ? '' : namespace, boundName) !== boundUid) return undefined;
        extra[`authentication.kubernetes.io/${kind}-name`] = [boundName];
        extra[`authentication.kubernetes.io/${kind}-uid`] = [boundUid];
      }
      return { user: serviceAccountUser(namespace, name, uid, extra), audiences: common };
    },

    keySet: () => ({
      keys: keys().keys.map(({ id, algorithm, publicKey }) => ({
        use: 'sig',
        kid: id,
        alg: algorithm.name,
        ...publicKey.export({ format: 'jwk' }),
      })),
    }),
  };
}
