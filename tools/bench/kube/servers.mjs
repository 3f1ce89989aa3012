import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startRealApiServer, version } from '@kmd/tools-testbed/kube';

const token = 'bench-token';

async function startEmbedded() {
  // Where the real one keeps its data too: in memory, so that no disk is measured.
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kmd-bench-'));
  const child = spawn(process.execPath, [fileURLToPath(new URL('embedded.mjs', import.meta.url)), home, token], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    url,
    token,
    pids: [child.pid],
    async close() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      rmSync(home, { recursive: true });
    },
  };
}

/** The two that are compared: the real one with its etcd, and the embedded one. */
export const servers = [
  { name: `kube-apiserver ${version} with etcd`, start: () => startRealApiServer({ token }) },
  { name: 'kube-embedded', start: startEmbedded },
];

/** Milliseconds that processes have computed so far, in the kernel too (proc(5); a tick is a hundredth of a second). */
export function processorTime(pids) {
  return pids.reduce((sum, pid) => {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(fields[11]) + Number(fields[12])) * 10;
  }, 0);
}

/** Bytes of memory that are these processes' own. */
export function residentMemory(pids) {
  return pids.reduce((sum, pid) => {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return sum + Number(kilobytes) * 1024;
  }, 0);
}
