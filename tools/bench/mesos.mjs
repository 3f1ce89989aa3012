// Everything about the Mesos client: `npm run bench:mesos`, after `npm run build`. Ratios are those of one run on one machine.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const parts = [
  ['decoding a recorded stream of 100,000 events', 'decode.mjs', []],
  ['memory over a million events', 'memory.mjs', ['--expose-gc']],
  ['arithmetic on an offer with 20 ranges of ports', 'resources.mjs', []],
  ['with the embedded Mesos: accept, offer cycles, reconciliation', '../mesos-embedded.mjs', []],
];
for (const [title, file, flags] of parts) {
  console.log(`\n## ${title}\n`);
  const script = fileURLToPath(new URL(`mesos/${file}`, import.meta.url));
  const { status } = spawnSync(process.execPath, [...flags, script], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
