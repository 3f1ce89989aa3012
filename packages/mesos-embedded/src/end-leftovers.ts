import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ProcessRecords } from './agent/leftovers.js';
import { silent, type Logger } from './logger.js';

/**
 * Ends what killed agents left running, whole process groups, without starting an agent: `workDir` is the work directory of one, or a
 * folder of such directories. Agents that run must not use them. Returns the process ids.
 */
export function endLeftovers(workDir: string, logger: Logger = silent): number[] {
  return [workDir, ...subfolders(workDir)]
    .filter((folder) => isFolder(join(folder, 'processes')))
    .flatMap((folder) => new ProcessRecords(folder).endLeftovers(logger));
}

function subfolders(folder: string): string[] {
  return isFolder(folder)
    ? readdirSync(folder)
        .map((name) => join(folder, name))
        .filter(isFolder)
    : [];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
