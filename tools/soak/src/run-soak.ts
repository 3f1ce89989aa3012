import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Daemon } from './cluster/daemon.js';
import { canSeeProcesses, findMarked, type MarkedProcess } from './cluster/process-table.js';
import { makeTopology, PROCESSES, setPhase, type Topology } from './cluster/topology.js';
import { runCommand } from './command.js';
import { carryOut, type Scene } from './faults.js';
import { findDoubled, Findings, findLeaked, readLedgers, type Finding } from './findings.js';
import type { Fault } from './plan.js';
import { remaining, settle } from './settle.js';
import { Timeline } from './timeline.js';

/** A process of a task that ended may live so long while its agent and the master are well. */
const GRACE = 10_000;
const PATIENCE = 90_000;

/** Runs a soak of tasks and prints what it comes to. Gives the exit code. */
export const runSoak = (argv: readonly string[], programs: string, print: (line: string) => void): Promise<number> =>
  runCommand(
    {
      name: 'soak',
      processes: PROCESSES,
      async run({ options: { seed }, plan, folder, mark }) {
        if (!canSeeProcesses)
          print('This system has no /proc: processes that leak are not seen, executors and tasks are not hit.');
        const topology = await makeTopology({ folder, programs, run: mark, seed, random: Math.random });
        const soak = new Soak(topology, mark, print);
        await soak.run(plan);
        const { well, summary } = soak.result;
        print(summary);
        return well;
      },
    },
    argv,
    print,
  );

class Soak {
  readonly #topology: Topology;
  readonly #run: string;
  readonly #print: (line: string) => void;
  readonly #timeline: Timeline;
  readonly #daemons: ReadonlyMap<string, Daemon>;
  readonly #findings = new Findings();
  /** Aborted when a process of the cluster ends by itself: what follows would only tell that again. */
  readonly #broken = new AbortController();
  #faults = 0;

  constructor(topology: Topology, run: string, print: (line: string) => void) {
    this.#topology = topology;
    this.#run = run;
    this.#print = print;
    this.#timeline = new Timeline(join(topology.places.folder, 'timeline.log'));
    const { master, agents, schedulers } = topology;
    this.#daemons = new Map([master, ...agents, ...schedulers].map((daemon) => [daemon.name, daemon]));
  }

  get result(): { well: boolean; summary: string } {
    const count = (kind: Finding['kind']): string => String(this.#findings.count(kind));
    const tasks = readLedgers(this.#topology.places).size;
    const broken = this.#findings.count('broken') === 0 ? '' : `, ${count('broken')} broken`;
    return {
      well: this.#findings.size === 0 && tasks > 0,
      summary: `${String(tasks)} tasks, ${String(this.#faults)} faults, ${count('lost')} lost, ${count('doubled')} doubled, ${count('leaked')} leaked${broken}`,
    };
  }

  async run(plan: readonly Fault[]): Promise<void> {
    const watching = new AbortController();
    const watch = this.#watch(watching.signal);
    try {
      setPhase(this.#topology.places.folder, 'run');
      for (const daemon of this.#daemons.values()) daemon.start();
      await carryOut(plan, this.#scene(), this.#broken.signal);
      if (this.#broken.signal.aborted) return;
      const { places } = this.#topology;
      this.#note(
        await settle({ topology: this.#topology, run: this.#run, timeline: this.#timeline, patience: PATIENCE }),
      );
      this.#note(findDoubled(places.starts, readLedgers(places)));
    } finally {
      watching.abort();
      await watch;
      await this.#end();
    }
  }

  #scene(): Scene {
    return {
      daemons: this.#daemons,
      run: this.#run,
      timeline: this.#timeline,
      ledgers: Object.values(this.#topology.places.ledgers),
      done: () => (this.#faults += 1),
    };
  }

  /** What must hold at every moment, once a second; and a word every ten. */
  async #watch(signal: AbortSignal): Promise<void> {
    for (let seconds = 1; !signal.aborted; seconds += 1) {
      await delay(1_000, undefined, { signal }).catch(() => undefined);
      const { places } = this.#topology;
      // Processes first: what lives now was written down before.
      const processes = findMarked(this.#run);
      const accounts = readLedgers(places);
      this.#note(findDoubled(places.starts, accounts));
      this.#note(findLeaked(processes, accounts, (process) => this.#settledBefore(process)));
      this.#noteSurprises();
      if (seconds % 10 === 0) this.#print(`${String(Math.round(this.#timeline.now / 1000))} s: ${this.result.summary}`);
    }
  }

  /** What ended before this moment has been cleaned up by now: an agent or a master that was away needs time to learn of it. */
  #settledBefore({ sandbox, task = '' }: MarkedProcess): number {
    const { master, agents, schedulers } = this.#topology;
    const agent = agents.find(({ name }) => sandbox.includes(`/${name}/`));
    // One that does not know partitions ends tasks itself that were lost and are back.
    const scheduler = schedulers.find(({ name }) => task.startsWith(`${name}-`));
    const since = [master, agent, scheduler].map((daemon) => daemon?.runningSince ?? Infinity);
    return Date.now() - GRACE > Math.max(...since) ? Date.now() - GRACE : -Infinity;
  }

  #note(findings: readonly Finding[]): void {
    for (const { kind, what, why, lines } of this.#findings.add(findings)) {
      this.#timeline.write(`FOUND ${kind}: ${what}: ${why}`);
      this.#print([`${kind}: ${what}: ${why}`, ...lines.slice(-12).map((line) => `    ${line}`)].join('\n'));
    }
  }

  #noteSurprises(): void {
    for (const { name, surprises } of this.#daemons.values()) {
      if (surprises.length > 0) this.#broken.abort();
      this.#note(surprises.map((why) => ({ kind: 'broken', what: name, why, lines: [] })));
    }
  }

  /** Agents first: they end what they started. What is left then is a finding, and is ended all the same. */
  async #end(): Promise<void> {
    const { master, agents, schedulers } = this.#topology;
    for (const group of [schedulers, agents, [master]]) {
      for (const daemon of group) daemon.resume();
      await Promise.all(group.map((daemon) => this.#endOne(daemon)));
    }
    this.#noteSurprises();
    this.#note(remaining({ schedulers: [] }, this.#run));
    for (const { pid } of findMarked(this.#run)) process.kill(pid, 'SIGKILL');
  }

  async #endOne(daemon: Daemon): Promise<void> {
    if (await daemon.stop(30_000)) return;
    this.#note([{ kind: 'broken', what: daemon.name, why: 'did not end within 30 s of being asked to', lines: [] }]);
  }
}
