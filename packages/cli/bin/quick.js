/* eslint-disable @typescript-eslint/no-require-imports -- a script: an ES module loads slower */
// Loads the scripts of `kmd compose` with what V8 compiled of them in an earlier run of the same command. Node's own cache holds code as it
// is before its first run, so that every function would be compiled again: half of the time of a small project.
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { createRequire, getCompileCacheDir } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const dist = join(__dirname, '..', 'dist');
const folder = getCompileCacheDir();
const requireFrom = createRequire(join(dist, 'compose.cjs'));
const loaded = new Map();

/** The cache of this very file, by what ran; the folder is one for each version of Node. */
function cachePath(file, use) {
  if (folder === undefined) return undefined;
  const { dev, ino, size, mtimeMs } = statSync(file);
  return join(folder, `kmd-${use}-${dev}-${ino}-${size}-${mtimeMs}`);
}

function readCache(path) {
  try {
    return path === undefined ? undefined : readFileSync(path);
  } catch {
    return undefined;
  }
}

function writeCache(path, data) {
  try {
    writeFileSync(`${path}.${process.pid}`, data, { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // A cache that cannot be written only costs time.
  }
}

/** What a script of dist exports. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const file = join(dist, name);
  const use = commands.find((command) => process.argv.includes(command)) ?? 'other';
  const path = cachePath(file, use);
  const cachedData = readCache(path);
  const script = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData });
  const module = { exports: {} };
  loaded.set(name, module);
  const requireScript = (id) => (id.startsWith('./') ? load(id.slice(2)) : requireFrom(id));
  script.runInThisContext()(module.exports, requireScript, module, file, dist);
  if (path !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
    process.on('exit', () => writeCache(path, script.createCachedData()));
  }
  return module.exports;
}

/** Each runs other functions of the same scripts. */
const commands = ['config', 'up', 'down'];

module.exports = load('compose.cjs');
