import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { run } from './command.mjs';

/**
 * What builds a Go module's programs: a folder with a go.mod, how to call Go there, and flags of `go build`.
 * @typedef {{ cwd: string, env: NodeJS.ProcessEnv, flags: string[] }} Source
 */

/** The Go command of this machine; undefined where there is none. */
export function findGo() {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/go/bin', '/usr/lib/go/bin'];
  return folders.map((folder) => join(folder, 'go')).find((file) => existsSync(file));
}

/**
 * A module whose go.mod and go.sum stand in a folder of the repository, so that every dependency has its checksum there: the version of `path` that it
 * requires, a digest that tells it from its earlier states, and how it is built.
 * @param {string} folder
 * @param {string} path
 * @returns {{ version: string, digest: string, source: Source }}
 */
export function checkedModule(folder, path) {
  const text = readFileSync(join(folder, 'go.mod'), 'utf8');
  const version = text.split(/\s+/).find((_, at, words) => words[at - 1] === path);
  if (version === undefined) throw new Error(`${join(folder, 'go.mod')} does not require ${path}`);
  return {
    version,
    digest: createHash('sha256').update(text).digest('hex').slice(0, 8),
    source: {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local' },
      flags: [],
    },
  };
}

/**
 * Where built programs are kept: outside the repository, so that a new clone finds them. KMD_TESTBED_CACHE sets another folder. The name must say all that they
 * are built from.
 * @param {string} name
 */
export const programFolder = (name) =>
  join(
    process.env['KMD_TESTBED_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kmd-testbed'),
    name,
  );

/**
 * Those of these packages whose programs are not in the folder yet.
 * @param {string} folder
 * @param {readonly string[]} packages import paths; a program has the last word of its own
 */
export const notBuilt = (folder, packages) => packages.filter((one) => !existsSync(join(folder, basename(one))));

/**
 * Builds those programs that are not in the folder yet, at low priority. Each appears there only when it is whole.
 * @param {object} options
 * @param {string} options.folder of `programFolder`
 * @param {readonly string[]} options.packages import paths
 * @param {(go: string, scratch: string) => Source | Promise<Source>} options.source
 * @param {string} [options.ldflags]
 * @param {(line: string) => void} [options.onProgress]
 */
export async function buildPrograms({ folder, packages, source, ldflags = '', onProgress = () => undefined }) {
  const missing = notBuilt(folder, packages);
  if (missing.length === 0) return;
  const go = findGo();
  if (go === undefined) throw new Error(`there is no Go to build ${missing.join(' and ')} with`);
  onProgress(`building ${missing.join(' and ')}: this takes a while, once`);
  mkdirSync(folder, { recursive: true });
  // Beside the folder, so that a rename is enough.
  const target = mkdtempSync(`${folder}-new-`);
  const scratch = mkdtempSync(join(tmpdir(), 'kmd-go-source-'));
  try {
    const { cwd, env, flags } = await source(go, scratch);
    const options = ['-p', '2', '-trimpath', ...flags, '-ldflags', `-s -w ${ldflags}`.trim(), '-o', `${target}/`];
    await run('nice', ['-n', '10', go, 'build', ...options, ...missing], { cwd, env });
    for (const name of missing.map((one) => basename(one))) renameSync(join(target, name), join(folder, name));
  } finally {
    rmSync(target, { recursive: true, force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}
