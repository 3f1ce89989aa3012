import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { cacheFolder } from './folders.mjs';
import { install } from './packages.mjs';
import { writeRuncWrapper } from './runc-wrapper.mjs';

/** Where the engine that this test bed started is written down. */
const record = () => join(cacheFolder('engine'), 'engine.json');

/** Whether an engine answers at a socket. */
export function answers(socketPath) {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: '/_ping', timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(record(), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * An engine that answers: the one of `DOCKER_HOST`, of this machine, or one that the test bed started before.
 * @returns {Promise<{ host: string, owned: boolean } | undefined>} `owned` when the test bed started it
 */
export async function findEngine(environment = process.env) {
  const stated = environment['DOCKER_HOST'];
  if (stated) return { host: stated, owned: false };
  const known = readRecord();
  if (known !== undefined && (await answers(known.socket))) return { host: `unix://${known.socket}`, owned: true };
  const usual = '/var/run/docker.sock';
  if (await answers(usual)) return { host: `unix://${usual}`, owned: false };
  return undefined;
}

/** Why no engine can be started here, or nothing when one can. */
export function obstacle() {
  if (process.platform !== 'linux') return 'an engine is started on Linux only';
  if (process.getuid?.() !== 0) return 'starting an engine needs root';
  if (!existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/apt-get'))
    return "dockerd is not here, nor Debian's packages";
  return undefined;
}

/** Resolves when the engine answers; rejects when it ended before. The appearance of its socket is watched, not polled. */
async function ready(child, folder, socket, log) {
  const appeared = new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (existsSync(socket)) resolve(watcher.close());
    });
    if (existsSync(socket)) resolve(watcher.close());
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if ((await Promise.race([appeared, ended.then(() => 'ended')])) !== 'ended') {
    // The socket is there a moment before the engine serves it: connections wait in its queue, and are answered in time.
    for (let attempt = 0; attempt < 50 && child.exitCode === null; attempt += 1) {
      if (await answers(socket)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const tail = readFileSync(log, 'utf8').trim().split('\n').slice(-8).join('\n');
  throw new Error(`dockerd did not come up; the end of ${log}:\n${tail}`);
}

/**
 * Starts an engine with everything of its own (data, socket, pid file) in a temporary folder.
 * @returns {Promise<{ host: string, owned: true }>}
 */
export async function startEngine() {
  if (!existsSync('/usr/sbin/dockerd') || !existsSync('/usr/sbin/iptables')) await install(['docker.io', 'iptables']);
  // Sockets' paths are short: the temporary folder, not the repository's.
  const folder = mkdtempSync(join(tmpdir(), 'kmd-engine-'));
  const socket = join(folder, 'docker.sock');
  const log = join(folder, 'dockerd.log');
  const runtime = join(folder, 'runc-without-sys-resource');
  writeRuncWrapper(runtime);
  const out = openSync(log, 'a');
  const child = spawn(
    '/usr/sbin/dockerd',
    [
      ['--host', `unix://${socket}`],
      ['--data-root', join(folder, 'data')],
      ['--exec-root', join(folder, 'exec')],
      ['--pidfile', join(folder, 'dockerd.pid')],
      ['--add-runtime', `testbed=${runtime}`],
      ['--default-runtime', 'testbed'],
      ['--insecure-registry', '127.0.0.0/8'],
    ].flat(),
    { detached: true, stdio: ['ignore', out, out] },
  );
  closeSync(out);
  child.unref();
  writeFileSync(record(), JSON.stringify({ pid: child.pid, socket, folder }));
  try {
    await ready(child, folder, socket, log);
  } catch (error) {
    await stopEngine();
    throw error;
  }
  return { host: `unix://${socket}`, owned: true };
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    // A zombie that a container's first process never collects has ended as well.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Ends the engine that the test bed started, with its containers, and removes its folder. */
export async function stopEngine() {
  const known = readRecord();
  if (known === undefined) return false;
  const { pid, socket, folder } = known;
  if (await answers(socket)) {
    const env = { ...process.env, DOCKER_HOST: `unix://${socket}` };
    const ids = (await run('/usr/bin/docker', ['ps', '-aq'], { env })).split('\n').filter(Boolean);
    if (ids.length > 0) await run('/usr/bin/docker', ['rm', '-f', ...ids], { env });
  }
  const isOurs = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  };
  if (isOurs()) {
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; waited < 200 && isAlive(pid); waited += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    if (isAlive(pid) && isOurs()) process.kill(pid, 'SIGKILL');
  }
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).toReversed()) {
    await run('umount', ['-l', mount]).catch(() => undefined);
  }
  rmSync(folder, { recursive: true, force: true });
  rmSync(record(), { force: true });
  return true;
}
