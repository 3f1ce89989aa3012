import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useServers } from '../test/servers.js';
import { findEngine } from './find-engine.js';
import { openEngine } from './open-engine.js';

const servers = useServers();

const put = async (path: string, text: string): Promise<string> => {
  const whole = join(servers.folder, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  return whole;
};

/** An engine with one container, whose exec answers what it is sent. */
const engine: RequestListener = (request, response) => {
  const path = (request.url ?? '').replace(/^\/v1\.44/, '');
  response.setHeader('api-version', '1.44').setHeader('content-type', 'application/json');
  if (path === '/_ping') response.end('OK');
  else if (path === '/version') response.end('{"Version":"25.0.0","ApiVersion":"1.44"}');
  else if (path.startsWith('/containers/json')) response.end('[{"Id":"abc","Names":["/web"],"State":"running"}]');
  else response.writeHead(404).end('{"message":"no such thing"}');
};

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

describe('an engine on another machine, over ssh', () => {
  /** An ssh that takes down how it was called and does what `docker system dial-stdio` does, with a socket of this machine. */
  async function fakeSsh(what: string): Promise<string> {
    const path = await put('bin/ssh', `#!${process.execPath}\n${what}`);
    await chmod(path, 0o755);
    return dirname(path);
  }
  const dial = (socket: string, log: string): string =>
    `require('node:fs').appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const engine = require('node:net').connect(${JSON.stringify(socket)});
process.stdin.pipe(engine).pipe(process.stdout);
`;

  it('is spoken to through docker system dial-stdio', async () => {
    const server = createServer(engine);
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
      socket.pipe(socket);
    });
    await servers.listen(server, 'engine.sock');
    const log = join(servers.folder, 'log');
    const PATH = await fakeSsh(dial(join(servers.folder, 'engine.sock'), log));
    const environment = { PATH, DOCKER_HOST: 'ssh://me@machine:2222' };
    const opened = await openEngine({ environment });
    expect((await opened.containers([])).map(({ name }) => name)).toEqual(['web']);
    expect((await Promise.all([opened.containers([]), opened.containers([])])).flat()).toHaveLength(2);
    const attached = await opened.attach('abc', { stdin: true });
    attached.write('there and back');
    expect(String(await new Promise((resolve) => attached.once('data', resolve)))).toBe('there and back');
    attached.destroy();
    opened.close();
    const [first] = readFileSync(log, 'utf8').split('\n');
    expect(JSON.parse(first ?? '')).toEqual([
      ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T', '-l', 'me', '-p', '2222'],
      ...['--', 'machine', 'docker', 'system', 'dial-stdio'],
    ]);
  });

  it('says what ssh said when there is no way', async () => {
    const PATH = await fakeSsh(`console.error('me@machine: Permission denied (publickey).'); process.exitCode = 255;`);
    const environment = { PATH, DOCKER_HOST: 'ssh://me@machine' };
    await expect(openEngine({ environment })).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringContaining(
        'ssh://me@machine: ssh ended with 255: me@machine: Permission denied (publickey).',
      ),
    });
    await expect(openEngine({ environment: { ...environment, PATH: servers.folder } })).rejects.toThrow(
      'ssh cannot be started: there is no such program on PATH',
    );
  });
});

