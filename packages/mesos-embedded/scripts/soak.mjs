// Kills agents (SIGKILL) and breaks scheduler streams at random points while tasks flow: `node scripts/soak.mjs [SECONDS] [SEED]`.
// Holds, and exits with 1 where it does not: no task is launched twice, none is lost from view, no process is left behind.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const seconds = Number(process.argv[2] ?? 60);
let seed = Number(process.argv[3] ?? 1);
const terminal = /^TASK_(FINISHED|FAILED|KILLED|ERROR|LOST|DROPPED|GONE|GONE_BY_OPERATOR)$/;

/** A fixed sequence for a seed (mulberry32). */
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

const folder = await mkdtemp(join(tmpdir(), 'mesos-soak-'));
const bundle = async (path, name) => {
  const outfile = join(folder, name);
  await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    tsconfig: fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url)),
    outfile,
  });
  return outfile;
};
const bin = await bundle('../src/bin.ts', 'bin.mjs');
const { startMaster } = await import(pathToFileURL(await bundle('../src/index.ts', 'index.mjs')).href);
const { createSchedulerClient } = await import(
  pathToFileURL(await bundle('../../mesos-client/src/index.ts', 'client.mjs')).href
);

const marks = join(folder, 'marks');
mkdirSync(marks);
const master = await startMaster({ flags: { agentPingTimeout: 500, maxAgentPingTimeouts: 3 } });
const agents = [1, 2].map((number) => startAgent(number));
const faults = { agents: 0, streams: 0 };
const tasks = new Map();
const stop = new AbortController();
const client = createSchedulerClient({
  master: master.url,
  framework: { user: 'root', name: 'soak', roles: ['soak'], failover_timeout: 600, capabilities: [{ type: 'MULTI_ROLE' }, { type: 'PARTITION_AWARE' }] }, // prettier-ignore
});
const end = performance.now() + seconds * 1000;

function startAgent(number) {
  const work = join(folder, `agent${String(number)}`);
  const child = spawn(process.execPath, [bin, 'agent', `--master=${master.url}`, `--work_dir=${work}`, '--port=0', '--resources=cpus:4;mem:1024'], { stdio: 'ignore' }); // prettier-ignore
  return { number, child };
}

async function wreck() {
  while (performance.now() < end) {
    await delay(500 + random() * 2500);
    if (random() < 0.5) {
      const index = Math.floor(random() * agents.length);
      agents[index].child.kill('SIGKILL');
      faults.agents += 1;
      await delay(random() * 1000);
      agents[index] = startAgent(agents[index].number);
    } else if (client.frameworkId !== undefined && master.faults.dropStream(client.frameworkId)) {
      faults.streams += 1;
    }
  }
}

async function schedule() {
  try {
    for await (const event of client.subscribe({ signal: stop.signal })) {
      if (event.type === 'OFFERS') {
        for (const offer of event.offers.offers) await use(offer);
      } else if (event.type === 'UPDATE') {
        const { status } = event.update;
        const task = tasks.get(status.task_id.value);
        // A task that was over stays over.
        if (task !== undefined && !terminal.test(task.state)) task.state = status.state;
      } else if (event.type === 'SUBSCRIBED') {
        await client.call({ type: 'RECONCILE', reconcile: { tasks: [...tasks].filter(([, { state }]) => !terminal.test(state)).map(([id, { agent_id }]) => ({ task_id: { value: id }, agent_id })) } }); // prettier-ignore
      }
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
}

async function use(offer) {
  const id = `task-${String(tasks.size + 1)}`;
  const wanted = performance.now() < end;
  // Written down before it is launched: whatever happens then, it is known.
  if (wanted) tasks.set(id, { state: 'TASK_STAGING', agent_id: offer.agent_id });
  const infos = wanted ? [describe(id, offer)] : [];
  try {
    await client.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: infos.length === 0 ? [] : [{ type: 'LAUNCH', launch: { task_infos: infos } }],
        filters: { refuse_seconds: 0 },
      },
    });
  } catch {
    // The stream broke: the reconciliation after the next subscription tells what became of the task.
  }
}

function describe(id, offer) {
  const text = `echo start >> ${join(marks, id)}; sleep ${(random() * 2).toFixed(2)}`;
  return {
    name: id,
    task_id: { value: id },
    agent_id: offer.agent_id,
    resources: [
      { name: 'cpus', type: 'SCALAR', scalar: { value: 0.2 } },
      { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
    ],
    command: { value: text },
  };
}

/** Every task that is not over is asked for until it is, or is known to nobody. */
async function settle() {
  const deadline = performance.now() + 30_000;
  const open = () => [...tasks].filter(([, { state }]) => !terminal.test(state) && state !== 'TASK_UNKNOWN');
  while (open().length > 0 && performance.now() < deadline) {
    await client.call({ type: 'RECONCILE', reconcile: { tasks: open().map(([id, { agent_id }]) => ({ task_id: { value: id }, agent_id })) } }).catch(() => undefined); // prettier-ignore
    await delay(500);
  }
  return open();
}

const scheduling = schedule();
await wreck();
const lost = await settle();
stop.abort();
await scheduling;
for (const { child } of agents) {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
}
await master.close();

const twice = readdirSync(marks).filter((id) => readFileSync(join(marks, id), 'utf8').trim().split('\n').length > 1);
const leaked = leftovers();
console.log(`${String(tasks.size)} tasks, ${String(readdirSync(marks).length)} started; ${String(faults.agents)} agents killed, ${String(faults.streams)} streams broken`); // prettier-ignore
for (const [id, { state }] of lost) console.log(`lost from view: ${id}, last ${state}`);
for (const id of twice) console.log(`launched twice: ${id}`);
for (const pid of leaked) console.log(`left behind: process ${pid}`);
const well = lost.length === 0 && twice.length === 0 && leaked.length === 0 && tasks.size > 0;
console.log(well ? 'soak passed' : 'soak failed');
process.exitCode = well ? 0 : 1;
await writeFile(join(folder, 'done'), '');
await rm(folder, { recursive: true, force: true });

/** Processes whose sandbox is below this soak's folder. */
function leftovers() {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`MESOS_SANDBOX=${folder}`);
    } catch {
      return false;
    }
  });
}
