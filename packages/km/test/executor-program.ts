import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandInfo } from '@kmd/mesos-client';
import { build } from 'esbuild';

/** Bundles the executor as its package bundles it, into a folder, and tells agents of this machine how to start it. */
export async function buildExecutor(
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<CommandInfo> {
  const program = join(directory, 'executor.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('../src/executor-main.ts', import.meta.url))],
    tsconfig: fileURLToPath(new URL('../../../tsconfig.base.json', import.meta.url)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
  return {
    shell: false,
    value: process.execPath,
    arguments: [process.execPath, program],
    environment: { variables: Object.entries(environment).map(([name, value]) => ({ name, value })) },
  };
}
