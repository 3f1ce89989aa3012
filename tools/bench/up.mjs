// Time from the start of the `kmd up` process to its summary, and the memory of what then runs in the background.
// npm run bench [-- --runs 7]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mebibytes, summarise } from './figures.mjs';
import { descendantsOf, measure } from './processes.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
const kmd = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'kmd.js');

/** Runs kmd and returns its output with the seconds that a stopwatch outside the process shows. */
function run(home, ...args) {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [kmd, ...args], {
    encoding: 'utf8',
    env: { ...process.env, HOME: home, KMD_HOME: join(home, '.kmd'), KUBECONFIG: join(home, 'kubeconfig') },
  });
  if (status !== 0) throw new Error(`kmd ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`);
  return { milliseconds: performance.now() - begun, stdout };
}

const first = [];
const again = [];
const down = [];
const daemon = [];
const executors = [];
for (let index = 0; index < Number(values.runs); index++) {
  const home = mkdtempSync(join(tmpdir(), 'kmd-bench-'));
  try {
    const args = ['up', '--json', '--runtime', 'embedded', '--api-port', '0', '--mesos-port', '0'];
    first.push(run(home, ...args).milliseconds);
    const { process: background } = JSON.parse(run(home, 'status', '--json').stdout);
    daemon.push(measure([background.pid]).resident);
    executors.push(...descendantsOf(background.pid).map((pid) => measure([pid]).resident));
    down.push(run(home, 'down').milliseconds);
    again.push(run(home, ...args).milliseconds);
    run(home, 'down');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
const help = [];
for (let index = 0; index < Number(values.runs); index++) {
  const begun = performance.now();
  execFileSync(process.execPath, [kmd, '--help'], { stdio: 'ignore' });
  help.push(performance.now() - begun);
}

console.log(
  `kmd up, 2 agents, embedded runtime, ${values.runs} runs, Node ${process.versions.node} (median, least and most)`,
);
console.log(`  process start to summary, keys made         ${summarise(first, 'ms')}`);
console.log(`  process start to summary, keys reused       ${summarise(again, 'ms')}`);
console.log(`  kmd down                                    ${summarise(down, 'ms')}`);
console.log(`  kmd --help                                  ${summarise(help, 'ms')}`);
console.log(`  memory of the background process            ${summarise(daemon.map(mebibytes), 'MiB')}`);
console.log(`  memory of one Kubernetes executor           ${summarise(executors.map(mebibytes), 'MiB')}`);
