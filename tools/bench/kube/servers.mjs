import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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
