import type { Extension } from '@peculiar/x509';
import { createPublicKey, generateKeyPair, randomBytes, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { CredentialsError } from './errors.js';

/** A certificate to be made. */
export interface CertificateRequest {
  /** RFC 4514, for instance `O=system:masters, CN=cluster-admin`. */
  subject: string;
  days: number;
  now: Date;
  /** Of an authority: signs others. Absent: a leaf. */
  authority?: boolean;
  usage?: 'server' | 'client';
  names?: readonly string[];
  addresses?: readonly string[];
}

export interface Issuer {
  key: KeyObject;
  /** PEM; absent: the certificate signs itself. */
  certificate?: string;
}

/** Clocks of virtual machines lag: certificates begin this much earlier. Milliseconds. */
const BACKDATE = 5 * 60_000;
const DAY = 86_400_000;

const generate = promisify(generateKeyPair);

/** ECDSA on P-256: made in a millisecond, where RSA takes hundreds, and every Kubernetes in use signs tokens with it as well. */
export async function createKey(): Promise<KeyObject> {
  return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
}

/** PKCS #8, PEM. */
export const printKey = (key: KeyObject): string => String(key.export({ type: 'pkcs8', format: 'pem' }));

/** SubjectPublicKeyInfo of the key's public half, PEM. */
export const printPublicKey = (key: KeyObject): string =>
  String(createPublicKey(key).export({ type: 'spki', format: 'pem' }));

/**
 * Makes and signs a certificate for `key`, PEM. The certificate library is loaded here, so that a start that finds everything in place does
 * without.
 */
export async function issueCertificate(key: KeyObject, request: CertificateRequest, issuer: Issuer): Promise<string> {
  // @peculiar/x509 2.x throws without the polyfill, which must come first.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const signing = signatureOf(issuer.key);
  const publicKey = toPublic(key);
  const issuerCertificate = issuer.certificate === undefined ? undefined : new x509.X509Certificate(issuer.certificate);
  const { authority = false, names = [], addresses = [], now } = request;
  const extensions: Extension[] = [
    new x509.BasicConstraintsExtension(authority, undefined, true),
    new x509.KeyUsagesExtension(
      authority
        ? x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign
        : x509.KeyUsageFlags.digitalSignature,
      true,
    ),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuerCertificate?.publicKey ?? publicKey),
  ];
  if (request.usage !== undefined) {
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
    extensions.push(new x509.ExtendedKeyUsageExtension([request.usage === 'server' ? serverAuth : clientAuth]));
  }
  if (names.length + addresses.length > 0)
    extensions.push(
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    );
  const certificate = await x509.X509CertificateGenerator.create({
    // Positive, as RFC 5280 4.1.2.2 wants it.
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    subject: request.subject,
    issuer: issuerCertificate?.subject ?? request.subject,
    notBefore: new Date(now.getTime() - BACKDATE),
    notAfter: new Date(now.getTime() + request.days * DAY),
    signingAlgorithm: signing,
    signingKey: issuer.key.toCryptoKey(signing, false, ['sign']),
    publicKey,
    extensions,
  });
  return `${certificate.toString('pem').trim()}\n`;
}

const toPublic = (key: KeyObject): webcrypto.CryptoKey =>
  createPublicKey(key).toCryptoKey(signatureOf(key), true, ['verify']);

/** How a key signs. Authorities brought along from elsewhere may be RSA, as those of 2015 were. */
function signatureOf(key: KeyObject) {
  const type = key.asymmetricKeyType;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (type === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  if (type === 'ec' && curve === 'prime256v1') return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  if (type === 'ec' && curve === 'secp384r1') return { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  throw new CredentialsError(
    'CREDENTIALS_INVALID',
    `a key of type ${type ?? 'unknown'} (${curve ?? 'no curve'}) cannot sign certificates here: use RSA, P-256 or P-384`,
  );
}
