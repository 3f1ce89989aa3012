import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { cache, cacheFolder } from './folders.mjs';

const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/**
 * Fetches a package's file and unpacks it beside others in the cache; nothing is installed.
 * @param {string} name
 * @param {{ suite?: string, options?: readonly string[] }} [from]
 */
async function unpack(name, { suite = 'own', options = [] } = {}) {
  const target = join(cacheFolder('packages'), `${name}_${suite}`);
  if (existsSync(target)) return target;
  const folder = mkdtempSync(join(cacheFolder('packages'), '.new-'));
  try {
    await run('apt-get', [...options, 'download', '-qq', name], { cwd: folder, env: quiet });
    const file = readdirSync(folder).find((entry) => entry.endsWith('.deb'));
    if (file === undefined) throw new Error(`apt-get download ${name} left no package behind`);
    await run('dpkg-deb', ['-x', join(folder, file), join(folder, 'tree')]);
    // A folder appears under its name only when it is whole, since it stands for the download from then on.
    renameSync(join(folder, 'tree'), target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return target;
}

/** @type {Promise<unknown> | undefined} */
let updated;

/** Lists of packages, refreshed once in a process: a new machine has none, or old ones. */
function update() {
  updated ??= run('apt-get', ['update', '-qq'], { env: quiet });
  return updated;
}

/**
 * The unpacked tree of one of this Debian's packages.
 * @param {string} name
 * @returns {Promise<string>} a folder
 */
export async function packageTree(name) {
  try {
    return await unpack(name);
  } catch {
    await update();
    return unpack(name);
  }
}

/**
 * Installs what is missing of these packages.
 * @param {readonly string[]} names
 */
export async function install(names) {
  const installArgs = ['install', '-y', '-qq', '--no-install-recommends', ...names];
  try {
    await run('apt-get', installArgs, { env: quiet });
  } catch {
    await update();
    await run('apt-get', installArgs, { env: quiet });
  }
}

/**
 * The unpacked tree of a package of another of Debian's suites, by lists of their own: this machine's stay as they are.
 * @param {string} name
 * @param {string} suite such as `sid`
 */
export async function newerPackageTree(name, suite) {
  const target = join(cache, 'packages', `${name}_${suite}`);
  if (existsSync(target)) return target;
  const folder = cacheFolder(`apt-${suite}`);
  for (const part of ['lists/partial', 'archives/partial']) mkdirSync(join(folder, part), { recursive: true });
  // The same mirror that the machine uses.
  const sites = await run('apt-get', [
    'indextargets',
    '--format',
    '$(SITE) $(SUITE) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  const site = sites
    .split('\n')
    .find((line) => line.endsWith(' main') && !/security/.test(line))
    ?.split(' ')[0];
  if (site === undefined) throw new Error("apt's sources name no mirror of Debian");
  writeFileSync(join(folder, 'sources.list'), `deb ${site} ${suite} main\n`);
  const options = [
    ['Dir::Etc::sourcelist', join(folder, 'sources.list')],
    ['Dir::Etc::sourceparts', '-'],
    ['Dir::State::lists', join(folder, 'lists')],
    ['Dir::Cache', folder],
    ['Acquire::Languages', 'none'],
  ].flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await run('apt-get', [...options, 'update', '-qq'], { env: quiet });
  return unpack(name, { suite, options });
}
