import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';

/** What a certificate must be so that it is kept. */
export interface Expectation {
  now: Date;
  names?: readonly string[];
  addresses?: readonly string[];
  /** Of the authority that must have signed it; itself for an authority. */
  issuer?: X509Certificate;
  /** As `X509Certificate.subject` prints it, one attribute a line. */
  subject?: string;
}

/** Certificates are renewed when this is left, in days. */
export const RENEW_DAYS = 30;
const DAY = 86_400_000;

export function readKey(pem: string | undefined): KeyObject | undefined {
  try {
    return pem === undefined ? undefined : createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

export function readCertificate(pem: string | undefined): X509Certificate | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

/** Why a certificate cannot be kept, or undefined when it can. Only node:crypto: this runs at every start. */
export function findFault(
  certificate: X509Certificate | undefined,
  key: KeyObject | undefined,
  expected: Expectation,
): string | undefined {
  if (certificate === undefined) return 'missing or unreadable';
  if (key === undefined || !certificate.checkPrivateKey(key)) return 'its key is missing or another';
  const { now, names = [], addresses = [], issuer, subject } = expected;
  if (certificate.validFromDate > now) return `not valid before ${certificate.validFrom}`;
  if (certificate.validToDate.getTime() - now.getTime() <= RENEW_DAYS * DAY) return `ends ${certificate.validTo}`;
  if (issuer && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)))
    return 'signed by another authority';
  if (subject !== undefined && certificate.subject !== subject)
    return `of ${certificate.subject.replaceAll('\n', ', ')}`;
  const known = new Set((certificate.subjectAltName ?? '').split(', '));
  const missing = [
    ...names.filter((name) => !known.has(`DNS:${name}`)),
    ...addresses.filter((address) => isIP(address) === 0 || certificate.checkIP(address) === undefined),
  ];
  return missing.length > 0 ? `lacks ${missing.join(', ')}` : undefined;
}
