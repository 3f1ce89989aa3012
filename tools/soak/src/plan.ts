import { pick, seeded } from './random.js';

/** Processes that come and go by themselves. */
export type Passing = 'executor' | 'task';

/** What a fault hits: a process of the cluster by its name, or one of those that live at that moment, chosen by a number from 0 up to 1. */
export type Target = { readonly process: string } | { readonly some: Passing; readonly choice: number };

/** One fault. Times in milliseconds since the start. */
export interface Fault {
  readonly at: number;
  /** `kill` is SIGKILL; `pause` is SIGSTOP, which looks like a partition to everybody else. */
  readonly action: 'kill' | 'pause';
  readonly target: Target;
  /** After so long the process is started again, or goes on. Executors and tasks are not started again by the soak. */
  readonly lasts: number;
  /**
   * Waits until a scheduler writes something down, as it does just before a launch and before an acknowledgement, and so many milliseconds more:
   * what is under way then is what gets lost. Undefined: at once.
   */
  readonly aim: number | undefined;
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Milliseconds between two faults: from none up to twice as many. */
  readonly gap: number;
  /** Names of the processes that may be hit, by kind; a kind is drawn first, then one of its processes. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
}

/** How often each kind is drawn. Executors and tasks have no names. */
const SHARES: Readonly<Record<string, number>> = {
  agent: 3,
  scheduler: 2.5,
  executor: 2,
  task: 1.5,
  master: 2,
  apiserver: 2,
};
/** What a process gets to stand up again before it is hit once more; also shorter than that, so that recoveries are hit. */
const REST = 400;

/** How long a fault waits at most for something to happen. */
export const LONGEST_AIM = 500;

/** The faults of a run, in their order. The same options give the same plan. */
export function makePlan({ seed, seconds, gap, kinds }: PlanOptions): Fault[] {
  const random = seeded(seed);
  const busy = new Map<string, number>();
  const faults: Fault[] = [];
  const end = seconds * 1_000;
  for (let at = 1_000 + random() * gap; at < end; at += random() * 2 * gap) {
    const action = random() < 0.6 ? 'kill' : 'pause';
    const lasts = Math.round(duration(action, random(), random()));
    const kind = pickKind(Object.keys(kinds), random());
    const choice = random();
    const aim = random() < 0.5 ? Math.round(random() ** 2 * 30) : undefined;
    const name = pick(kinds[kind] ?? [], choice);
    if (at + lasts + LONGEST_AIM >= end) continue;
    if (name === undefined) {
      if (kind === 'executor' || kind === 'task')
        faults.push({ at: Math.round(at), action, target: { some: kind, choice }, lasts, aim });
      continue;
    }
    if ((busy.get(name) ?? 0) > at) continue;
    busy.set(name, at + lasts + REST + (aim === undefined ? 0 : LONGEST_AIM));
    faults.push({ at: Math.round(at), action, target: { process: name }, lasts, aim });
  }
  return faults;
}

/** Mostly short; one in ten deaths and one in four pauses last longer than the master waits for an agent. */
function duration(action: Fault['action'], length: number, kind: number): number {
  if (action === 'kill') return kind < 0.6 ? length * 800 : kind < 0.9 ? 800 + length * 2_200 : 4_000 + length * 4_000;
  return kind < 0.75 ? 200 + length * 2_500 : 4_000 + length * 4_000;
}

function pickKind(kinds: readonly string[], random: number): string {
  const shares = kinds.map((kind) => SHARES[kind] ?? 0);
  let left = random * shares.reduce((sum, share) => sum + share, 0);
  for (const [index, kind] of kinds.entries()) {
    left -= shares[index] ?? 0;
    if (left < 0) return kind;
  }
  return kinds[0] ?? '';
}

/** A fault as a line that a person reads. */
export function describeFault({ at, action, target, lasts, aim }: Fault): string {
  const name = 'process' in target ? target.process : `${target.some} ${target.choice.toFixed(2)}`;
  const when = aim === undefined ? '' : `, ${String(aim)} ms after a scheduler wrote something down`;
  return `${(at / 1000).toFixed(3).padStart(8)} ${action} ${name} for ${String(lasts)} ms${when}`;
}
