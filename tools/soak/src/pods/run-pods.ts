import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createKubeClient, type KubeClient } from '@kmd/kube-client';
import { createMasterClient, type MasterClient } from '@kmd/mesos-client';
import { findMarked } from '../cluster/process-table.js';
import { runCommand } from '../command.js';
import { carryOut } from '../faults.js';
import type { Fault } from '../plan.js';
import { Timeline } from '../timeline.js';
import { disagreements, findDoubles, look } from './agreement.js';
import { Churn } from './churn.js';
import { makePodTopology, PROCESSES, type PodTopology } from './topology.js';

/** How long all may take to come right when the faults are over. Milliseconds. */
const PATIENCE = 90_000;
const START = 60_000;

/** Runs a soak of pods and prints what it comes to. Gives the exit code. */
export const runPodSoak = (argv: readonly string[], programs: string, print: (line: string) => void): Promise<number> =>
  runCommand(
    {
      name: 'soak:km',
      processes: PROCESSES,
      async run({ options, plan, folder, mark }) {
        const topology = await makePodTopology(folder, programs, mark);
        const soak = new PodSoak(topology, new Timeline(join(folder, 'timeline.log')), mark, print);
        return soak.run(plan, options.seed);
      },
    },
    argv,
    print,
  );

class PodSoak {
  readonly #topology: PodTopology;
  readonly #timeline: Timeline;
  readonly #run: string;
  readonly #print: (line: string) => void;
  readonly #kube: KubeClient;
  readonly #master: MasterClient;
  readonly #pods = new Set<string>();
  readonly #doubled = new Set<string>();
  #faults = 0;

  constructor(topology: PodTopology, timeline: Timeline, run: string, print: (line: string) => void) {
    this.#topology = topology;
    this.#timeline = timeline;
    this.#run = run;
    this.#print = print;
    this.#kube = createKubeClient({ server: topology.apiServerUrl, userAgent: 'soak' });
    this.#master = createMasterClient({ master: topology.masterUrl });
  }

  /** Whether all held. */
  async run(plan: readonly Fault[], seed: number): Promise<boolean> {
    const { master, agents, apiServer, frameworks } = this.#topology;
    const daemons = [master, ...agents, apiServer, ...frameworks];
    const churn = new Churn(this.#kube, seed);
    const [changing, watching, broken] = [new AbortController(), new AbortController(), new AbortController()];
    let problems: string[] = [];
    try {
      for (const daemon of daemons) daemon.start();
      await churn.begin(AbortSignal.timeout(START));
      problems = await this.#settle(churn, START);
      if (problems.length > 0) problems.unshift('the cluster did not come up');
      const watch = this.#watch(watching.signal, () => {
        if (daemons.some(({ surprises }) => surprises.length > 0)) broken.abort();
      });
      const changes = churn.run(changing.signal);
      if (problems.length === 0)
        await carryOut(
          plan,
          {
            daemons: new Map(daemons.map((daemon) => [daemon.name, daemon])),
            run: this.#run,
            timeline: this.#timeline,
            ledgers: [],
            done: () => (this.#faults += 1),
          },
          broken.signal,
        );
      changing.abort();
      await changes;
      this.#timeline.write('settle: no faults and no changes any more');
      if (problems.length === 0) problems = await this.#settle(churn, PATIENCE);
      watching.abort();
      await watch;
    } finally {
      for (const group of [frameworks, agents, [master, apiServer]]) {
        for (const daemon of group) daemon.resume();
        await Promise.all(group.map((daemon) => daemon.stop(30_000)));
      }
      this.#kube.close();
      this.#master.close();
    }
    problems.push(
      ...daemons.flatMap(({ surprises }) => surprises),
      ...[...this.#doubled].map((name) => `${name} ran twice at one time`),
      ...findMarked(this.#run).map(({ pid, sandbox }) => `executor ${String(pid)} outlived its agent in ${sandbox}`),
    );
    for (const { pid } of findMarked(this.#run)) process.kill(pid, 'SIGKILL');
    for (const problem of problems) this.#timeline.write(`FOUND ${problem}`);
    this.#print(
      [
        ...problems,
        `${String(this.#pods.size)} pods, ${String(this.#faults)} faults, ${String(problems.length)} disagreements`,
      ].join('\n'),
    );
    return problems.length === 0 && this.#pods.size > 0;
  }

  /** What must hold at every moment, once a second; and a word every ten. */
  async #watch(signal: AbortSignal, check: () => void): Promise<void> {
    for (let seconds = 1; !signal.aborted; seconds += 1) {
      await delay(1_000, undefined, { signal }).catch(() => undefined);
      check();
      await this.#look().catch(() => undefined);
      if (seconds % 10 === 0)
        this.#print(
          `${String(Math.round(this.#timeline.now / 1000))} s: ${String(this.#pods.size)} pods, ${String(this.#faults)} faults`,
        );
    }
  }

  /** What both say now; rejects while one of them is away. */
  async #look(): ReturnType<typeof look> {
    const views = await look(this.#kube, this.#master);
    for (const { metadata } of views.pods) this.#pods.add(metadata?.uid ?? '');
    for (const name of findDoubles(views)) this.#doubled.add(name);
    return views;
  }

  /** Waits until all agree. What they do not agree on when the time is over, or nothing. */
  async #settle({ wanted }: Churn, patience: number): Promise<string[]> {
    const end = Date.now() + patience;
    for (;;) {
      const found = await this.#look().then(
        (views) => disagreements(views, wanted),
        (error: unknown) => [error instanceof Error ? error.message : String(error)],
      );
      if (found.length === 0 || Date.now() > end) return found;
      await delay(500);
    }
  }
}
