import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readKubeContext } from './client-options.js';
import { KubeconfigError } from './errors.js';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kmd-kubeconfig-'));
  path = join(dir, 'config');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const read = (context?: string, env = {}) =>
  readKubeContext({ env, ...('KUBECONFIG' in env ? {} : { path }), context });

const kubeconfig = (user: string, cluster = 'server: https://kube:6443') => `
current-context: main
contexts:
- {name: main, context: {cluster: c, user: u, namespace: apps}}
- {name: plain, context: {cluster: c}}
- {name: lost, context: {cluster: elsewhere, user: u}}
clusters:
- {name: c, cluster: {${cluster}}}
users:
- {name: u, user: {${user}}}
`;

it('reads server, authority and each kind of credentials, from data and from files beside the kubeconfig', async () => {
  await writeFile(join(dir, 'ca.crt'), ca);
  await writeFile(join(dir, 'token'), 'from-a-file\n');
  const data = Buffer.from('client pem').toString('base64');
  await writeFile(
    path,
    kubeconfig(
      `client-certificate-data: ${data}, client-key-data: ${data}, username: admin, password: secret, tokenFile: token`,
      'server: "https://kube:6443", certificate-authority: ca.crt, tls-server-name: kubernetes',
    ),
  );
  expect(await read()).toEqual({
    context: 'main',
    namespace: 'apps',
    client: {
      server: 'https://kube:6443',
      ca,
      tlsServerName: 'kubernetes',
      cert: 'client pem',
      key: 'client pem',
      token: 'from-a-file',
      basic: { username: 'admin', password: 'secret' },
    },
  });
  await writeFile(
    path,
    kubeconfig('token: inline, tokenFile: token', 'server: "http://kube", insecure-skip-tls-verify: true'),
  );
  expect((await read()).client).toEqual({ server: 'http://kube', token: 'inline', insecureSkipTlsVerify: true });
  expect(await read('plain')).toEqual({
    context: 'plain',
    namespace: 'default',
    client: { server: 'http://kube', insecureSkipTlsVerify: true },
  });
});

it('takes the first of several files that has an entry', async () => {
  const second = join(dir, 'second');
  await writeFile(path, kubeconfig('token: first'));
  await writeFile(
    second,
    'current-context: other\ncontexts: [{name: other, context: {cluster: c, user: v}}]\nusers: [{name: v, user: {token: second}}, {name: u, user: {token: hidden}}]\n',
  );
  const env = { KUBECONFIG: `${path}:${join(dir, 'absent')}:${second}` };
  expect((await read(undefined, env)).client.token).toBe('first');
  expect((await read('other', env)).client).toEqual({ server: 'https://kube:6443', token: 'second' });
});

it.each([
  ['a missing file', undefined, undefined, 'KUBECONFIG_UNREADABLE', /there is no kubeconfig at .*config: name one/],
  ['an unknown context', kubeconfig(''), 'mane', 'KUBECONFIG_INVALID', /no context "mane" \(main, plain, lost\)/],
  ['no current context', 'contexts: []', undefined, 'KUBECONFIG_INVALID', /no context is current.*there is none/],
  ['a context without a cluster', kubeconfig(''), 'lost', 'KUBECONFIG_INVALID', /names no cluster that has a server/],
  [
    'a program',
    kubeconfig('exec: {command: aws}'),
    undefined,
    'KUBECONFIG_INVALID',
    /"u" gets credentials from "exec"/,
  ],
  [
    'a missing token file',
    kubeconfig('tokenFile: t'),
    undefined,
    'KUBECONFIG_UNREADABLE',
    /"tokenFile" names .*t, which is not there/,
  ],
  ['a number', kubeconfig('token: 12'), undefined, 'KUBECONFIG_INVALID', /"token" is no text/],
  [
    'no mapping',
    'current-context: a\ncontexts: [{name: a, context: [1]}]',
    undefined,
    'KUBECONFIG_INVALID',
    /config:2:\d+: the context "a" is no mapping/,
  ],
  ['binary', '\0\u0001', undefined, 'KUBECONFIG_INVALID', /not/],
])('refuses %s in words', async (_, text, context, code, message) => {
  if (text !== undefined) await writeFile(path, text);
  const error: unknown = await read(context).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(KubeconfigError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
});
