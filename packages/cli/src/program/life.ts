import { type Command, InvalidArgumentError } from 'commander';
import type { Streams } from '../streams.js';
import { duration } from './values.js';

/** `kmd stop`, `start` and `scale`: what happens to a cluster between `up` and `down`. */
export function addLife(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const output = (command: Command) =>
    command
      .option('--name <name>', 'name of the cluster', 'local')
      .option('--json', 'progress and result as JSON, one object a line')
      .option('-q, --quiet', 'print errors only');
  output(program.command('stop'))
    .summary('stop a cluster so that it can be started again')
    .description(
      'Stops everything of the cluster. Its objects, keys, ports and context stay, and `kmd start` goes on from there; pods that ran begin anew.',
    )
    .action(async (flags: LifeFlags) => {
      const { stop } = await import('../commands/life.js');
      end(await stop(flags, streams));
    });
  output(program.command('start'))
    .summary('start a stopped cluster, as it was')
    .option('--timeout <duration>', 'longest time until ready, as 90s or 5m (default: 3m)', duration)
    .action(async (flags: LifeFlags & { timeout?: number }) => {
      const { start } = await import('../commands/life.js');
      end(await start(flags, streams));
    });
  output(program.command('scale <agents=N>'))
    .summary('change the number of agents of a running cluster')
    .addHelpText('after', '\nExample:\n  kmd scale agents=5\n')
    .action(async (wanted: string, flags: LifeFlags) => {
      const agents = readScale(wanted);
      const { scale } = await import('../commands/life.js');
      end(await scale(agents, flags, streams));
    });
}

export interface LifeFlags {
  name: string;
  json?: boolean;
  quiet?: boolean;
}

/** The number of `agents=5`; the name that agents had in 2015 does as well. */
function readScale(text: string): number {
  const match = /^(?:agents|mesosslave)=(\d{1,9})$/.exec(text);
  if (!match) throw new InvalidArgumentError(`error: '${text}' is not what can be scaled: give agents=N`);
  return Number(match[1]);
}
