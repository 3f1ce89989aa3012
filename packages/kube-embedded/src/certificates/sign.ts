import { type KeyObject, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { KubeError } from '@kmd/kube-client';
import { type CertificateRequest, loadX509 } from './request.js';
import { extendedUsages, keyUsages } from './usages.js';

/** PEM certificate and private key (RSA, P-256 or P-384) of the authority that signs what is approved. */
export interface SigningAuthority {
  readonly certificate: string;
  readonly key: string;
}

/** Signs a request for some usages and seconds. Resolves to PEM. */
export type Sign = (request: CertificateRequest, usages: readonly string[], seconds: number) => Promise<string>;

/** Clocks lag: certificates begin this much earlier, and long ones end so, too. Seconds. */
const backdate = 5 * 60;
const short = 8 * 3600;

/** Throws `KubeError` with code `InvalidSigningAuthority`. */
export function createSigner(authority: SigningAuthority, now: () => number): Sign {
  const { certificate, key, algorithm } = readAuthority(authority);
  return async (request, usages, seconds) => {
    const x509 = await loadX509();
    const issuer = new x509.X509Certificate(authority.certificate);
    const end = now() + (seconds < short ? seconds : seconds - backdate) * 1000;
    const flags = usages.reduce((bits, usage) => bits | (keyUsages[usage] ?? 0), 0);
    const purposes = usages.flatMap((usage) => extendedUsages[usage] ?? []);
    const names = request.pkcs10.extensions.filter(
      (extension) => extension instanceof x509.SubjectAlternativeNameExtension,
    );
    const signed = await x509.X509CertificateGenerator.create({
      // Positive, as RFC 5280 4.1.2.2 wants it.
      serialNumber: `01${randomBytes(15).toString('hex')}`,
      subject: request.pkcs10.subjectName,
      issuer: issuer.subjectName,
      notBefore: new Date(now() - backdate * 1000),
      notAfter: new Date(Math.min(end, certificate.validToDate.getTime())),
      signingAlgorithm: algorithm,
      signingKey: key.toCryptoKey(algorithm, false, ['sign']),
      publicKey: request.pkcs10.publicKey,
      extensions: [
        ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
        ...(purposes.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension([...new Set(purposes)])]),
        new x509.BasicConstraintsExtension(false, undefined, true),
        await x509.AuthorityKeyIdentifierExtension.create(issuer),
        ...names,
      ],
    });
    return `${signed.toString('pem').trim()}\n`;
  };
}

function readAuthority(authority: SigningAuthority) {
  try {
    const certificate = new X509Certificate(authority.certificate);
    const key = createPrivateKey(authority.key);
    if (!certificate.checkPrivateKey(key)) throw new Error('the key is not that of the certificate');
    return { certificate, key, algorithm: algorithmOf(key) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = `certificates cannot be signed: give the authority's certificate and its private key in PEM: ${why}`;
    throw new KubeError(0, 'InvalidSigningAuthority', what, { cause: error });
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curve = asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  if (curve === 'secp384r1') return { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  throw new Error(`a key of type ${asymmetricKeyType ?? 'unknown'} does not sign here: use RSA, P-256 or P-384`);
}
