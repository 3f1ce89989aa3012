import { openCluster } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { painter } from '../output/text.js';
import type { Streams } from '../streams.js';

export interface LogFlags {
  name: string;
  follow?: boolean | undefined;
  tail?: number | undefined;
}

const COLOURS = ['cyan', 'yellow', 'green', 'magenta', 'blue'] as const;

export async function logs(services: readonly string[], flags: LogFlags, streams: Streams): Promise<number> {
  const paint = painter(streams.stdout, streams.environment);
  const colours = new Map<string, (typeof COLOURS)[number]>();
  const lines = openCluster(flags.name, { environment: streams.environment }).logs({
    services,
    follow: flags.follow,
    tail: flags.tail,
    signal: streams.signal,
  });
  for await (const { service, line } of lines) {
    let colour = colours.get(service);
    if (!colour) {
      colour = COLOURS[colours.size % COLOURS.length] ?? 'cyan';
      colours.set(service, colour);
    }
    // One log alone is printed as it is, so that it can be piped.
    const prefix = services.length === 1 && colours.size === 1 ? '' : `${paint(colour, service.padEnd(14))} | `;
    streams.stdout.write(`${prefix}${line}\n`);
  }
  return exitCodes.ok;
}
