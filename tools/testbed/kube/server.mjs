import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { run } from '../src/command.mjs';
import { isBuilt, obstacle, programs, sourceFolder, version } from './programs.mjs';

export { isBuilt, obstacle, sourceFolder, version };
export { versionsAtHand } from './versions.mjs';

/** Ports that are free now, each another. */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const server = createServer().once('error', reject);
          server.listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A program that writes into a log file and is known to have ended. */
function start(name, file, args, folder) {
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const child = spawn(file, args, { cwd: folder, stdio: ['ignore', out, out] });
  closeSync(out);
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`${code ?? signal}`));
  });
  let over;
  void ended.then((how) => (over = how));
  return {
    pid: child.pid,
    check() {
      if (over !== undefined) throw new Error(`${name} ended (${over}): ${readFileSync(log, 'utf8').slice(-2000)}`);
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function statusOf(port, path, token) {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.on('error', () => resolve(0));
    asked.end();
  });
}

async function until(condition, programs) {
  for (;;) {
    for (const program of programs) program.check();
    if (await condition()) return;
    await pause(100);
  }
}

/**
 * Starts a real kube-apiserver with an etcd of its own, on free ports of loopback, and with `controllers` a kube-controller-manager.
 * It takes the token of `token` (user cluster-admin of system:masters) and those of `users`, and allows everything, as the 2015 provider's does, unless
 * `authorization` says RBAC.
 * @param {import('./server.mjs').RealApiServerOptions} [options]
 */
export async function startRealApiServer(options = {}) {
  const { controllers = false, token = 'test-token', serviceCidr = '10.10.10.0/24', onProgress } = options;
  const { authorization = 'AlwaysAllow', users = [], flags = {} } = options;
  const wanted = options.version ?? version;
  const minor = Number(/^v1\.(\d+)/.exec(wanted)?.[1]);
  const files = await programs({ version: wanted, onProgress });
  const shared = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(shared, 'kmd-kube-'));
  const running = [];
  const close = async () => {
    for (const program of running.reverse()) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [port, etcdPort, peerPort] = await freePorts(3);
    const at = (name) => join(folder, name);
    const keys = ['genrsa', '-out', at('sa.key'), '2048'];
    await run('openssl', keys);
    const everyone = [{ token, user: 'cluster-admin', groups: ['system:masters'] }, ...users];
    const lines = everyone.map(({ token, user, groups = [] }) => `${token},${user},${user},"${groups.join()}"\n`);
    writeFileSync(at('tokens.csv'), lines.join(''));
    const client = `http://127.0.0.1:${etcdPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    const etcd = start(
      'etcd',
      files.etcd,
      [
        ['name', 'one'],
        ['data-dir', at('etcd')],
        ['listen-client-urls', client],
        ['advertise-client-urls', client],
        ['listen-peer-urls', peer],
        ['initial-advertise-peer-urls', peer],
        ['initial-cluster', `one=${peer}`],
        ['log-level', 'warn'],
      ].map(([name, value]) => `--${name}=${value}`),
      folder,
    );
    running.push(etcd);
    const api = start(
      'kube-apiserver',
      files['kube-apiserver'],
      [
        ['etcd-servers', client],
        ['bind-address', '127.0.0.1'],
        ['secure-port', port],
        // Never reached: the endpoints of `kubernetes` are not written.
        ['advertise-address', '192.0.2.1'],
        ['endpoint-reconciler-type', 'none'],
        ['cert-dir', at('certificates')],
        ['token-auth-file', at('tokens.csv')],
        ['authorization-mode', authorization],
        ['service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
        ['service-account-key-file', at('sa.key')],
        ['service-account-signing-key-file', at('sa.key')],
        ['service-cluster-ip-range', serviceCidr],
        // It wants a controller that takes back what it adds.
        ['disable-admission-plugins', 'TaintNodesByCondition'],
        ['allow-privileged', 'true'],
        ['profiling', 'false'],
        // On by default from 1.34 on; before 1.27 there is none.
        ...(minor === 33 ? [['feature-gates', 'WatchList=true']] : []),
        // The last one counts.
        ...Object.entries(flags),
      ].map(([name, value]) => `--${name}=${value}`),
      folder,
    );
    running.push(api);
    await until(async () => (await statusOf(port, '/readyz', token)) === 200, running);
    const url = `https://127.0.0.1:${port}`;
    if (controllers) {
      writeFileSync(at('kubeconfig'), JSON.stringify(kubeconfig(url, token)));
      const manager = start(
        'kube-controller-manager',
        files['kube-controller-manager'],
        [
          ['kubeconfig', at('kubeconfig')],
          ['leader-elect', 'false'],
          ['secure-port', '0'],
          // An open port of its own, until 1.24 took it away.
          ...(minor < 24 ? [['port', '0']] : []),
          ['service-account-private-key-file', at('sa.key')],
          ['use-service-account-credentials', 'false'],
          ['controllers', '*'],
        ].map(([name, value]) => `--${name}=${value}`),
        folder,
      );
      running.push(manager);
    }
    return { url, port, token, folder, pids: running.map(({ pid }) => pid), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const kubeconfig = (server, token) => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'real',
  clusters: [{ name: 'real', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'real', user: { token } }],
  contexts: [{ name: 'real', context: { cluster: 'real', user: 'real' } }],
});
