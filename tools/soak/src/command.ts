import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions, usageOf, type SoakOptions } from './options.js';
import { describeFault, makePlan, type Fault } from './plan.js';

/** One of the soaks, as its command tells it. */
export interface SoakCommand {
  /** `npm run NAME`, and the beginning of its folders. */
  readonly name: string;
  /** Names of the processes that may be hit, by kind. */
  readonly processes: Readonly<Record<string, readonly string[]>>;
  /** Resolves to whether all held. */
  readonly run: (soak: PlannedSoak) => Promise<boolean>;
}

export interface PlannedSoak {
  readonly options: SoakOptions;
  readonly plan: readonly Fault[];
  readonly folder: string;
  /** The mark of the run's processes. */
  readonly mark: string;
}

/** Runs a soak as its arguments say. Gives the exit code: 0 all held, 1 something did not, 2 wrong arguments. */
export async function runCommand(
  { name, processes, run }: SoakCommand,
  argv: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const known = Object.keys(processes);
  let options: SoakOptions;
  try {
    options = parseOptions(argv, known);
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n${usageOf(name, known)}`);
    return 2;
  }
  const { seed, seconds, gap, only } = options;
  const kinds = Object.fromEntries(Object.entries(processes).filter(([kind]) => only.includes(kind)));
  const plan = makePlan({ seed, seconds, gap, kinds });
  if (options.plan) {
    for (const fault of plan) print(describeFault(fault));
    return 0;
  }
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), `${name.replace(':', '-')}-`));
  mkdirSync(folder, { recursive: true });
  print(`seed ${String(seed)}, ${String(seconds)} s, ${String(plan.length)} faults planned; ${folder}/timeline.log`);
  const well = await run({ options, plan, folder, mark: randomUUID() });
  if (well && !options.keep && options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  return well ? 0 : 1;
}