/** An authority, and a key and certificate by it for a server and a client. */
async function makeCertificates(): Promise<Record<'ca' | 'cert' | 'key', string>> {
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: servers.folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=authority', '-days', '2');
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', '/CN=localhost');
  await put('names', 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  openssl(
    ...['x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial'],
    ...['-out', 'cert.pem', '-days', '2', '-extfile', 'names'],
  );
  const text = (name: string): string => readFileSync(join(servers.folder, `${name}.pem`), 'utf8');
  return { ca: text('ca'), cert: text('cert'), key: text('key') };
}

describe('an engine that speaks TLS', () => {
  it('is shown the certificate of DOCKER_CERT_PATH, and must show one of its authority', async () => {
    const files = await makeCertificates();
    const server = createSecureServer({ ...files, requestCert: true, rejectUnauthorized: true }, engine);
    const port = portOf(await servers.listen(server));
    for (const name of ['localhost', '127.0.0.1']) {
      const environment = {
        DOCKER_HOST: `tcp://${name}:${port}`,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: servers.folder,
      };
      const opened = await openEngine({ environment });
      expect(await opened.containers([])).toHaveLength(1);
      opened.close();
      expect((await findEngine({ environment })).map(({ answers, version }) => [answers, version])).toEqual([
        [true, '25.0.0'],
      ]);
    }
    const unknown = { DOCKER_HOST: `https://localhost:${port}`, DOCKER_CERT_PATH: join(servers.folder, 'none') };
    await expect(openEngine({ environment: unknown })).rejects.toThrow(/certificate/);
  });
});

describe('an engine of docker context', () => {
  async function addContext(
    name: string,
    endpoint: object,
    files: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const id = createHash('sha256').update(name).digest('hex');
    const meta = { Name: name, Metadata: {}, Endpoints: { docker: endpoint } };
    await put(`.docker/contexts/meta/${id}/meta.json`, JSON.stringify(meta));
    for (const [file, text] of Object.entries(files)) await put(`.docker/contexts/tls/${id}/docker/${file}.pem`, text);
  }

  it('is the one of DOCKER_CONTEXT, else the one in use, and no other', async () => {
    for (const name of ['one', 'two']) {
      await servers.listen(createServer(engine), `${name}.sock`);
      await addContext(name, { Host: `unix://${servers.folder}/${name}.sock` });
    }
    await put('.docker/config.json', '{"currentContext":"one"}');
    const asked = async (more: Readonly<Record<string, string>>): Promise<unknown> =>
      (await findEngine({ environment: { HOME: servers.folder, ...more }, uid: 0 })).map(({ name, host }) => [
        name,
        host,
      ]);
    expect(await asked({})).toEqual([['docker context', `unix://${servers.folder}/one.sock`]]);
    expect(await asked({ DOCKER_CONTEXT: 'two' })).toEqual([['docker context', `unix://${servers.folder}/two.sock`]]);
    const host = `unix://${servers.folder}/two.sock`;
    expect(await asked({ DOCKER_HOST: host })).toEqual([['DOCKER_HOST', host]]);
    const nowhere = await findEngine({
      environment: { HOME: servers.folder, DOCKER_CONTEXT: 'default' },
      fileExists: async () => false,
    });
    expect(nowhere[0]).toMatchObject({ name: 'docker socket', answers: false });
    const opened = await openEngine({ environment: { HOME: servers.folder } });
    expect(await opened.containers([])).toHaveLength(1);
    opened.close();
  });

  it('has certificates of its own', async () => {
    const files = await makeCertificates();
    const server = createSecureServer({ ...files, requestCert: true, rejectUnauthorized: true }, engine);
    const port = portOf(await servers.listen(server));
    await addContext('secure', { Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: false }, files);
    const environment = { HOME: servers.folder, DOCKER_CONTEXT: 'secure' };
    const opened = await openEngine({ environment });
    expect(await opened.containers([])).toHaveLength(1);
    opened.close();
    const { cert, key } = files;
    await addContext('careless', { Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: true }, { cert, key });
    (await openEngine({ environment: { ...environment, DOCKER_CONTEXT: 'careless' } })).close();
  });

  it('is missed when it is not there, or cannot be read', async () => {
    await expect(openEngine({ environment: { HOME: servers.folder, DOCKER_CONTEXT: 'gone' } })).rejects.toThrow(
      'docker context "gone", which DOCKER_CONTEXT names, is not there',
    );
    await put('.docker/config.json', '{"currentContext":');
    await expect(openEngine({ environment: { HOME: servers.folder } })).rejects.toThrow('config.json is not JSON');
    await expect(
      openEngine({ environment: { HOME: '/', DOCKER_CONFIG: join(servers.folder, '.docker') } }),
    ).rejects.toThrow('config.json is not JSON');
  });
});
