import { createPublicKey, verify } from 'node:crypto';
import type * as X509 from '@peculiar/x509';

let library: typeof X509 | undefined;

/** To be awaited before requests for certificates are read. The library is loaded when the first comes. */
export async function loadX509(): Promise<typeof X509> {
  // @peculiar/x509 2.x throws without the polyfill, which must come first.
  await import('reflect-metadata');
  return (library ??= await import('@peculiar/x509'));
}

/** What a certificate is asked for: PKCS #10. */
export interface CertificateRequest {
  readonly pkcs10: X509.Pkcs10CertificateRequest;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
}

/** Reads the request in `spec.request`: PEM, in base64. Throws an `Error` that says in the words of the real server why it is none. */
export function readRequest(base64: string): CertificateRequest {
  if (!library) throw new Error('a request for a certificate is read before the library is loaded');
  const pem = Buffer.from(base64, 'base64').toString('latin1');
  const [, body] =
    /-----BEGIN CERTIFICATE REQUEST-----([\sA-Za-z0-9+/=]*)-----END CERTIFICATE REQUEST-----/.exec(pem) ?? [];
  if (body === undefined) throw new Error('PEM block type must be CERTIFICATE REQUEST');
  const { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } = library;
  const pkcs10 = new Pkcs10CertificateRequest(Buffer.from(body, 'base64'));
  const names = pkcs10.extensions.find((extension) => extension instanceof SubjectAlternativeNameExtension)?.names;
  const ofType = (type: string): string[] =>
    (names?.items ?? []).filter((item) => item.type === type).map((item) => item.value);
  return {
    pkcs10,
    // Of several the last counts.
    commonName: pkcs10.subjectName.getField('CN').at(-1) ?? '',
    organizations: pkcs10.subjectName.getField('O'),
    dnsNames: ofType('dns'),
    addresses: ofType('ip'),
    emails: ofType('email'),
    uris: ofType('url'),
  };
}

/** Undefined for what is no request. */
export function tryReadRequest(base64: string): CertificateRequest | undefined {
  try {
    return readRequest(base64);
  } catch {
    return undefined;
  }
}

/** The first element of what a DER element holds, header and all. */
function firstInside(der: Buffer): Buffer {
  const header = (at: number): { start: number; end: number } => {
    const short = der.readUInt8(at + 1);
    const bytes = short < 0x80 ? 0 : short & 0x7f;
    const length = bytes === 0 ? short : der.readUIntBE(at + 2, bytes);
    return { start: at + 2 + bytes, end: at + 2 + bytes + length };
  };
  const { start } = header(0);
  return der.subarray(start, header(start).end);
}

/** Whether whoever asks has the key that the certificate is to be for. */
export function isSelfSigned({ pkcs10 }: CertificateRequest): boolean {
  const key = createPublicKey({ key: Buffer.from(pkcs10.publicKey.rawData), format: 'der', type: 'spki' });
  const digest = key.asymmetricKeyType === 'ed25519' ? null : pkcs10.signatureAlgorithm.hash.name;
  return verify(digest, firstInside(Buffer.from(pkcs10.rawData)), key, Buffer.from(pkcs10.signature));
}
