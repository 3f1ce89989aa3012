import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { signItself } from './self-signed.js';

it.each([
  ['10.1.2.3', 'IP Address:10.1.2.3'],
  ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
  ['fd00::ab:1', 'IP Address:FD00:0:0:0:0:0:AB:1'],
  ['agent-1.example', 'DNS:agent-1.example'],
])('signs a certificate for %s that others can read and verify', (host, alternative) => {
  const { key, cert } = signItself(host);
  const certificate = new X509Certificate(cert);
  expect(certificate.subjectAltName).toBe(alternative);
  expect(certificate.subject).toBe(`CN=${host}`);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
});
