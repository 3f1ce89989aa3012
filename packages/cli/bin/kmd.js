#!/usr/bin/env node
/* eslint-disable @typescript-eslint/no-require-imports -- a script: an ES module loads slower */
// Runs before anything else, on any Node: it must parse where the rest does not.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  process.stderr.write(
    'kmd needs Node 22.19 or newer, this is ' +
      process.version +
      ': install a newer one, or add the npm package "node" to the folder and use npx kmd\n',
  );
  process.exit(1);
}
// Compiled code is kept between runs: a third of the start-up time.
require('node:module').enableCompileCache();

function runAll() {
  return import('../dist/kmd.js');
}

if (process.argv[2] === 'compose') {
  require('./quick.js')
    .runCompose(process.argv.slice(3))
    .then(function (exitCode) {
      if (exitCode === undefined) return runAll();
      // Ends without taking the heap apart.
      if (exitCode === 0) process.exit();
      process.exitCode = exitCode;
    });
} else {
  runAll();
}
