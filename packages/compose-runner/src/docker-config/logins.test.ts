import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerHub } from '@kmd/image-builder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogins } from './logins.js';

describe('the credentials of registries', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'logins-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const config = (value: object): Promise<void> => writeFile(join(folder, 'config.json'), JSON.stringify(value));
  const find = (registry: string) => createLogins({ environment: { DOCKER_CONFIG: folder, PATH: folder } })(registry);
  async function addHelper(name: string, script: string): Promise<void> {
    const path = join(folder, `docker-credential-${name}`);
    await writeFile(path, `#!${process.execPath}\n${script}`);
    await chmod(path, 0o755);
  }
  const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

  it('are none where there was no login', async () => {
    expect(await find(dockerHub)).toEqual({});
    await config({ auths: { [dockerHub]: {} } });
    expect(await find(dockerHub)).toEqual({});
  });

  it('are those of config.json, by the names that clients gave registries', async () => {
    await config({
      auths: {
        [dockerHub]: auth('me:with:colons'),
        'https://old.example.com/v1/': auth('old:one'),
        'token.example.com:5000': { identitytoken: 'abc' },
      },
    });
    expect(await find(dockerHub)).toEqual({
      auth: { username: 'me', password: 'with:colons', serveraddress: dockerHub },
    });
    expect(await find('old.example.com')).toMatchObject({ auth: { username: 'old', password: 'one' } });
    expect(await find('token.example.com:5000')).toMatchObject({ auth: { identitytoken: 'abc' } });
    expect(await find('token.example.com')).toEqual({});
  });

  it('are asked of helpers, that of the registry before that of all', async () => {
    const answering = (name: string): string => `let registry = '';
process.stdin.on('data', (bytes) => (registry += bytes)).on('end', () =>
  registry === 'none.example.com'
    ? (console.log('credentials not found in native keychain'), process.exit(1))
    : console.log(JSON.stringify({ ServerURL: registry, Username: ${JSON.stringify(name)}, Secret: registry })));`;
    await addHelper('all', answering('everyone'));
    await addHelper('own', answering('<token>'));
    await config({
      credsStore: 'all',
      credHelpers: { 'own.example.com': 'own' },
      auths: { 'x.example.com': auth('a:b') },
    });
    expect(await find('x.example.com')).toMatchObject({ auth: { username: 'everyone', password: 'x.example.com' } });
    expect(await find('own.example.com')).toMatchObject({ auth: { identitytoken: 'own.example.com' } });
    expect(await find('none.example.com')).toEqual({});
  });

  it('are missed with a reason when a helper fails', async () => {
    await addHelper('locked', `console.log('the keychain is locked'); process.exitCode = 1;`);
    await config({ credsStore: 'gone', credHelpers: { 'locked.example.com': 'locked' } });
    expect((await find(dockerHub)).problem).toMatch(
      /^docker-credential-gone, which .* failed: there is no such program$/,
    );
    expect((await find('locked.example.com')).problem).toContain('the keychain is locked');
  });
});
