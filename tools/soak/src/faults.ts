import { watch } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Daemon } from './cluster/daemon.js';
import { findMarked } from './cluster/process-table.js';
import { LONGEST_AIM, type Fault, type Passing } from './plan.js';
import { pick } from './random.js';
import type { Timeline } from './timeline.js';

/** What faults are carried out on. */
export interface Scene {
  readonly daemons: ReadonlyMap<string, Daemon>;
  /** The mark of the run's tasks and executors. */
  readonly run: string;
  readonly timeline: Timeline;
  /** Files that the schedulers write down in. */
  readonly ledgers: readonly string[];
  /** Called with each fault that hit something. */
  readonly done: () => void;
}

/** Carries the faults of a plan out, each at its time; several may be on at once. Resolves when the last is over. */
export async function carryOut(plan: readonly Fault[], scene: Scene, signal: AbortSignal): Promise<void> {
  const going: Promise<void>[] = [];
  for (const fault of plan) {
    await delay(Math.max(0, fault.at - scene.timeline.now), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    going.push(perform(fault, scene));
  }
  await Promise.all(going);
}

async function perform(fault: Fault, scene: Scene): Promise<void> {
  const { action, target, lasts, aim } = fault;
  const { daemons, timeline, done } = scene;
  if (aim !== undefined) {
    await anyWrite(scene.ledgers, LONGEST_AIM - aim);
    await delay(aim);
  }
  if ('some' in target) {
    await hitSome(fault, target, scene);
    return;
  }
  const daemon = daemons.get(target.process);
  // On a slow machine an earlier fault may not be over yet.
  if (daemon?.runningSince === undefined) {
    timeline.write(`${action} ${target.process}: it is down already`);
    return;
  }
  timeline.write(`${action} ${daemon.name} (pid ${String(daemon.pid)}) for ${String(lasts)} ms`);
  done();
  if (action === 'kill') {
    await daemon.end();
    await delay(lasts);
    daemon.start();
    timeline.write(`start ${daemon.name} (pid ${String(daemon.pid)})`);
  } else {
    daemon.pause();
    await delay(lasts);
    daemon.resume();
    timeline.write(`resume ${daemon.name}`);
  }
}

/** Executors and tasks are found by their mark: which ones there are, the plan cannot know. */
async function hitSome(
  { action, lasts }: Fault,
  { some, choice }: { some: Passing; choice: number },
  { run, timeline, done }: Scene,
): Promise<void> {
  const there = findMarked(run).filter(({ task }) => (task === undefined) === (some === 'executor'));
  const hit = pick(
    there.sort((one, other) => (one.sandbox < other.sandbox ? -1 : 1)),
    choice,
  );
  if (!hit) {
    timeline.write(`${action} ${some}: there is none now`);
    return;
  }
  const name = `${some} ${hit.task ?? ''} (pid ${String(hit.pid)})`;
  timeline.write(`${action} ${name} in ${hit.sandbox} for ${String(lasts)} ms`);
  done();
  send(hit.pid, action === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  if (action === 'kill') return;
  await delay(lasts);
  send(hit.pid, 'SIGCONT');
  timeline.write(`resume ${name}`);
}

/** Resolves when one of the files changes, or the time is over. */
async function anyWrite(paths: readonly string[], milliseconds: number): Promise<void> {
  const changed = new AbortController();
  const watchers = paths.map((path) => watch(path, () => changed.abort()));
  await delay(milliseconds, undefined, { signal: changed.signal }).catch(() => undefined);
  for (const watcher of watchers) watcher.close();
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // ESRCH: it has ended meanwhile.
  }
}
