import type { KeyObject, X509Certificate } from 'node:crypto';
import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/write-atomically.js';
import { codeOf, messageOf } from '../thrown.js';
import { CredentialsError } from './errors.js';
import { findFault, readCertificate, readKey, type Expectation } from './inspect.js';
import { createKey, issueCertificate, printKey, printPublicKey, type CertificateRequest } from './issue.js';

/** Certificate and key in memory, parsed and as PEM. */
export interface Pair {
  cert: string;
  key: string;
  certificate: X509Certificate;
  privateKey: KeyObject;
}

/** The files of the folder, read once; changes are collected and written at the end. */
export interface CredentialsFolder {
  text(name: string): string | undefined;
  /** Takes note of a file's content; nothing happens when it has it already. */
  put(name: string, content: string): void;
  /** The pair that is there, or a new one signed by `issuer` (by itself without). */
  pair(name: string, request: CertificateRequest, issuer?: Pair): Promise<Pair>;
  keyPair(name: string): Promise<{ key: string; publicKey: string }>;
  /** Writes what changed. Returns the files' names. */
  save(): Promise<string[]>;
}

const filesOf = (pairs: readonly string[]): string[] => pairs.flatMap((name) => [`${name}.key`, `${name}.crt`]);

const FILES = [
  ...filesOf(['root-ca', 'apiserver', 'admin', 'apiserver-kubelet-client']),
  'service-accounts.key',
  'service-accounts.pub',
  'token-users',
  'basic-users',
];

/** Opens a folder, closed to others from then on. @param pairs names of the pairs that it may have besides */
export async function openFolder(dir: string, pairs: readonly string[]): Promise<CredentialsFolder> {
  const found = new Map<string, string>();
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await close(dir, 0o700);
    await Promise.all(
      [...FILES, ...filesOf(pairs)].map(async (name) => {
        const content = await readFile(join(dir, name), 'utf8').catch(ignoreMissing);
        if (content === undefined) return;
        found.set(name, content);
        await close(join(dir, name), 0o600);
      }),
    );
  } catch (cause) {
    throw unusable(dir, cause);
  }
  const changes = new Map<string, string>();
  const put = (name: string, content: string): void => {
    if (found.get(name) !== content) changes.set(name, content);
  };

  return {
    text: (name) => found.get(name),
    put,

    async pair(name, request, issuer) {
      const cert = found.get(`${name}.crt`);
      const key = found.get(`${name}.key`);
      const certificate = readCertificate(cert);
      let privateKey = readKey(key);
      const { now, names, addresses } = request;
      const expected: Expectation = {
        now,
        ...(names && { names }),
        ...(addresses && { addresses }),
        ...(issuer && { issuer: issuer.certificate }),
      };
      const fault = findFault(certificate, privateKey, expected);
      if (fault === undefined && cert !== undefined && key !== undefined && certificate && privateKey)
        return { cert, key, certificate, privateKey };
      privateKey = await createKey();
      const newKey = printKey(privateKey);
      const newCert = await issueCertificate(
        privateKey,
        request,
        issuer ? { key: issuer.privateKey, certificate: issuer.cert } : { key: privateKey },
      );
      put(`${name}.key`, newKey);
      put(`${name}.crt`, newCert);
      const made = readCertificate(newCert);
      if (made === undefined)
        throw new CredentialsError('CREDENTIALS_INVALID', `the certificate made for ${name} cannot be read back`);
      return { cert: newCert, key: newKey, certificate: made, privateKey };
    },

    async keyPair(name) {
      const known = readKey(found.get(`${name}.key`));
      const key = known ?? (await createKey());
      const text = (known && found.get(`${name}.key`)) ?? printKey(key);
      const publicKey = printPublicKey(key);
      put(`${name}.key`, text);
      put(`${name}.pub`, publicKey);
      return { key: text, publicKey };
    },

    async save() {
      try {
        await Promise.all([...changes].map(([name, content]) => writeAtomically(join(dir, name), content)));
      } catch (cause) {
        throw unusable(dir, cause);
      }
      return [...changes.keys()].sort();
    },
  };
}

/** Takes permissions beyond `mode` away. */
async function close(path: string, mode: number): Promise<void> {
  const { mode: current } = await stat(path);
  if ((current & 0o777 & ~mode) !== 0) await chmod(path, mode);
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

/** The folder cannot be used, for a reason of the file system's. */
export const unusable = (dir: string, cause: unknown): CredentialsError => {
  const detail = messageOf(cause);
  return new CredentialsError(
    'CREDENTIALS_FILES',
    `the credentials in ${dir} cannot be read or written (${detail}): make the folder yours, or choose another`,
    { cause },
  );
};
