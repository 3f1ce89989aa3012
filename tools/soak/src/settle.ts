import { setTimeout as delay } from 'node:timers/promises';
import { createMasterClient, isTerminal, type MasterClient } from '@kmd/mesos-client';
import { findMarked } from './cluster/process-table.js';
import { setPhase, type Topology } from './cluster/topology.js';
import { compare, readLedgers, type Finding } from './findings.js';
import type { Timeline } from './timeline.js';

/** What the end of a run asks of a cluster that is left in peace. */
export interface SettleOptions {
  readonly topology: Topology;
  readonly run: string;
  readonly timeline: Timeline;
  /** How long each step may take, in milliseconds. */
  readonly patience: number;
}

/**
 * Ends a run: no launches any more, until the schedulers, the master and the process table agree on every task; then everything is killed,
 * until all have ended and no process is left; then the frameworks are torn down, and their executors must go.
 */
export async function settle(options: SettleOptions): Promise<Finding[]> {
  const { topology, run, timeline } = options;
  const master = createMasterClient({ master: topology.masterUrl });
  try {
    timeline.write('settle: no launches any more');
    setPhase(topology.places.folder, 'hold');
    const findings = await until(options, () => disagreements(topology, run, master));
    timeline.write('settle: all tasks are killed');
    setPhase(topology.places.folder, 'kill');
    findings.push(...(await until(options, () => Promise.resolve(unfinished(topology, run)))));
    timeline.write('settle: the frameworks are torn down');
    for (const scheduler of topology.schedulers) scheduler.expectEnd();
    setPhase(topology.places.folder, 'teardown');
    findings.push(...(await until(options, () => Promise.resolve(remaining(topology, run)))));
    return findings;
  } finally {
    master.close();
  }
}

/** Looks again and again until nothing is wrong, or patience is over: then what is wrong stays. */
async function until({ patience, timeline }: SettleOptions, look: () => Promise<Finding[]>): Promise<Finding[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const findings = await look();
    if (findings.length === 0 || Date.now() > deadline) {
      for (const { kind, what, why } of findings) timeline.write(`${kind}: ${what}: ${why}`);
      return findings;
    }
    await delay(250);
  }
}

async function disagreements({ places }: Topology, run: string, client: MasterClient): Promise<Finding[]> {
  let known: Map<string, string>;
  try {
    known = await tasksOfMaster(client);
  } catch (error) {
    return [{ kind: 'broken', what: 'master', why: `does not answer: ${String(error)}`, lines: [] }];
  }
  return compare(readLedgers(places), known, new Set(findMarked(run).map(({ task }) => task)));
}

/** The tasks of the soak's frameworks that have not ended, with their states. */
async function tasksOfMaster(client: MasterClient): Promise<Map<string, string>> {
  const { get_tasks: found } = await client.call({ type: 'GET_TASKS' });
  const open = (found.tasks ?? []).filter(({ state }) => !isTerminal(state));
  return new Map(open.map(({ task_id: id, state }) => [id.value, state]));
}

/** Tasks that should have ended, and their processes. */
function unfinished({ places }: Topology, run: string): Finding[] {
  const open = [...readLedgers(places).values()].filter(({ endedAt }) => endedAt === undefined);
  const processes = findMarked(run).filter(({ task }) => task !== undefined);
  return [
    ...open.map((account) => ({
      kind: 'lost' as const,
      what: account.id,
      why: 'it was killed and has not ended',
      lines: account.lines,
    })),
    ...processes.map(({ pid, task, sandbox }): Finding => {
      return { kind: 'leaked', what: task ?? '', why: `process ${String(pid)} in ${sandbox} outlived the end of all tasks`, lines: [] }; // prettier-ignore
    }),
  ];
}

/** What should be gone once there is no framework any more. */
export function remaining({ schedulers }: Pick<Topology, 'schedulers'>, run: string): Finding[] {
  const running = schedulers.filter(({ pid }) => pid !== undefined);
  return [
    ...running.map(({ name }): Finding => {
      return { kind: 'broken', what: name, why: 'did not end after its TEARDOWN', lines: [] };
    }),
    ...findMarked(run).map(({ pid, sandbox, task }): Finding => {
      return { kind: 'leaked', what: task ?? `executor ${String(pid)}`, why: `process ${String(pid)} in ${sandbox} outlived its framework`, lines: [] }; // prettier-ignore
    }),
  ];
}
