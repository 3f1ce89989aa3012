import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClusterError } from '../errors.js';

/** Files beside the code: in a package's build, in the bundled command, or built while the code runs from its sources. */
export interface Programs {
  daemon: string;
  executor: string;
  topology: string;
}

/** What images are made of. */
export interface ImageFiles {
  /** Folder of Dockerfiles and scripts. */
  images: string;
  /** Folder of the programs that go into them. */
  programs: string;
  /** Folder of the web UI: its server and its page. */
  ui: string;
}

export function locateImageFiles(base: string = import.meta.url): ImageFiles {
  return {
    images: locate(base, ['../images/bin', '../../images/bin']).replace(/\/bin$/, ''),
    programs: locate(base, ['../programs/km.js', '../../programs/km.js']).replace(/\/km\.js$/, ''),
    ui: dirname(locateUi(base)),
  };
}

export function locatePrograms(base: string = import.meta.url): Programs {
  return {
    daemon: locate(base, ['./daemon.js', '../dist/daemon.js', '../../dist/daemon.js']),
    executor: locate(base, ['../programs/executor.js', '../../programs/executor.js'], '@kmd/km/executor'),
    topology: locate(base, ['../topology/compose.yaml', '../../topology/compose.yaml']),
  };
}

/** The program of the UI addon's pod; the page is beside it. */
export const locateUi = (base: string = import.meta.url): string =>
  locate(base, ['../ui/server.js', '../../ui/server.js'], '@kmd/web-ui/program');

function locate(base: string, candidates: readonly string[], module?: string): string {
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, base)));
  if (module !== undefined) paths.push(...resolveModule(base, module));
  const found = paths.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ClusterError(
    'ToolMissing',
    `${candidates[0]} is not beside ${fileURLToPath(base)}: the installation is incomplete, install kmd again (in its repository: npm ci)`,
  );
}

function resolveModule(base: string, module: string): string[] {
  try {
    return [createRequire(base).resolve(module)];
  } catch {
    return [];
  }
}
