import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { answers, launch, unmountBelow } from './engine-process.mjs';
import { cacheFolder } from './folders.mjs';
import { install } from './packages.mjs';

/** Where the engine that this test bed started is written down. */
const record = () => join(cacheFolder('engine'), 'engine.json');

/** @returns {{ pid: number, socket: string, folder: string } | undefined} */
function readRecord() {
  try {
    return JSON.parse(readFileSync(record(), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * An engine that answers: the one of `DOCKER_HOST`, one that the test bed started before, or this machine's.
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

/** Installs what an engine needs, where it is missing. */
export async function installEngine() {
  const needed = ['/usr/sbin/dockerd', '/usr/bin/docker', '/usr/sbin/iptables', '/usr/sbin/ip'];
  if (!needed.every((path) => existsSync(path))) await install(['docker.io', 'iptables', 'iproute2']);
}

/**
 * Starts an engine with everything of its own (data, socket, pid file) in a temporary folder, and writes it down for later calls.
 * @returns {Promise<{ host: string, owned: true }>}
 */
export async function startEngine() {
  await installEngine();
  // Sockets' paths are short: the temporary folder, not the repository's.
  const folder = mkdtempSync(join(tmpdir(), 'kmd-engine-'));
  const { pid, socket } = await launch(folder);
  writeFileSync(record(), JSON.stringify({ pid, socket, folder }));
  return { host: `unix://${socket}`, owned: true };
}

/** @param {number} pid */
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
  await unmountBelow(folder);
  rmSync(folder, { recursive: true, force: true });
  rmSync(record(), { force: true });
  return true;
}
