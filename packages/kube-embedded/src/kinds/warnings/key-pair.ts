import { X509Certificate, createPrivateKey, createPublicKey } from 'node:crypto';
import { type JsonObject, objectAt, textAt } from '../../json/tree.js';

interface Block {
  readonly type: string;
  readonly text: string;
}

const blocksOf = (pem: string): readonly Block[] =>
  [...pem.matchAll(/-----BEGIN ([^-]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g)].map(([text, type = '']) => ({
    type,
    text,
  }));

const isKey = ({ type }: Block): boolean => /(^| )PRIVATE KEY$/.test(type);
const types = (blocks: readonly Block[]): string => `[${blocks.map(({ type }) => type).join(' ')}]`;

/** What Go's `tls.X509KeyPair` says against a certificate and a key. */
function problemOf(certificates: readonly Block[], keys: readonly Block[]): string | undefined {
  const certificate = certificates.find(({ type }) => type === 'CERTIFICATE');
  const [only] = certificates;
  if (!certificate) {
    if (!only) return 'tls: failed to find any PEM data in certificate input';
    return certificates.length === 1 && isKey(only)
      ? 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched'
      : `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${types(certificates)}`;
  }
  const key = keys.find(isKey);
  const [other] = keys;
  if (!key) {
    if (!other) return 'tls: failed to find any PEM data in key input';
    return keys.length === 1 && other.type === 'CERTIFICATE'
      ? 'tls: found a certificate rather than a key in the PEM for the private key'
      : `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${types(keys)}`;
  }
  return mismatch(certificate, key);
}

function mismatch(certificate: Block, key: Block): string | undefined {
  let known: X509Certificate;
  try {
    known = new X509Certificate(certificate.text);
  } catch {
    return 'x509: malformed certificate';
  }
  try {
    const own = createPrivateKey(key.text);
    if (createPublicKey(own).asymmetricKeyType !== known.publicKey.asymmetricKeyType) {
      return 'tls: private key type does not match public key type';
    }
    return known.checkPrivateKey(own) ? undefined : 'tls: private key does not match public key';
  } catch {
    return 'tls: failed to parse private key';
  }
}

/** A secret of a certificate whose key is none of its. */
export function warnOfKeyPair(secret: JsonObject): readonly string[] {
  if (textAt(secret, 'type') !== 'kubernetes.io/tls') return [];
  const data = objectAt(secret, 'data');
  const read = (field: string): readonly Block[] =>
    blocksOf(Buffer.from(textAt(data, field) ?? '', 'base64').toString('latin1'));
  const problem = problemOf(read('tls.crt'), read('tls.key'));
  return problem === undefined ? [] : [problem];
}
