import { type Command, InvalidArgumentError } from 'commander';
import type { LifeFlags } from '../commands/life.js';
import type { Streams } from '../streams.js';
import { forCluster, withProgress } from './options.js';
import { duration } from './values.js';

/** `kmd stop`, `start` and `scale`: what happens to a cluster between `up` and `down`. */
export function addLife(program: Command, end: (exitCode: number) => void, streams: Streams): void {
  const add = (name: string): Command => withProgress(forCluster(program.command(name)));
  add('stop')
    .summary('stop a cluster so that it can be started again')
    .description(
      'Stops everything of the cluster. Its objects, keys, ports and context stay, and `kmd start` goes on from there; pods that ran begin anew.',
    )
    .action(async (flags: LifeFlags) => {
      const { stop } = await import('../commands/life.js');
      end(await stop(flags, streams));
    });
  add('start')
    .summary('start a stopped cluster, as it was')
    .option('--timeout <duration>', 'longest time until ready, as 90s or 5m (default: 3m)', duration)
    .action(async (flags: LifeFlags & { timeout?: number }) => {
      const { start } = await import('../commands/life.js');
      end(await start(flags, streams));
    });
  add('scale')
    .argument('<agents=N>', 'how many there shall be', readScale)
    .summary('change the number of agents of a running cluster')
    .addHelpText('after', '\nExample:\n  kmd scale agents=5\n')
    .action(async (agents: number, flags: LifeFlags) => {
      const { scale } = await import('../commands/life.js');
      end(await scale(agents, flags, streams));
    });
}

/** The number of `agents=5`; the name that agents had in 2015 does as well. */
function readScale(text: string): number {
  const match = /^(?:agents|mesosslave)=(\d{1,9})$/.exec(text);
  if (!match) throw new InvalidArgumentError('Give agents=N, with a whole number.');
  return Number(match[1]);
}
