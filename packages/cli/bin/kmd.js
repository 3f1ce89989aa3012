#!/usr/bin/env node
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
import('node:module').then(function (module) {
  // Compiled code is kept between runs: a third of the start-up time.
  module.enableCompileCache();
  return import('../dist/kmd.js');
});
