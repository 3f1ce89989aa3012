/* eslint-disable @typescript-eslint/no-require-imports -- a script: an ES module loads slower */
// Loads dist/compose.cjs with what V8 compiled of it in an earlier run. Node's own cache holds code as it is before its first run, so
// that every function would be compiled again: half of the time of a small project.
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { createRequire, getCompileCacheDir } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const file = join(__dirname, '..', 'dist', 'compose.cjs');
const folder = getCompileCacheDir();

/** The cache of this very file; the folder is one for each version of Node. */
function cachePath() {
  if (folder === undefined) return undefined;
  const { dev, ino, size, mtimeMs } = statSync(file);
  return join(folder, `kmd-${dev}-${ino}-${size}-${mtimeMs}`);
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

const path = cachePath();
const cachedData = readCache(path);
const parameters = 'exports, require, module, __filename, __dirname';
const script = new Script(`(function (${parameters}) {${readFileSync(file, 'utf8')}\n})`, {
  filename: file,
  cachedData,
});
const loaded = { exports: {} };
script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, join(file, '..'));
if (path !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
  process.on('exit', () => writeCache(path, script.createCachedData()));
}

module.exports = loaded.exports;
