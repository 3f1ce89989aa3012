import { type AddonListing, disableAddon, enableAddon, listAddonStates } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { formatTable, painter } from '../output/text.js';
import { showWork, type WorkFlags } from '../output/work.js';
import type { Streams } from '../streams.js';
import { type TargetFlags, targetOf } from './target.js';

export interface AddonListFlags extends TargetFlags {
  output?: 'table' | 'json' | undefined;
  json?: boolean | undefined;
}

export interface AddonChangeFlags extends TargetFlags, WorkFlags {
  timeout?: number | undefined;
}

export async function listAddons(flags: AddonListFlags, streams: Streams): Promise<number> {
  const addons = await listAddonStates(targetOf(flags, streams), { signal: streams.signal });
  if (isJson(flags)) streams.stdout.write(`${JSON.stringify(addons, null, 2)}\n`);
  else
    streams.stdout.write(
      formatTable(
        ['NAME', 'ENABLED', 'READY', 'SOURCE'],
        addons.map(({ name, enabled, ready, source }) => [
          name,
          enabled ? 'yes' : 'no',
          enabled ? (ready ? 'yes' : 'no') : '-',
          enabled ? (source ?? 'kmd') : 'kmd',
        ]),
      ),
    );
  return exitCodes.ok;
}

/** Of all addons that are enabled, or of some, whether they work and what is missing. Ends with 1 where one does not. */
export async function addonStatus(names: readonly string[], flags: AddonListFlags, streams: Streams): Promise<number> {
  const all = await listAddonStates(targetOf(flags, streams), { signal: streams.signal });
  const unknown = names.find((name) => all.every((addon) => addon.name !== name));
  if (unknown !== undefined) {
    streams.stderr.write(`kmd: there is no addon "${unknown}": there are ${all.map(({ name }) => name).join(', ')}\n`);
    return exitCodes.usage;
  }
  const chosen = all.filter(({ name, enabled }) => (names.length === 0 ? enabled : names.includes(name)));
  if (isJson(flags)) streams.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
  else {
    const paint = painter(streams.stdout, streams.environment);
    for (const { name, enabled, ready, detail } of chosen) {
      const mark = ready ? paint('green', '✓') : paint(enabled ? 'red' : 'dim', enabled ? '✗' : '-');
      streams.stdout.write(`${mark} ${name}  ${enabled ? detail : 'not enabled'}\n`);
    }
  }
  return chosen.every(works) ? exitCodes.ok : exitCodes.failure;
}

const works = ({ enabled, ready }: AddonListing): boolean => enabled && ready;
const isJson = ({ output, json }: AddonListFlags): boolean => json === true || output === 'json';

export function enable(
  what: string,
  flags: AddonChangeFlags & { as?: string | undefined },
  streams: Streams,
): Promise<number> {
  return showWork(
    flags,
    streams,
    async ({ listener }) => {
      const { name } = await enableAddon(targetOf(flags, streams), what, {
        name: flags.as,
        timeout: flags.timeout,
        signal: streams.signal,
        onProgress: listener,
      });
      return { result: 'enabled', addon: name };
    },
    ({ addon }) => `Addon ${addon} runs.`,
  );
}

export function disable(name: string, flags: AddonChangeFlags, streams: Streams): Promise<number> {
  return showWork(
    flags,
    streams,
    async ({ listener }) => {
      const { result } = await disableAddon(targetOf(flags, streams), name, {
        timeout: flags.timeout,
        signal: streams.signal,
        onProgress: listener,
      });
      return { result, addon: name };
    },
    ({ result }) => (result === 'none' ? `Addon ${name} was not there.` : `Addon ${name} is gone.`),
  );
}
