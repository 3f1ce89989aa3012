import { versions } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import type { Streams } from '../streams.js';

export async function version(flags: { json?: boolean | undefined }, streams: Streams): Promise<number> {
  const { kmd, kubernetes, mesos } = versions;
  const all = { kmd, node: process.versions.node, embeddedKubernetes: kubernetes, embeddedMesos: mesos };
  streams.stdout.write(
    flags.json
      ? `${JSON.stringify(all, null, 2)}\n`
      : `kmd ${all.kmd}\nNode ${all.node}\nembedded Kubernetes API ${all.embeddedKubernetes}\nembedded Mesos ${all.embeddedMesos}\n`,
  );
  return exitCodes.ok;
}

export function printVersion(streams: Streams): number {
  streams.stdout.write(`${versions.kmd}\n`);
  return exitCodes.ok;
}
