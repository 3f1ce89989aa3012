#!/usr/bin/env node
// Runs before anything else, on any Node: it must parse where the rest does not.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 19)) {
  process.stderr.write(
    'kmd needs Node 22.19 or newer, this is ' +
      process.version +
      ': install a newer Node (https://nodejs.org), or run it by npx in a folder that has the npm package "node"\n',
  );
  process.exit(1);
}
import('../dist/kmd.js');
