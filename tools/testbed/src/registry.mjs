import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { packageTree } from './packages.mjs';

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Who a registry with a login takes, and the password's bcrypt hash as its file holds it. */
export const registryUser = {
  name: 'tester',
  password: 's3cret',
  hash: '$2b$05$abcdefghijklmnopqrstuuLK7U1u6pVRmL7L1BBM2aS35PSZnDXlK',
};

/**
 * Starts Debian's docker-registry on a free port of loopback, with its data in a temporary folder.
 * @param {object} [options]
 * @param {boolean} [options.login] lets in `registryUser` alone
 * @returns {Promise<{ address: string, push(engine: { host: string }, image: string, as: string): Promise<string>, close(): Promise<void> }>}
 *   `push` gives the name by which the image can be pulled
 */
export async function startRegistry({ login = false } = {}) {
  const program = join(await packageTree('docker-registry'), 'usr/bin/docker-registry');
  if (!existsSync(program)) throw new Error(`the package docker-registry holds no ${program}`);
  const folder = mkdtempSync(join(tmpdir(), 'kmd-registry-'));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const config = join(folder, 'config.yml');
  const users = join(folder, 'htpasswd');
  writeFileSync(users, `${registryUser.name}:${registryUser.hash}\n`);
  writeFileSync(
    config,
    `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${join(folder, 'data')} }, delete: { enabled: true } }
http: { addr: '${address}' }
${login ? `auth: { htpasswd: { realm: tests, path: ${users} } }\n` : ''}`,
  );
  const child = spawn(program, ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => (errors += text));
  for (let attempt = 0; !(await accepts(port)); attempt += 1) {
    if (child.exitCode !== null || attempt > 100)
      throw new Error(`docker-registry did not come up: ${errors.slice(-1000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    address,
    async push(engine, image, as) {
      const auth = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
      if (login) writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }));
      const env = { ...process.env, DOCKER_HOST: engine.host, DOCKER_CONFIG: folder };
      const name = `${address}/${as}`;
      await run('/usr/bin/docker', ['tag', image, name], { env });
      await run('/usr/bin/docker', ['push', '-q', name], { env });
      await run('/usr/bin/docker', ['rmi', name], { env });
      return name;
    },
    async close() {
      if (child.exitCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
