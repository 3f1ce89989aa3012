import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenOf, installed, launch, socketIn, unmountBelow } from './engine-process.mjs';
import { installEngine } from './engine.mjs';
import { newerPackageTree } from './packages.mjs';

/**
 * @typedef {object} PrivateEngine an engine that a test may stop, cut off and start again, in namespaces of its own: its processes, mounts and
 *   networks are seen by nobody else, and end with it. What it publishes on loopback is not reached from outside
 * @property {string} host
 * @property {(command: readonly string[]) => string[]} enter puts before a command what lets it see the engine's network, and so what that publishes
 * @property {() => Promise<void>} start starts it on the data that it had
 * @property {() => Promise<void>} stop ends it as a machine that shuts down does
 * @property {() => Promise<void>} cut ends it at once, with all that runs on it, as a power cut does
 * @property {() => Promise<void>} close ends it, and removes its folder
 */

/** The engine of Debian's newer suite, unpacked and not installed. Its runc wants a newer libc than a machine may have: the installed one serves. */
async function newerPrograms() {
  const docker = join(await newerPackageTree('docker.io', 'sid'), 'usr/sbin');
  const containerd = join(await newerPackageTree('containerd', 'sid'), 'usr/bin');
  return {
    dockerd: join(docker, 'dockerd'),
    runc: installed.runc,
    proxy: join(docker, 'docker-proxy'),
    folders: [docker, containerd],
  };
}

/**
 * Starts an engine for one test. It has no images: `makeImages` gives it some.
 * @param {object} [options]
 * @param {'installed' | 'newer'} [options.release] the machine's, or that of Debian's newer suite
 * @param {number} [options.dataMegabytes] size of its disk, which is memory then and does not outlive it; unlimited by default
 * @returns {Promise<PrivateEngine>}
 */
export async function openPrivateEngine({ release = 'installed', dataMegabytes } = {}) {
  await installEngine();
  const programs = release === 'newer' ? await newerPrograms() : installed;
  const folder = mkdtempSync(join(tmpdir(), 'kmd-own-'));
  mkdirSync(join(folder, 'data'));
  const disk = dataMegabytes === undefined ? ':' : `mount -t tmpfs -o size=${dataMegabytes}m disk ${folder}/data`;
  /** @param {readonly string[]} command */
  const wrap = (command) => [
    ...['unshare', '--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'],
    ...['sh', '-c', `ip link set lo up && ${disk} && exec "$@"`, 'sh', ...command],
  ];
  /** @type {Awaited<ReturnType<typeof launch>> | undefined} */
  let running;
  const start = async () => {
    // What a machine that boots has lost: its pid files would name processes of the new namespace.
    for (const name of ['docker.sock', 'dockerd.pid', 'exec']) {
      rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
    running = await launch(folder, { programs, wrap });
  };
  /** @param {(pid: number) => void} end */
  const finish = async (end) => {
    const engine = running;
    running = undefined;
    if (engine === undefined) return;
    end(engine.pid);
    await engine.ended();
  };
  const cut = () => finish((pid) => process.kill(pid, 'SIGKILL'));
  await start();
  return {
    host: `unix://${socketIn(folder)}`,
    enter: (command) => ['nsenter', `--net=/proc/${running?.pid}/ns/net`, ...command],
    start,
    stop: () => finish((pid) => childrenOf(pid).forEach((child) => process.kill(child, 'SIGTERM'))),
    cut,
    async close() {
      await cut();
      await unmountBelow(folder);
      // Processes of the namespace end a moment after its first one has.
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      if (existsSync(folder)) throw new Error(`${folder} cannot be removed`);
    },
  };
}
