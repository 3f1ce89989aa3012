import { validateKubernetes } from '@kmd/cluster';
import { exitCodes } from '../exit-code.js';
import { formatTable, painter } from '../output/text.js';
import type { Streams } from '../streams.js';
import { type TargetFlags, targetOf } from './target.js';

export interface ValidateFlags extends TargetFlags {
  nodes?: number | undefined;
  /** False: `--no-pod`. */
  pod?: boolean | undefined;
  podImage?: string | undefined;
  namespace?: string | undefined;
  timeout?: number | undefined;
  output?: 'table' | 'json' | undefined;
  json?: boolean | undefined;
}

export async function validate(flags: ValidateFlags, streams: Streams): Promise<number> {
  const { ok, checks } = await validateKubernetes(targetOf(flags, streams), {
    nodes: flags.nodes,
    pod: flags.pod === false ? false : { image: flags.podImage, namespace: flags.namespace, timeout: flags.timeout },
    signal: streams.signal,
  });
  if (flags.json || flags.output === 'json') streams.stdout.write(`${JSON.stringify({ ok, checks }, null, 2)}\n`);
  else {
    const paint = painter(streams.stdout, streams.environment);
    streams.stdout.write(
      formatTable(
        ['CHECK', 'RESULT', 'DETAIL'],
        checks.map((check) => [check.name, check.ok ? 'ok' : 'failed', check.detail]),
      ),
    );
    const failed = checks.filter((check) => !check.ok).length;
    streams.stdout.write(
      ok ? `${paint('green', '✓')} it works\n` : `${paint('red', '✗')} ${failed} of ${checks.length} checks failed\n`,
    );
  }
  return ok ? exitCodes.ok : exitCodes.failure;
}
