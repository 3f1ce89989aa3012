import { join } from 'node:path';
import type { EngineCredentials } from '../ask-engine.js';
import { readConfigText, type DockerConfigOptions } from './config-file.js';

/** The PEM files of a folder: an engine may do without a client's certificate; when it does not, its refusal is the reason given. */
export async function readCredentials(folder: string, options: DockerConfigOptions): Promise<EngineCredentials> {
  const entries = await Promise.all(
    (['ca', 'cert', 'key'] as const).map(async (name) => {
      const text = await readConfigText(join(folder, `${name}.pem`), options);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}
