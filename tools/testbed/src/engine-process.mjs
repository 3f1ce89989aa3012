import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, watch } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { run } from './command.mjs';
import { writeRuncWrapper } from './runc-wrapper.mjs';

/**
 * Whether an engine answers at a socket.
 * @param {string} socketPath
 * @returns {Promise<boolean>}
 */
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

/**
 * @typedef {object} EnginePrograms where an engine's programs are: installed, or unpacked
 * @property {string} dockerd
 * @property {string} runc
 * @property {readonly string[]} folders of containerd, its shim and the proxy of ports: searched before the machine's own
 * @property {string} [proxy]
 */

/** @type {EnginePrograms} */
export const installed = { dockerd: '/usr/sbin/dockerd', runc: '/usr/sbin/runc', folders: [] };

/** @param {string} folder */
export const socketIn = (folder) => join(folder, 'docker.sock');

/**
 * Starts dockerd with everything of its own (data, socket, pid file) in a folder, and waits until it answers.
 * @param {string} folder a short path, since a socket's path is short
 * @param {object} [options]
 * @param {EnginePrograms} [options.programs]
 * @param {(command: readonly string[]) => readonly string[]} [options.wrap] puts another command before dockerd's
 */
export async function launch(folder, { programs = installed, wrap = (command) => command } = {}) {
  const socket = socketIn(folder);
  const log = join(folder, 'dockerd.log');
  const runtime = join(folder, 'runc-without-sys-resource');
  writeRuncWrapper(runtime, programs.runc);
  const out = openSync(log, 'a');
  const [name = '', ...args] = wrap([
    programs.dockerd,
    ...['--host', `unix://${socket}`],
    ...['--data-root', join(folder, 'data')],
    ...['--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'dockerd.pid')],
    ...['--add-runtime', `testbed=${runtime}`],
    ...['--default-runtime', 'testbed'],
    ...['--insecure-registry', '127.0.0.0/8'],
    ...(programs.proxy === undefined ? [] : ['--userland-proxy-path', programs.proxy]),
  ]);
  const path = [...programs.folders, process.env['PATH'] ?? '', '/usr/sbin:/sbin'].join(':');
  const child = spawn(name, args, { detached: true, stdio: ['ignore', out, out], env: { ...process.env, PATH: path } });
  closeSync(out);
  child.unref();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await ready(child, folder, ended);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    socket,
    /** Waits for its end; this process does otherwise not stay for it. */
    ended: () => {
      child.ref();
      return ended;
    },
  };
}

/**
 * The processes that a process started.
 * @param {number} pid
 */
export function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/**
 * Resolves when the engine answers; rejects when it ended before. The appearance of its socket is watched, not polled.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} folder
 * @param {Promise<unknown>} ended
 */
async function ready(child, folder, ended) {
  const socket = socketIn(folder);
  const appeared = new Promise((resolve) => {
    const watcher = watch(folder, () => {
      if (existsSync(socket)) resolve(watcher.close());
    });
    if (existsSync(socket)) resolve(watcher.close());
    void ended.then(() => watcher.close());
  });
  if ((await Promise.race([appeared, ended.then(() => 'ended')])) !== 'ended') {
    // The socket is there a moment before the engine serves it: connections wait in its queue, and are answered in time.
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt += 1) {
      if (await answers(socket)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const log = join(folder, 'dockerd.log');
  const tail = readFileSync(log, 'utf8').trim().split('\n').slice(-8).join('\n');
  throw new Error(`dockerd did not come up; the end of ${log}:\n${tail}`);
}

/**
 * Unmounts what an engine left mounted below a folder.
 * @param {string} folder
 */
export async function unmountBelow(folder) {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).toReversed()) {
    await run('umount', ['-l', mount]).catch(() => undefined);
  }
}
