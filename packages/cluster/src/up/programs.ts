import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ClusterError } from '../errors.js';

/** Files beside the code: in a package's build, in the bundled command, or built while the code runs from its sources. */
export interface Programs {
  daemon: string;
  executor: string;
  topology: string;
}

export function locatePrograms(base: string = import.meta.url): Programs {
  return {
    daemon: locate(base, ['./daemon.js', '../dist/daemon.js', '../../dist/daemon.js']),
    executor: locate(base, ['./executor.js', '../dist/executor.js', '../../dist/executor.js']),
    topology: locate(base, ['../topology/compose.yaml', '../../topology/compose.yaml']),
  };
}

function locate(base: string, candidates: readonly string[]): string {
  for (const candidate of candidates) {
    const path = fileURLToPath(new URL(candidate, base));
    if (existsSync(path)) return path;
  }
  throw new ClusterError(
    'ToolMissing',
    `${candidates[0]} is not beside ${fileURLToPath(base)}: the installation is incomplete, install kmd again (in its repository: npm ci)`,
  );
}
